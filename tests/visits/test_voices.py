"""The one capture 客户反映: written once, sent where it belongs, answered (CON-15…18, CUS-20, 21, 34, PLAN-19, 20)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.actions.dispatches import reply_dispatch
from accounts.models import Dispatch, Escalation, Staff
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Notice
from crm.core.scope import Scope
from crm.core.working_days import seed
from tests.workbench.test_log_sheet import toast
from tests.workbench.world import HTMX, sheet_values
from visits.actions.voices import Heard, capture_voice
from visits.models import CustomerVoice, Visit
from visits.queries.voices import key_change_delay
from visits.sweeps import voice_digest

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 18, 10))


@pytest.fixture
def world(cast):
    seed()
    Staff.unscoped.filter(pk=cast.staff["service_centre"].pk).update(unit=cast.units["SC"])
    return cast


def captured(world, *, by="manager", customer="gold", **more):
    heard = Heard(**{"kind": "need", "text": "要一条专线", "source": "customer"} | more)
    return capture_voice(customer_id=world.customers[customer].pk, heard=heard, by=world.users[by], now=NOW)


def test_a_sheet_takes_what_was_said_with_the_visit_and_sends_it_on(world, as_user):
    """CON-18, PLAN-19: kind, topic, proposal, to whom; the row hangs on the visit, the other unit is asked."""
    values = sheet_values(world.customers["gold"], **{
        "heard-kind": "problem", "heard-text": "地下室没信号", "heard-topic": "network", "heard-suggestion": "加微站",
        "heard-to_unit_id": world.units["SC"].pk,
    })  # fmt: skip
    answer = as_user(world.manager).post("/log/", values, headers=HTMX)
    row = CustomerVoice.unscoped.get()
    assert (row.visit, row.kind, row.topic, row.source) == (Visit.unscoped.get(), "problem", "network", "visit")
    dispatch = Dispatch.unscoped.get()
    assert (dispatch.origin_id, dispatch.to_unit, dispatch.text) == (row.pk, world.units["SC"], "地下室没信号\n加微站")
    as_user(world.manager).post(toast(answer)["undo"])
    assert not CustomerVoice.unscoped.exists() and Dispatch.unscoped.get().state == "withdrawn"


def test_words_without_a_kind_are_an_opinion_and_a_kind_without_words_is_nothing(world, as_user):
    client = as_user(world.manager)
    client.post("/log/", sheet_values(world.customers["gold"], **{"heard-text": "套餐贵"}), headers=HTMX)
    client.post("/log/", sheet_values(world.customers["diamond"], **{"heard-kind": "praise"}), headers=HTMX)
    assert list(CustomerVoice.unscoped.values_list("kind", "text")) == [("opinion", "套餐贵")]


def test_a_key_change_names_its_topic_and_reaches_the_supervisor_at_once(world, as_user):
    """CUS-20: five categories; the supervisor is told in the same transaction, the delay is shown."""
    values = sheet_values(world.customers["gold"], **{"heard-kind": "key_change", "heard-text": "换了总经理"})
    refused = as_user(world.manager).post("/log/", values, headers=HTMX)
    assert refused.status_code == 400 and not Visit.unscoped.exists()
    as_user(world.manager).post("/log/", values | {"heard-topic": "leadership"}, headers=HTMX)
    assert Notice.objects.get(user=world.supervisor, kind="key_change").params["text"] == "换了总经理"


def test_the_delay_from_found_to_reported_is_counted_in_working_days(world):
    """F50: found on a Friday, reported on the Wednesday after: three working days later."""
    captured(world, kind="key_change", topic="finance", found_on=date(2026, 11, 13))
    captured(world, kind="key_change", topic="market")
    found = key_change_delay(Scope.ALL, date(2026, 11, 1), date(2026, 11, 30))
    assert (found.working_days, found.changes, found.average) == (3, 2, 1.5)
    assert key_change_delay(Scope.ALL, date(2026, 10, 1), date(2026, 10, 31)).average is None


@time_machine.travel(NOW, tick=False)
def test_the_delay_of_key_changes_stands_by_person_with_its_rows(world, as_user):
    """F50, CUS-20: days to the report on the page of figures; the number opens the key changes of that month."""
    captured(world, kind="key_change", topic="finance", found_on=date(2026, 11, 13), text="换了财务制度")
    captured(world, kind="opinion", text="别的")
    client = as_user(world.supervisor)
    page = client.get(reverse("visits:journal_figures") + "?month=2026-11")
    (row,) = [row for row in page.context["rows"] if "change" in row]
    assert (row["change"].delay.changes, row["change"].delay.average) == (1, 3.0)
    assert [one.text for one in client.get(row["change_url"]).context["rows"]] == ["换了财务制度"]
    assert not client.get(row["change_url"].replace("2026-11", "2026-10")).context["rows"]
    assert client.get(reverse("visits:voice_list") + "?staff=999999").status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"kind": ""}, "kind"),
        ({"kind": "gossip"}, "kind"),
        ({"text": "\u200b"}, "text"),
        ({"kind": "key_change"}, "topic"),
        ({"kind": "key_change", "topic": "network"}, "topic"),
        ({"found_on": date(2026, 11, 19)}, "found_on"),
        ({"reliability": "very"}, "reliability"),
    ],
)
def test_an_entry_that_cannot_be_names_the_field(world, changes, field):
    """CUS-34: source mandatory; CUS-20: one of the five."""
    with pytest.raises(Invalid) as refusal:
        captured(world, **changes)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert not CustomerVoice.unscoped.exists()


def test_only_who_serves_the_customer_writes_it_down(world):
    with pytest.raises(NotFound):
        captured(world, by="stranger")
    with pytest.raises(NotAllowed):
        captured(world, by="auditor")


def test_one_form_on_the_customers_page_is_enough(world, as_user):
    """CUS-21: "need changed" in one form; the reply of the other unit is shown to the manager (PLAN-19)."""
    client, customer = as_user(world.manager), world.customers["gold"]
    assert reverse("visits:voice_new", args=[customer.pk]) in client.get(f"/customers/{customer.pk}/").content.decode()
    answer = client.post(reverse("visits:voice_new", args=[customer.pk]), {
        "kind": "need", "text": "要加十条线", "source": "customer", "to_unit_id": world.units["SC"].pk,
    })  # fmt: skip
    row = CustomerVoice.unscoped.get()
    assert answer.headers["Location"] == reverse("visits:voice_detail", args=[row.pk])
    reply_dispatch(
        dispatch_id=Dispatch.unscoped.get().pk, text="下周开通", solved=True, by=world.service_centre,
        now=timezone.now(),
    )  # fmt: skip
    assert "下周开通" in client.get(reverse("visits:voice_list")).content.decode()
    assert "下周开通" in client.get(answer.headers["Location"]).content.decode()


def test_an_entry_without_a_source_comes_back_with_its_text(world, as_user):
    address = reverse("visits:voice_new", args=[world.customers["gold"].pk])
    answer = as_user(world.manager).post(address, {"kind": "need", "text": "要加线"})
    assert answer.status_code == 400 and "要加线" in answer.content.decode()


def test_an_entry_is_sent_later_and_reported_up_with_a_reason(world, as_user):
    """CMP-24: from the entry's page."""
    row, client = captured(world), as_user(world.manager)
    client.post(reverse("visits:voice_send", args=[row.pk]), {"to_unit": world.units["SC"].pk})
    client.post(reverse("visits:voice_report_up", args=[row.pk]), {"reason": ""})
    assert Dispatch.unscoped.count() == 1 and not Escalation.unscoped.exists()
    client.post(reverse("visits:voice_report_up", args=[row.pk]), {"reason": "超出权限"})
    assert Escalation.unscoped.get().reason == "超出权限"


def test_entries_are_found_by_kind_topic_days_and_words(world, as_user):
    """CON-18: stored, searchable; PLAN-20: the last seven days by category."""
    captured(world, topic="network")
    captured(world, kind="competitor", text="电信报价九十", source="press")
    client, address = as_user(world.supervisor), reverse("visits:voice_list")
    page = client.get(address).content.decode()
    assert "要一条专线" in page and "电信报价九十" in page
    for query, seen in (("kind=competitor", "电信报价九十"), ("topic=network", "要一条专线"), ("q=专线", "要一条专线")):
        page = client.get(f"{address}?{query}").content.decode()
        assert [text for text in ("要一条专线", "电信报价九十") if text in page] == [seen]
    assert "要一条专线" not in client.get(f"{address}?first=2026-11-19&last=2026-11-20").content.decode()
    assert client.get(f"{address}?kind=gossip").status_code == 400
    assert client.get(f"{address}?first=2026-02-30").status_code == 400


def test_the_market_manager_gets_a_digest_on_monday_once(world):
    """PLAN-20: the last seven days' entries of the area."""
    captured(world)
    captured(world, customer="diamond")
    monday = timezone.make_aware(datetime(2026, 11, 23, 0, 30))
    assert voice_digest(today=monday.date() + timedelta(days=1), now=monday + timedelta(days=1)) == 0
    assert voice_digest(today=monday.date(), now=monday) == 2
    assert voice_digest(today=monday.date(), now=monday) == 0
    notice = Notice.objects.get(user=world.market_manager)
    assert (notice.params, notice.url) == ({"count": 2}, "/visits/voices/?first=2026-11-16&last=2026-11-22")
    assert not Notice.objects.filter(user=world.stranger_supervisor).exists()
