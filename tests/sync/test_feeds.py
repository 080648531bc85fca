"""Feeds that have to have arrived: when they are late, who hears of it, what the pages say (sync-api, CUS-10)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import FeedExpectation
from accounts.queries import feeds
from accounts.rules.feeds import Rhythm, late_since
from crm.core.models import Notice
from crm.core.sweeps import run_step
from sync import actions
from sync.actions.entries import note_entry
from sync.models import SyncEntry
from tests.sync.files import load, table

pytestmark = pytest.mark.django_db
PAGE = "/settings/feeds/"
ALIKE = {"kind": {"value": "vip"}, "unit": {"value": "A"}}
DAILY, MONTHLY = Rhythm(time(9)), Rhythm(time(9), month_day=31)


@pytest.fixture(autouse=True)
def fresh():
    """Nothing is remembered from test to test."""
    feeds.forget()
    yield
    feeds.forget()


def at(day, hour=12, minute=0):
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))


def late(rhythm, arrived, now, since=None):
    found = late_since(
        rhythm, arrived_at=arrived, since=since or at(2), now=now, is_working=lambda day: day.weekday() < 5
    )
    return found and (found.day, found.hour)


def test_what_is_due_and_when():
    """Working days: Friday's rows last until Monday 09:00 has passed; the 31st is the last day of a shorter month."""
    friday = at(20, 2)
    assert late(DAILY, friday, at(20, 10)) is None
    assert late(DAILY, friday, at(22, 23)) is None
    assert late(DAILY, friday, at(23, 9)) is None
    assert late(DAILY, friday, at(23, 9, 1)) == (23, 9)
    assert late(DAILY, friday, at(25, 12)) == (23, 9)
    assert late(DAILY, at(21, 20), at(23, 23)) is None  # Saturday's rows are Monday's
    assert late(DAILY, at(23, 14), at(24, 8)) is None  # late, but there
    assert late(DAILY, None, at(2, 20), since=at(2, 10)) is None  # made after nine: from tomorrow on
    assert late(DAILY, None, at(3, 10), since=at(2, 10)) == (3, 9)
    assert late(MONTHLY, None, at(30, 8)) is None
    assert late(MONTHLY, None, at(30, 10)) == (30, 9)
    assert late(MONTHLY, at(30, 3), at(30, 10)) is None


def arrive(now, **counts):
    note_entry(source="billing", kind="usage", counts=counts or {"rows": 2, "created": 2}, now=now)


def expectation(since):
    return FeedExpectation.objects.create(source="billing", kind="usage", expected_by=time(9), since=since)


def watch(now):
    return run_step("watch_feeds", timezone.localdate(now), now)


def test_directors_hear_of_a_silence_once(cast, as_user):
    """Run twice it is once; a new silence is told anew; a call whose rows all failed is no arrival."""
    row = expectation(at(16))
    arrive(at(18, 3))
    arrive(at(19, 3), rows=2, failed=2)
    assert watch(at(18, 12)) and not Notice.objects.filter(kind="feed_late").exists()
    for now in (at(19, 10), at(19, 10, 30), at(20, 10)):
        watch(now)
    assert Notice.objects.filter(kind="feed_late").count() == 1
    notice = Notice.objects.get(kind="feed_late")
    assert (notice.user, notice.params["due"]) == (cast.director, "2026-11-19 09:00")
    row.refresh_from_db()
    assert timezone.localtime(row.late_since).day == 19 and timezone.localtime(row.arrived_at).day == 18
    arrive(at(20, 11))
    watch(at(20, 12))
    row.refresh_from_db()
    assert row.late_since is None
    watch(at(24, 12))
    assert Notice.objects.filter(kind="feed_late").count() == 2


def test_pages_that_rest_on_it_say_how_old_the_data_are(cast, as_user):
    """A banner for those who see the page, on no other one."""
    expectation(at(16))
    arrive(at(18, 3))
    client = as_user(cast.supervisor)
    assert "billing 的数据截至" not in client.get("/churn/").content.decode()
    watch(at(19, 10))
    text = client.get("/churn/").content.decode()
    assert "billing 的数据截至 2026-11-18 03:00" in text
    assert "数据截至" not in client.get("/visits/").content.decode()


def test_headquarters_says_what_is_expected(cast, as_user):
    """Settings: expected, changed, dropped, expected again."""
    client = as_user(cast.director)
    body = {"source": "billing", "kind": "bill", "rhythm": "month_day", "month_day": "5", "expected_by": "10:30"}
    assert client.post(PAGE, body).status_code == 302
    row = FeedExpectation.objects.get()
    assert (row.source, row.kind, row.month_day, row.expected_by, row.is_active) == (
        "billing",
        "bill",
        5,
        time(10, 30),
        True,
    )
    assert client.post(PAGE, body | {"month_day": ""}).status_code == 400
    assert client.post(PAGE, body | {"source": "!"}).status_code == 400
    assert client.post(PAGE, body | {"rhythm": "working_day"}).status_code == 302
    assert FeedExpectation.objects.get().month_day is None
    assert client.post(f"{PAGE}{row.pk}/drop/").status_code == 302
    assert not FeedExpectation.objects.get().is_active and "不再期望" in client.get(PAGE).content.decode()
    assert as_user(cast.manager).get(PAGE).status_code == 403


def test_the_log_of_a_client_shows_calls_and_silent_days(cast, as_user):
    """CUS-10: what came in, by kind and call by call."""
    now = timezone.now()
    owner = actions.create_client(name="erp", unit_id=cast.units["CITY"].pk, by=cast.director, now=now)
    for days in (0, 1, 1, 200):
        note_entry(
            source="erp", kind="bill", counts={"rows": 5, "created": 4, "failed": 1}, client_id=owner.pk,
            now=now - timedelta(days=days), ignored=["tax"], ms=12,
        )  # fmt: skip
    SyncEntry.unscoped.bulk_create(
        SyncEntry(client=owner, source="erp", kind="line", rows=1, updated=1, at=now) for _ in range(60)
    )
    client = as_user(cast.director)
    text = client.get(f"/settings/clients/{owner.pk}/entries/").content.decode()
    assert text.count("data-record") == 50 and "账单" in text
    cursor = text.split("?cursor=")[1].split('"')[0]
    older = client.get(f"/settings/clients/{owner.pk}/entries/?cursor={cursor}").content.decode()
    assert older.count("data-record") == 14 and "tax" in older
    assert client.get("/settings/clients/0/entries/").status_code == 404
    assert as_user(cast.supervisor).get(f"/settings/clients/{owner.pk}/entries/").status_code == 403


def test_a_file_is_an_arrival_too(cast):
    """CUS-10: what a file of the source brings stands in the log, without a client."""
    load(table(["id", "name"], [["1", "甲"], ["2", ""]]), {"external_id": "id", "name": "name", **ALIKE})
    row = SyncEntry.unscoped.get()
    assert (row.client, row.source, row.kind, row.rows, row.created, row.failed) == (
        None,
        "billing",
        "customer",
        2,
        1,
        1,
    )
