"""The list of service phrases: read by who replies, kept by headquarters, counted without quoting (CMP-16)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.actions.phrases import note_phrases
from complaints.models import PhraseHit, ServicePhrase
from complaints.queries.phrases import phrases
from crm.core.db import write

pytestmark = pytest.mark.django_db


def values(**changes):
    """The form of a phrase."""
    return {"text": "您自己看着办", "wordings": "自己看着办", "kinder": "我陪您一起办。", "is_active": "on"} | changes


def test_the_list_says_that_three_are_missing_in_the_source(cast, as_user):
    """CMP-16: seven are given; 8–10 原文缺失, not invented."""
    page = as_user(cast.manager).get(reverse("complaints:phrase_list")).content.decode()
    assert page.count("原文缺失") >= 3
    assert "8–10 原文缺失" in page
    assert "绝对不可能有这种事情发生" in page
    assert as_user(cast.brand_manager).get(reverse("complaints:phrase_list")).status_code == 403


def test_headquarters_fills_a_place_and_adds_one_and_it_is_found_at_once(cast, as_user):
    """CMP-16: admin can add phrases; an older copy is refused; who only reads may not."""
    place = ServicePhrase.objects.get(number=8)
    client = as_user(cast.group_department)
    url = reverse("complaints:phrase_edit", args=[place.pk])
    assert client.post(url, values(version=1)).status_code == 302
    assert client.post(url, values(text="别的", version=1)).status_code == 409
    assert client.post(reverse("complaints:phrase_new"), values(text="没空", wordings="")).status_code == 302
    assert ServicePhrase.objects.get(text="没空").number == 11
    assert client.post(reverse("complaints:phrase_new"), values(wordings="好")).status_code == 400
    assert [phrase.number for phrase in phrases()][-2:] == [8, 11]
    words = as_user(cast.manager).get(reverse("complaints:phrase_words")).json()
    assert words["phrases"][-1]["wordings"] == ["没空"]
    assert as_user(cast.manager).post(url, values()).status_code == 403


def test_what_was_said_is_counted_without_text_and_name(cast, as_user):
    """CMP-16, SKL-7: which phrase, where, when; a supervisor sees the numbers of his unit only."""
    now = timezone.now()
    with write(by=cast.manager):
        said = note_phrases([("reply", "这不可能!我不负责检查网络"), ("note", "已核实")], by=cast.manager, now=now)
    assert said == [[5, 7], []]
    assert list(PhraseHit.unscoped.values_list("place", "unit__code").distinct()) == [("reply", "A")]
    url = reverse("complaints:phrase_figures")
    page = as_user(cast.supervisor).get(url).content.decode()
    assert "城东分公司" in page
    assert cast.manager.name not in page
    assert "城东分公司" not in as_user(cast.stranger_supervisor).get(url).content.decode()
    assert as_user(cast.manager).get(url).status_code == 403
