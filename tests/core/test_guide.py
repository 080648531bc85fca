"""The guide: texts everybody reads, headquarters writes; tips where they help (SKL-6, CON-12, CON-31, CON-35)."""

import pytest
from django.urls import reverse

from crm.core.models import Article, Change

pytestmark = pytest.mark.django_db


def test_both_phrases_stand_literally_in_the_guide(cast, as_user):
    """SKL-6: the customer's call and the colleague's."""
    client = as_user(cast.manager)
    assert client.get(reverse("core:guide_list")).status_code == 200
    page = client.get(reverse("core:guide_detail", args=["interruption"])).content.decode()
    assert "对不起,有一个客户电话,我接一下。" in page
    assert "对不起,我现在正在为客户服务,等一会儿我打回去好吗?" in page


def test_polite_words_are_reachable_from_the_visit_form(cast, as_user):
    """CON-31: guide page 礼貌用语 reachable from the visit form."""
    client = as_user(cast.manager)
    address = reverse("core:guide_detail", args=["polite_words"])
    assert address in client.get("/log/").content.decode()
    assert "礼貌用语" in client.get(address).content.decode()


def test_the_silent_phone_tip_stands_on_an_important_vips_page(cast, as_user):
    """CON-35: and on nobody else's."""
    vip = cast.customers["gold"]
    address = reverse("workbench:customer", args=[vip.pk])
    tip = reverse("core:guide_detail", args=["silent_phone"])
    client = as_user(cast.manager)
    assert tip not in client.get(address).content.decode()
    vip.is_important = True
    vip.save()
    assert tip in client.get(address).content.decode()


def test_all_hours_are_said_and_logged(cast):
    """CON-12: contact at 02:30 accepted; the note on the 24-hour service stands in the guide."""
    from tests.visits.desk import TODAY, at, sheet
    from visits.actions import log_visit

    night = at(TODAY, "02:30")
    done = log_visit(sheet=sheet(cast.customers["gold"], occurred_at=night), by=cast.manager, now=night)
    assert done.visit_ids
    assert "24小时" in Article.objects.get(code="all_hours").body_zh


def test_headquarters_changes_a_text_and_the_tip_follows(cast, as_user):
    """Headquarters edits articles; the change is logged; a second copy of the form is told (409)."""
    client = as_user(cast.group_department)
    address = reverse("core:guide_edit", args=["polite_words"])
    body = {"area": "phrases", "is_shown": "on", "title_zh": "文明用语", "title_en": "Good words", "tip_zh": "请字当头",
            "tip_en": "Say please", "body_zh": "请", "body_en": "Please", "version": "1"}  # fmt: skip
    assert client.post(address, body).status_code == 302
    assert client.post(address, body).status_code == 409
    assert client.post(address, body | {"version": "2", "title_zh": ""}).status_code == 400
    assert "请字当头" in as_user(cast.manager).get("/log/").content.decode()
    assert Change.objects.filter(tbl="core_article", op="U").exists()
    assert as_user(cast.manager).post(address, body | {"version": "2"}).status_code == 403


def test_a_hidden_text_is_there_for_who_maintains_it_only(cast, as_user):
    Article.objects.filter(code="badge").update(is_shown=False)
    address = reverse("core:guide_detail", args=["badge"])
    assert as_user(cast.manager).get(address).status_code == 404
    assert as_user(cast.director).get(address).status_code == 200
