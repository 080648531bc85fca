"""A visit settles the open duty, at once and either way until the freeze."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Task
from crm import nightly
from tests.visits.ledger_world import LEDGER_STEPS, at, customer_of, duties, sheet, standing, the_duty, visit
from visits import actions
from visits.actions import ledger
from visits.choices import ExcuseState
from visits.models import Duty, Excuse

pytestmark = pytest.mark.django_db

JUNE_1, JUNE_30, JULY_1, JULY_31 = date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31)


@pytest.fixture
def world(cast):
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    return cast


def night(day):
    return nightly.run_night(day, now=at(day, 0, 30), steps=LEDGER_STEPS)


def test_a_visit_settles_the_open_duty(world):
    """CON-1, CON-40: met by the visit, credited to the manager of record, next due one month on."""
    customer = customer_of(world)
    night(JUNE_1)
    done = actions.log_visit(sheet=sheet(customer, on=date(2026, 6, 9)), by=world.manager, now=at(date(2026, 6, 9), 11))
    duty = the_duty(customer)
    assert [row.duty_id for row in done.settled] == [duty.pk]
    assert (duty.state, duty.met_by_id, duty.met_on) == ("met", done.visit_ids[0], date(2026, 6, 9))
    assert duty.manager == world.staff["manager"]
    shown = standing(customer)
    assert (shown.last_visit_on, shown.next_due_on, shown.duty_state) == (date(2026, 6, 9), JULY_31, "met")
    assert shown.suggested_on == date(9999, 12, 31)


def test_a_call_without_an_answer_settles_nothing(world):
    """CON-8: "No answer" call does not move next_due."""
    customer = customer_of(world)
    night(JUNE_1)
    before = standing(customer)
    row = sheet(customer, on=date(2026, 6, 9), outcome="no_answer")
    assert actions.log_visit(sheet=row, by=world.manager, now=at(date(2026, 6, 9), 11)).settled == []
    assert the_duty(customer).state == "open"
    after = standing(customer)
    assert (after.next_due_on, after.last_visit_on) == (before.next_due_on, None)


def test_a_visit_of_last_evening_entered_next_morning_takes_the_provisional_miss_back(world):
    """Issue 2: the duty of last month is met; CON-34: made on the 30th, logged on the 1st."""
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    june, july = duties(customer)
    assert (june.state, july.state, standing(customer).is_overdue) == ("provisional", "open", True)
    row = sheet(customer, on=JUNE_30, hour=20)
    done = actions.log_visit(sheet=row, by=world.manager, now=at(JULY_1, 9))
    june, july = duties(customer)
    assert [row.duty_id for row in done.settled] == [june.pk]
    assert (june.state, june.met_on, july.state) == ("met", JUNE_30, "open")
    shown = standing(customer)
    assert (shown.is_overdue, shown.duty_state, shown.next_due_on) == (False, "open", JULY_31)


def test_a_visit_of_today_meets_today_s_period_and_last_month_stays_missed(world):
    """Decisions 1: overdue ends with the valid visit; design 4: two rows, one missed, one met."""
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    actions.log_visit(sheet=sheet(customer, on=date(2026, 7, 2)), by=world.manager, now=at(date(2026, 7, 2), 11))
    assert [row.state for row in duties(customer)] == ["provisional", "met"]
    assert not standing(customer).is_overdue


def test_the_earliest_visit_wins_even_when_it_is_entered_later(world):
    """Decisions 2."""
    customer = customer_of(world)
    night(JUNE_1)
    late = actions.log_visit(sheet=sheet(customer, on=date(2026, 6, 9)), by=world.manager, now=at(date(2026, 6, 9), 11))
    early = actions.log_visit(
        sheet=sheet(customer, on=date(2026, 6, 8)), by=world.manager, now=at(date(2026, 6, 9), 12)
    )
    duty = the_duty(customer)
    assert duty.met_by_id == early.visit_ids[0] != late.visit_ids[0]
    assert duty.met_on == date(2026, 6, 8)
    assert standing(customer).last_visit_on == date(2026, 6, 9)


def test_undoing_a_visit_takes_the_met_duty_back(world):
    """Decisions 2: either way."""
    customer = customer_of(world)
    night(JUNE_1)
    before = standing(customer)
    done = actions.log_visit(sheet=sheet(customer, on=date(2026, 6, 9)), by=world.manager, now=at(date(2026, 6, 9), 11))
    actions.undo_visit(visit_id=done.visit_ids[0], by=world.manager, now=at(date(2026, 6, 9), 11, 1))
    duty = the_duty(customer)
    assert (duty.state, duty.met_by_id, duty.met_on, duty.closed_at) == ("open", None, None, None)
    after = standing(customer)
    assert (after.duty_state, after.next_due_on, after.last_visit_on, after.suggested_on) == (
        "open", before.next_due_on, None, before.suggested_on,
    )  # fmt: skip


def test_undoing_falls_back_to_the_next_valid_visit(world):
    """Decisions 2: recomputed from the period's valid visits."""
    customer = customer_of(world)
    night(JUNE_1)
    first = visit(customer, date(2026, 6, 3), cast=world)
    second = visit(customer, date(2026, 6, 5), cast=world)
    ledger.settle([first, second], today=date(2026, 6, 5), now=at(date(2026, 6, 5)))
    assert the_duty(customer).met_by_id == first.pk
    first.counts, first.undone_at = False, at(date(2026, 6, 5), 12)
    first.save()
    ledger.recompute([customer.pk], today=date(2026, 6, 5), now=at(date(2026, 6, 5), 12))
    assert the_duty(customer).met_by_id == second.pk


def test_the_credit_of_a_visit_is_the_manager_of_its_day(world):
    """Decisions 6: met → manager of record on the visit's day, whoever made it."""
    customer = customer_of(world)
    night(JUNE_1)
    row = visit(customer, date(2026, 6, 3), cast=world, by="teammate", manager="manager")
    ledger.settle([row], today=date(2026, 6, 3), now=at(date(2026, 6, 3)))
    assert the_duty(customer).manager == world.staff["manager"]


def test_an_important_vip_with_only_calls_is_face_to_face_overdue(world):
    """CON-4: separate duty, separate flag; an on-site visit settles both."""
    customer = customer_of(world, "diamond", is_important=True, important_at=at(date(2025, 1, 1)))
    night(date(2026, 4, 1))
    call = visit(customer, date(2026, 4, 8), cast=world)
    ledger.settle([call], today=date(2026, 4, 8), now=at(date(2026, 4, 8)))
    assert {row.purpose: row.state for row in duties(customer)} == {"contact": "met", "face_to_face": "open"}
    for day in (date(2026, 5, 1), date(2026, 6, 1), JULY_1):
        night(day)
    shown = standing(customer)
    assert shown.face_to_face_due_on == date(2026, 6, 30) < JULY_1
    seen = visit(customer, date(2026, 7, 2), cast=world, channel="on_site")
    ledger.settle([seen], today=date(2026, 7, 2), now=at(date(2026, 7, 2)))
    states = {(row.purpose, row.due_on): row.state for row in duties(customer, due_on__gte=JULY_1)}
    assert states == {("contact", JULY_31): "met", ("face_to_face", date(2026, 9, 30)): "met"}
    assert standing(customer).face_to_face_due_on == date(2026, 12, 31)


def test_one_visit_settles_the_rows_of_several_customers(world):
    """Screens 2: one sheet for several customers met together."""
    customers = [customer_of(world) for _ in range(3)]
    night(JUNE_1)
    row = sheet(*customers, on=date(2026, 6, 9))
    done = actions.log_visit(sheet=row, by=world.manager, now=at(date(2026, 6, 9), 11))
    assert len(done.settled) == 3
    assert {the_duty(customer).state for customer in customers} == {"met"}


def test_a_granted_excuse_leaves_the_row_out_and_a_contact_still_beats_it(world):
    """Design 4: excused only by a supervisor's decision; decisions 2: recomputed either way."""
    customer = customer_of(world)
    night(JUNE_1)
    duty = the_duty(customer)
    Excuse.unscoped.create(
        duty=duty, kind="unreachable", state=ExcuseState.GRANTED, requested_by=world.manager,
        requested_at=at(date(2026, 6, 20)),
    )  # fmt: skip
    ledger.recompute([customer.pk], today=date(2026, 6, 21), now=at(date(2026, 6, 21)))
    assert the_duty(customer).state == "excused"
    night(JULY_1)
    assert [row.state for row in duties(customer)] == ["excused", "open"]
    assert not standing(customer).is_overdue
    late = visit(customer, JUNE_30, cast=world)
    ledger.settle([late], today=JULY_1, now=at(JULY_1, 9))
    assert [row.state for row in duties(customer)] == ["met", "open"]


def test_the_first_valid_visit_closes_introduction_and_call_back(world):
    """CON-37: by whom and when is kept; other tasks stay."""
    customer = customer_of(world)
    night(JUNE_1)
    for kind in ("introduction", "call_back", "follow_up"):
        Task.unscoped.create(
            kind=kind, customer=customer, staff=world.staff["manager"], due_on=JUNE_30, created_at=at(JUNE_1)
        )
    row = sheet(customer, on=date(2026, 6, 9), outcome="no_answer")
    actions.log_visit(sheet=row, by=world.manager, now=at(date(2026, 6, 9), 11))
    assert Task.unscoped.filter(state="open").count() == 3
    actions.log_visit(sheet=sheet(customer, on=date(2026, 6, 9)), by=world.manager, now=at(date(2026, 6, 9), 12))
    assert list(Task.unscoped.filter(state="open").values_list("kind", flat=True)) == ["follow_up"]
    assert Task.unscoped.filter(state="done", closed_by=world.manager).count() == 2


def test_settling_takes_the_same_few_statements_for_one_customer_and_for_thirty(world):
    """The measure of issue 2: log_visit is a handful of statements."""
    customers = [customer_of(world) for _ in range(30)]
    night(JUNE_1)
    counts = []
    for batch in (customers[:1], customers[1:]):
        rows = [visit(customer, date(2026, 6, 9), cast=world) for customer in batch]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            settled = ledger.settle(rows, today=date(2026, 6, 9), now=at(date(2026, 6, 9)))
        assert len(settled) == len(batch)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
    nothing = visit(customers[0], date(2026, 6, 10), cast=world, counts=False)
    with CaptureQueriesContext(connection) as queries:
        ledger.settle([nothing], today=date(2026, 6, 10), now=at(date(2026, 6, 10)))
    assert len(queries) == 0


def test_after_the_freeze_a_late_visit_changes_nothing(world):
    """Decisions 2 and 3: a frozen row never changes."""
    customer = customer_of(world)
    night(JUNE_1)
    night(JULY_1)
    nightly.run_night(date(2026, 7, 7), now=at(date(2026, 7, 7), 5, 5), steps=["freeze_months"])
    june = duties(customer)[0]
    assert (june.state, june.frozen_at) == ("missed", at(date(2026, 7, 7), 5, 5))
    imported = visit(customer, date(2026, 6, 15), cast=world, logged_from="import", source="prm", external_id="1")
    assert ledger.settle([imported], today=date(2026, 7, 8), now=at(date(2026, 7, 8))) == []
    ledger.recompute([customer.pk], today=date(2026, 7, 8), now=at(date(2026, 7, 8)))
    assert duties(customer)[0].state == "missed"


def test_visits_before_the_night_opened_the_period_are_found_when_it_does(world):
    """Decisions 8: nights may be late; what happened in the meantime counts."""
    customer = customer_of(world)
    night(JUNE_1)
    early = visit(customer, date(2026, 7, 2), cast=world)
    ledger.settle([early], today=date(2026, 7, 2), now=at(date(2026, 7, 2)))
    assert Duty.unscoped.filter(customer=customer).count() == 1
    for day in range(1, 4):
        nightly.run_night(date(2026, 7, day), now=at(date(2026, 7, 3), 0, 30), steps=LEDGER_STEPS)
    june, july = duties(customer)
    assert (june.state, july.state, july.met_by_id) == ("provisional", "met", early.pk)
    assert standing(customer).duty_state == "met"


def test_a_visit_before_go_live_is_shown_and_is_no_credit(world):
    """Decisions 7: imported visits have no back-dating limit and give no credit before the unit's go-live."""
    world.units["A"].live_from = date(2026, 6, 10)
    world.units["A"].save()
    customer = customer_of(world)
    before = visit(customer, date(2026, 6, 5), cast=world, logged_from="import", source="prm", external_id="7")
    night(date(2026, 6, 9))
    assert duties(customer) == []
    night(date(2026, 6, 10))
    ledger.settle([before], today=date(2026, 6, 10), now=at(date(2026, 6, 10)))
    duty = the_duty(customer)
    assert (duty.state, duty.owed_from, duty.starts_on) == ("open", date(2026, 6, 10), JUNE_1)
    assert standing(customer).last_visit_on == date(2026, 6, 5)
    assert duty.suggested_on >= date(2026, 6, 10) + timedelta(days=1)
