"""The sheet offers every channel; no hour is refused; what a Saturday's caller wanted is on record."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Standing
from crm.core import working_days
from tests.visits.desk import at, owe, sheet
from tests.visits.ledger_world import customer_of
from tests.workbench.world import HTMX, month, owe_today
from visits.actions import log_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db


def test_the_sheet_offers_every_channel_of_the_list(cast, as_user):
    """CON-5, CON-6: SMS, MMS, phone, visit, reception, letter, e-mail, symposium, activity: all nine in the form."""
    text = as_user(cast.manager).get(f"/log/?customer={cast.customers['gold'].pk}", headers=HTMX).content.decode()
    offered = set(re.findall(r'name="channel" value="(\w+)"', text))
    assert {
        "sms", "mms", "phone", "on_site", "reception", "letter", "email", "symposium", "activity",
    } <= offered  # fmt: skip


def test_a_saturday_call_is_answered_on_record_although_it_is_no_working_day(cast, as_user):
    """ORG-19: Saturday is not a working day in due-date maths; a Saturday inbound call has its answer record."""
    saturday = date(2026, 11, 14)
    assert not working_days.calendar().is_working(saturday)
    log_visit(
        sheet=sheet(
            cast.customers["gold"], direction="inbound", occurred_at=at(saturday, "21:30"), content="套餐咨询",
            result="已答复",
        ),
        by=cast.manager,
        now=at(saturday, "21:40"),
    )  # fmt: skip
    page = as_user(cast.supervisor).get(f"/visits/reception/?on={saturday}").content.decode()
    assert "套餐咨询" in page
    assert "已答复" in page
    assert Visit.unscoped.get().counts


def test_a_group_customer_with_a_cadence_is_in_the_due_list(cast, as_user):
    """CON-40: regular visits for group customers too; due dates by level (CUS-3)."""
    firm = cast.customers["teammates"]
    owe_today(firm)
    client = as_user(cast.teammate)
    assert "江城海尔电器有限公司" in client.get("/").content.decode()
    assert "江城海尔电器有限公司" in client.get("/duties/?state=owed").content.decode()
    assert "江城海尔电器有限公司" in client.get("/customers/?sort=due").content.decode()


def test_an_important_vip_with_only_messages_is_still_to_be_met_in_person(cast, as_user):
    """CON-4: only SMS contacts → face-to-face overdue, as its own flag, on Today and on the list of the owed."""
    gold = customer_of(cast, "gold", is_important=True)
    first, last = month()
    owe(gold, purpose="face_to_face", starts_on=first, due_on=last)
    Standing.unscoped.filter(pk=gold.pk).update(face_to_face_due_on=last)
    now = timezone.now()
    for channel in ("sms", "wechat", "phone"):
        log_visit(sheet=sheet(gold, channel=channel, occurred_at=now - timedelta(minutes=5)), by=cast.manager, now=now)
    client = as_user(cast.manager)
    assert gold.name in client.get("/duties/?state=face_to_face").content.decode()
    assert gold.name in client.get("/customers/?face_to_face=1").content.decode()
    log_visit(sheet=sheet(gold, channel="on_site", occurred_at=now - timedelta(minutes=4)), by=cast.manager, now=now)
    assert gold.name not in client.get("/duties/?state=face_to_face").content.decode()
