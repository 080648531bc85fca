"""What lists and searches show somebody is counted over a day, told when it is unusual, and has an end (safety 1.5)."""

from datetime import timedelta

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from crm.core import parameters, row_budget
from crm.core.exports.budget import left_today
from crm.core.housekeeping import housekeeping
from crm.core.models import Notice, RowsShown

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
MAY = 1_000


@pytest.fixture
def narrow(cast):
    """A thousand rows a day and no more."""
    parameters.set_value("rows_a_day", MAY, effective_from=TODAY, by=cast.director, now=NOW)
    parameters.forget()


def shown_to(user):
    return sum(RowsShown.objects.filter(user=user).values_list("rows", flat=True))


def test_the_rows_of_lists_searches_and_api_pages_are_counted(cast, as_user, monkeypatch):
    """SEC-1: a list, a search and a page of the API from the browser are one account; a token is no person."""
    monkeypatch.setattr(row_budget, "STEP", 1)
    manager, seen = as_user(cast.manager), 0
    for address in ("/customers/", "/search/?q=金&partial=1", "/api/v1/customers", "/visits/"):
        page = manager.get(address)
        assert page.status_code == 200, address
        if address.startswith("/api/"):
            seen += len(page.json()["items"])
        else:
            seen += sum(page.text.count(mark.decode()) for mark in row_budget.MARKS)
        assert shown_to(cast.manager) == seen, address
    assert seen > 5
    lines = b"".join(manager.get("/api/v1/customers", headers={"Accept": "application/x-ndjson"})).count(b"\n")
    assert lines and shown_to(cast.manager) == seen + lines
    assert shown_to(cast.supervisor) == 0


def test_rows_are_written_down_two_hundred_at_a_time(cast, django_assert_num_queries):
    """A page costs no statement for it."""
    with django_assert_num_queries(0):
        row_budget.spend(cast.manager, row_budget.STEP - 1, now=NOW)
    assert shown_to(cast.manager) == 0
    row_budget.spend(cast.manager, 1, now=NOW)
    row_budget.spend(cast.manager, 10, now=NOW)
    assert shown_to(cast.manager) == row_budget.STEP
    row_budget.forget()  # another process
    row_budget.spend(cast.manager, row_budget.STEP, now=NOW)
    assert shown_to(cast.manager) == 2 * row_budget.STEP


def test_beyond_the_day_s_rows_lists_are_refused_and_work_goes_on(cast, as_user, narrow):
    """429 with the limit for lists, searches and the API; a customer's page and Today stay open; tomorrow is new."""
    manager = as_user(cast.manager)
    own = next(one for one in cast.customers.values() if one.manager_id == cast.staff["manager"].pk)
    row_budget.spend(cast.manager, MAY, now=NOW)
    for address in ("/customers/", "/visits/", "/search/?q=金", "/api/v1/customers"):
        refused = manager.get(address)
        assert refused.status_code == 429, address
        assert "1000" in refused.text
    assert manager.get("/api/v1/customers", headers={"Accept": "application/x-ndjson"}).status_code == 429
    assert manager.get("/").status_code == 200
    assert manager.get(f"/customers/{own.pk}/").status_code == 200
    assert as_user(cast.supervisor).get("/customers/").status_code == 200
    row_budget.refuse_beyond(cast.manager, now=NOW + timedelta(days=1))
    assert left_today(cast.manager, now=NOW) == 0


def test_what_was_shown_leaves_less_for_files(cast, narrow):
    """One budget over lists, searches and files."""
    row_budget.spend(cast.manager, 400, now=NOW)
    assert left_today(cast.manager, now=NOW) == MAY - 400


def test_five_times_one_s_usual_day_is_told_once(cast):
    """Who approves exports and who looks after the house learn of it; a usual day alarms nobody."""
    RowsShown.objects.bulk_create(
        RowsShown(user=cast.manager, day=TODAY - timedelta(days=day), rows=300) for day in range(1, 8)
    )
    alarms = Notice.objects.filter(kind="rows_alarm")
    row_budget.spend(cast.manager, 1_400, now=NOW)
    assert not alarms.exists()
    row_budget.spend(cast.manager, 200, now=NOW)
    row_budget.spend(cast.manager, 900, now=NOW)
    told = [notice.user for notice in alarms]
    assert cast.supervisor in told and cast.director in told and cast.manager not in told
    assert len(told) == len(set(told)) and alarms.first().params["rows"] == 1_600


def test_only_pages_that_arrived_are_counted():
    page = b'<tr data-record><td></td></tr><tr class="x" data-record></tr><a class="palette-item"></a>'
    assert row_budget.rows_in(HttpResponse(page)) == 3
    assert row_budget.rows_in(HttpResponse(page, status=404)) == 0
    assert row_budget.rows_in(StreamingHttpResponse([page])) == 0


def test_the_night_forgets_days_that_no_usual_day_needs(cast):
    for days in (10, 41):
        RowsShown.objects.create(user=cast.manager, day=TODAY - timedelta(days=days), rows=5)
    housekeeping(today=TODAY, now=NOW)
    assert [row.day for row in RowsShown.objects.all()] == [TODAY - timedelta(days=10)]
