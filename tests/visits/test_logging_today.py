"""What Today and Team read: one row per customer with every reason, the ring, the team's figures."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Cover, Customer, Leave, PersonProfile, Standing, Task
from crm.core.parameters import set_value
from crm.core.prepared import run
from crm.core.scope import Scope
from tests.visits.desk import NOW, TODAY, owe, sheet
from visits.actions import log_visit, request_excuse
from visits.queries import (
    duties_of,
    recent_misses,
    ring,
    suggested_occasions,
    team_rows,
    timeline,
    today_rows,
)
from visits.queries.occasions import OccasionFacts, suggest_occasions

pytestmark = pytest.mark.django_db


def task(cast, customer, kind, due_on=TODAY, **more):
    return Task.unscoped.create(
        customer=cast.customers[customer], kind=kind, due_on=due_on, staff=cast.staff["manager"], created_at=NOW, **more
    )


def overdue(cast, customer):
    Standing.unscoped.filter(customer=cast.customers[customer]).update(is_overdue=True, duty_state="overdue")


@pytest.fixture
def mine(cast):
    """The manager's own customers."""
    return (cast.staff["manager"].pk,)


def test_one_row_per_customer_with_all_its_reasons(cast, mine):
    """Screens 1: a customer stands once, its reasons as chips, the most urgent first."""
    gold = cast.customers["gold"]
    duty = owe(gold, suggested_on=TODAY, due_on=date(2026, 11, 30))
    promised = task(cast, "gold", "follow_up", title="回电")
    call = task(cast, "gold", "call_back", due_on=TODAY - timedelta(days=1))
    (row,) = today_rows(mine, TODAY)
    assert (row.customer_id, row.group, row.duty_id) == (gold.pk, "clock", duty.pk)
    assert [(reason.kind, reason.task_id, reason.duty_id) for reason in row.reasons] == [
        ("call_back", call.pk, None),
        ("follow_up", promised.pk, None),
        ("suggested", None, duty.pk),
    ]


def test_the_order_is_clock_promised_overdue_suggested(cast, mine):
    """Screens 1: clock in hours → promised for today → overdue → suggested for today."""
    owe(cast.customers["silver"], suggested_on=TODAY)
    overdue(cast, "gold")
    task(cast, "diamond", "follow_up")
    assert [(row.name, row.group) for row in today_rows(mine, TODAY)] == [
        ("钱多多", "promised"),
        ("金满堂", "overdue"),
        ("银小满", "suggested"),
    ]


def test_what_is_for_later_is_not_on_today(cast, mine):
    """Design 4: the suggestion gives the pace."""
    owe(cast.customers["gold"], suggested_on=TODAY + timedelta(days=1))
    task(cast, "silver", "follow_up", due_on=TODAY + timedelta(days=1))
    task(cast, "diamond", "follow_up", state="done")
    assert today_rows(mine, TODAY) == []


def test_near_its_due_day_a_suggestion_is_at_risk(cast, mine):
    """CON-1: due soon within 7 days."""
    owe(cast.customers["gold"], suggested_on=TODAY, due_on=TODAY + timedelta(days=7))
    owe(cast.customers["silver"], suggested_on=TODAY, due_on=TODAY + timedelta(days=8))
    assert [row.reasons[0].kind for row in today_rows(mine, TODAY)] == ["at_risk", "suggested"]


def test_a_provisional_miss_can_still_be_back_dated(cast, mine):
    """Decisions 1: amber, as long as a back-dated visit takes it back."""
    owe(cast.customers["gold"], due_on=TODAY - timedelta(days=2), starts_on=date(2026, 10, 1), state="provisional")
    owe(cast.customers["silver"], due_on=TODAY - timedelta(days=4), starts_on=date(2026, 10, 1), state="provisional")
    (row,) = today_rows(mine, TODAY)
    assert (row.name, row.reasons[0].kind) == ("金满堂", "provisional")


def test_an_introduction_is_one_chip(cast, mine):
    """CON-37: the task and its duty are the same thing."""
    owe(cast.customers["gold"], suggested_on=TODAY, is_introduction=True)
    task(cast, "gold", "introduction")
    (row,) = today_rows(mine, TODAY)
    assert [reason.kind for reason in row.reasons] == ["introduction"]


def test_a_row_carries_what_to_know_before_the_call(cast, mine):
    """CON-14: preferred time, place and channel beside the item; CON-9: what to talk about."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(
        preferred_channel="wechat", preferred_time="下午", district="城东", sim_kind="ordinary"
    )
    PersonProfile.unscoped.create(customer=cast.customers["gold"], birthday=date(1980, 11, 20))
    owe(cast.customers["gold"], suggested_on=TODAY)
    (row,) = today_rows(mine, TODAY)
    assert (row.preferred_channel, row.preferred_time, row.district, row.has_phone) == ("wechat", "下午", "城东", True)
    assert row.occasions[:2] == ("care", "sim")


def test_a_customer_handed_over_is_no_longer_mine(cast, mine):
    """Decisions 12: access follows today's assignment."""
    task(cast, "gold", "follow_up")
    Standing.unscoped.filter(customer=cast.customers["gold"]).update(manager_id=cast.staff["teammate"].pk)
    assert today_rows(mine, TODAY) == []


def test_today_takes_two_statements_at_3_rows_and_30(cast, mine):
    """Issue 2, section 8: the same at 3 rows and 30."""
    for customer in ("diamond", "gold", "silver"):
        owe(cast.customers[customer], suggested_on=TODAY)
    for _index in range(27):
        task(cast, "gold", "follow_up")
    today_rows(mine, TODAY)  # the parameters are read once a process
    with CaptureQueriesContext(connection) as asked:
        assert len(today_rows(mine, TODAY)) == 3
    assert len(asked) == 2


def test_the_ring_counts_the_contact_duties_of_the_month(cast, mine):
    """Screens 1: met and owed this month; excused ones in neither number (decisions 6)."""
    owe(cast.customers["gold"], state="met")
    owe(cast.customers["diamond"], due_on=TODAY + timedelta(days=3))
    owe(cast.customers["silver"], starts_on=date(2026, 10, 1), due_on=date(2026, 12, 31))
    owe(cast.customers["silver"], starts_on=date(2026, 9, 1), due_on=date(2026, 11, 30), state="excused")
    overdue(cast, "diamond")
    figures = ring(mine, TODAY)
    assert (figures.met, figures.owed, figures.left, figures.at_risk, figures.overdue) == (1, 2, 1, 1, 1)


def test_the_capacity_leaves_leave_out(cast, mine):
    """Decisions 11: eight slots a working day minus leave."""
    figures = ring(mine, TODAY)
    assert (figures.working_days_left, figures.slots_left, figures.fits) == (9, 72, True)
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=TODAY, ends_on=date(2026, 12, 5))
    owe(cast.customers["gold"])
    figures = ring(mine, TODAY)
    assert (figures.slots_left, figures.fits) == (0, False)


def test_final_misses_are_listed_small_and_without_name_once_gone(cast, mine):
    """Decisions 6: a row credited to me that I may no longer see is listed without name and counts."""
    owe(cast.customers["gold"], starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), state="missed")
    owe(
        cast.customers["teammates"],
        starts_on=date(2026, 10, 1),
        due_on=date(2026, 10, 31),
        state="missed",
        manager_id=cast.staff["manager"].pk,
    )
    assert [(miss.name, miss.customer_id) for miss in recent_misses(mine, TODAY)] == [
        ("金满堂", cast.customers["gold"].pk),
        ("", None),
    ]


# --- Team


def test_team_has_one_row_per_manager_those_behind_first(cast):
    """Screens 1b: owed, met, at risk, overdue, last logged, capacity, what waits."""
    owe(cast.customers["gold"], state="met")
    duty = owe(cast.customers["diamond"], due_on=TODAY + timedelta(days=3))
    overdue(cast, "teammates")
    request_excuse(duty_id=duty.pk, kind="no_contact", text="x", by=cast.manager, now=NOW)
    log_visit(sheet=sheet(cast.customers["silver"]), by=cast.manager, now=NOW)
    first, second = team_rows(cast.supervisor.access.scope_for("view_team"), TODAY)
    assert (first.name, first.overdue, first.customers) == ("周宁", 1, 2)
    assert (second.name, second.owed, second.met, second.at_risk, second.excuses) == ("林晓", 2, 1, 1, 1)
    assert (second.last_logged_at, second.slots_left, second.fits) == (NOW, 72, True)


def test_team_shows_leave_and_cover(cast):
    """Screens 1b: capacity and leave; who covers whom."""
    Leave.unscoped.create(staff=cast.staff["manager"], starts_on=TODAY, ends_on=TODAY + timedelta(days=2))
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=TODAY,
        ends_on=TODAY + timedelta(days=2), arranged_by=cast.supervisor, arranged_at=NOW,
    )  # fmt: skip
    rows = {row.name: row for row in team_rows(Scope(unit_ids=(cast.units["A"].pk,)), TODAY)}
    assert (rows["林晓"].away_until, rows["林晓"].covered_by.name) == (TODAY + timedelta(days=2), "周宁")
    assert rows["林晓"].slots_left == 48
    assert [mark.name for mark in rows["周宁"].covers] == ["林晓"]


def test_team_is_only_the_own_units(cast):
    """SEC-3."""
    assert [row.name for row in team_rows(cast.stranger_supervisor.access.scope_for("view_team"), TODAY)] == ["吴桐"]
    assert team_rows(Scope.NOTHING, TODAY) == []
    assert {row.name for row in team_rows(Scope.ALL, TODAY)} == {"林晓", "周宁", "吴桐"}


# --- Customer page


def test_the_timeline_goes_back_by_key(cast):
    """Screens 3: newest first; more by key; undone ones left out."""
    for index in range(5):
        log_visit(
            sheet=sheet(cast.customers["gold"], occurred_at=NOW - timedelta(hours=index)), by=cast.manager, now=NOW
        )
    scope = cast.manager.access.scope
    first = timeline(scope, cast.customers["gold"].pk, limit=3)
    rest = timeline(scope, cast.customers["gold"].pk, before=first.next_cursor, limit=3)
    times = [row.occurred_at for row in (*first.rows, *rest.rows)]
    assert len(times) == 5
    assert times == sorted(times, reverse=True)
    assert rest.next_cursor is None
    assert timeline(cast.stranger.access.scope, cast.customers["gold"].pk).rows == []


def test_duties_show_the_highest_revision(cast):
    """Decisions 2: lists read the highest revision."""
    owe(cast.customers["gold"], starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), state="missed", frozen_at=NOW)
    owe(
        cast.customers["gold"], starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), state="met", revision=2,
        frozen_at=NOW, correction_reason="回访确认",
    )  # fmt: skip
    owe(cast.customers["gold"])
    current, corrected = duties_of(cast.manager.access.scope, cast.customers["gold"].pk)
    assert (corrected.state, corrected.revision, corrected.can_be_excused) == ("met", 2, False)
    assert (current.state, current.can_be_excused) == ("open", True)
    assert duties_of(cast.stranger.access.scope, cast.customers["gold"].pk) == []


def test_occasions_are_suggested(cast):
    """CON-9: the system suggests occasions; marketing never to who wants none."""
    scope, gold = cast.manager.access.scope, cast.customers["gold"]
    assert "promotion" in suggested_occasions(scope, gold.pk, TODAY)
    Customer.unscoped.filter(pk=gold.pk).update(no_marketing=True, sim_kind="ordinary")
    task(cast, "gold", "call_back")
    assert suggested_occasions(scope, gold.pk, TODAY) == ("enquiry", "sim", "care")
    assert suggested_occasions(cast.stranger.access.scope, gold.pk, TODAY) == ()


def test_how_near_a_birthday_and_how_long_a_silence_are_settings(cast):
    """PLT-10, CON-9: two of our numbers, changed from today on."""
    facts = OccasionFacts(birthday=TODAY + timedelta(days=20), last_visit_on=TODAY - timedelta(days=30))
    for key, days in (("birthday_days", 20), ("silence_days", 29)):
        assert "care" not in suggest_occasions(facts, TODAY)
        set_value(key, days, effective_from=TODAY, by=None, now=NOW)
        assert "care" in suggest_occasions(facts, TODAY)
        set_value(key, 7 if key == "birthday_days" else 60, effective_from=TODAY, by=None, now=NOW)


def test_a_prepared_statement_answers_like_a_plain_one(cast):
    """Mechanisms, finding 5: planned once per connection, with positions or names, again and again."""
    for _time in range(7):
        with connection.cursor() as cursor:
            run(cursor, "SELECT %s + %s, '100%%'", [1, 2], ("integer", "integer"))
            assert cursor.fetchone() == (3, "100%")
            run(
                cursor,
                "SELECT %(a)s || %(b)s || %(a)s, count(*) FROM accounts_unit WHERE id = ANY(%(ids)s)",
                {"b": "y", "a": "x", "ids": [cast.units["A"].pk], "unused": 1},
                {"a": "text", "b": "text", "ids": "bigint[]"},
            )
            assert cursor.fetchone() == ("xyx", 1)
