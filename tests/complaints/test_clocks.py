"""The three clocks of a case begin, stop, stand still and go on with what happens to it (CMP-2, CON-32)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.actions import clocks
from complaints.models import CaseClock, Category, OrderType, SlaRule
from crm.core.models import Notice
from tests.complaints.clock_world import at, case

MONDAY = at("2026-03-02 11:00")


def clock(row, kind):
    return CaseClock.unscoped.filter(case=row, kind=kind).order_by("-turn").first()


def facts(row):
    """What lists read, from the database."""
    row.refresh_from_db()
    return row.next_due_at, row.is_breached


def test_a_case_begins_with_its_three_clocks_in_the_hours_of_its_rule(cast):
    """CON-32, CMP-2: a service request in office hours, a diamond customer's complaint round the clock."""
    need = case(cast, MONDAY)
    clocks.start_clocks(need, MONDAY + timedelta(minutes=3))
    assert clock(need, "first_reply").due_at == at("2026-03-02 14:30")  # two hours, over lunch
    assert clock(need, "first_reply").warn_at == at("2026-03-02 14:00")
    assert clock(need, "solution").due_at == at("2026-03-09 11:00")  # five working days
    assert facts(need) == (at("2026-03-02 14:30"), False)
    complaint = case(cast, MONDAY, kind="complaint")
    clocks.start_clocks(complaint, MONDAY)
    assert clock(complaint, "first_reply").due_at == at("2026-03-02 13:00")
    assert clock(complaint, "solution").due_at == at("2026-03-03 11:00")
    silver = case(cast, MONDAY, kind="complaint", customer="silver")
    clocks.start_clocks(silver, MONDAY)
    assert clock(silver, "solution").due_at == at("2026-03-04 11:00")
    assert clock(silver, "solution").tier_id == cast.customers["silver"].tier_id


def test_what_cannot_wait_has_the_targets_of_a_major_matter(cast):
    """SAL-18: a lost SIM card before a flight."""
    urgent = case(cast, MONDAY, kind="handling", order_type=OrderType.objects.filter(is_urgent=True).first())
    clocks.start_clocks(urgent, MONDAY)
    assert clock(urgent, "first_reply").due_at == MONDAY + timedelta(minutes=30)
    assert clock(urgent, "update") is None


def test_a_stopped_clock_says_in_time_or_too_late(cast):
    """CON-32: the first-response clock stops on the first entry."""
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    stopped = clocks.stop_clock(row, "first_reply", at("2026-03-02 14:30"))
    assert (stopped.state, stopped.stopped_at) == ("met", at("2026-03-02 14:30"))
    assert facts(row) == (clock(row, "update").due_at, False)
    assert clocks.stop_clock(row, "first_reply", MONDAY) is None
    assert clocks.stop_clock(row, "solution", at("2026-03-09 11:01")).state == "late"
    assert facts(row)[1] is True


def test_every_word_to_the_customer_starts_the_next_update(cast):
    row = case(cast, MONDAY, kind="complaint")
    clocks.start_clocks(row, MONDAY)
    heard = MONDAY + timedelta(hours=5)
    again = clocks.restart_update(row, heard)
    assert (again.turn, again.due_at) == (2, heard + timedelta(days=1))
    turns = CaseClock.unscoped.filter(case=row, kind="update").order_by("turn")
    assert [made.state for made in turns] == ["met", "running"]
    clocks.pause_clocks(row, heard)
    paused = clocks.restart_update(row, heard + timedelta(hours=1))
    assert (paused.state, paused.remaining_seconds, paused.due_at) == ("paused", 86400, None)
    enquiry = case(cast, MONDAY, kind="enquiry")
    clocks.start_clocks(enquiry, MONDAY)
    assert clocks.restart_update(enquiry, heard) is None


def test_a_pause_keeps_the_time_that_was_left(cast):
    """CMP-2: the clock stands still only while the customer is waited for; over a weekend in office time."""
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    clocks.pause_clocks(row, at("2026-03-02 11:30"))
    first = clock(row, "first_reply")
    assert (first.state, first.remaining_seconds, first.due_at) == ("paused", 90 * 60, None)
    assert facts(row) == (None, False)
    clocks.resume_clocks(row, at("2026-03-06 17:00"))
    first = clock(row, "first_reply")
    assert (first.state, first.due_at) == ("running", at("2026-03-09 09:30"))
    assert first.warn_at == at("2026-03-09 09:00")
    assert facts(row) == (at("2026-03-09 09:30"), False)


def test_a_clock_that_is_late_stays_late_through_a_pause(cast):
    """CMP-2: pausing washes nothing clean: it is told first, and what is over stays over."""
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    clocks.pause_clocks(row, at("2026-03-02 15:00"))
    first = clock(row, "first_reply")
    assert (first.remaining_seconds, first.breached_at) == (-30 * 60, at("2026-03-02 15:00"))
    assert Notice.objects.filter(kind="case_late_first_reply").count() == 3
    assert facts(row) == (None, True)
    assert clocks.stop_clock(row, "first_reply", at("2026-03-02 15:10")).state == "late"
    clocks.resume_clocks(row, at("2026-03-02 16:00"))
    assert facts(row)[1] is True


def test_a_round_that_begins_again_has_new_clocks_and_keeps_the_old(cast):
    """CMP-1: a reopened case answers anew; what the first round did stays as it was."""
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    clocks.stop_clock(row, "first_reply", at("2026-03-02 17:00"))
    clocks.void_clocks(row, at("2026-03-02 17:10"))
    assert facts(row) == (None, True)
    assert clock(row, "solution").state == "void"
    row.round = 2
    row.save()
    clocks.start_clocks(row, at("2026-03-10 09:00"))
    assert facts(row) == (at("2026-03-10 11:00"), False)
    assert CaseClock.unscoped.filter(case=row, round=1).count() == 3


def test_a_result_that_did_not_do_gets_a_new_run_and_no_second_first_reply(cast):
    """The customer is not satisfied: the round stays, the solution's clock runs once more; twice asked is once."""
    row = case(cast, MONDAY, kind="complaint")
    clocks.start_clocks(row, MONDAY)
    for kind in ("first_reply", "update", "solution"):
        clocks.stop_clock(row, kind, MONDAY + timedelta(hours=1))
    assert facts(row) == (None, False)
    back = MONDAY + timedelta(hours=2)
    assert {made.kind for made in clocks.start_clocks(row, back)} == {"update", "solution"}
    assert clocks.start_clocks(row, back) == []
    assert (clock(row, "solution").turn, clock(row, "solution").due_at) == (2, back + timedelta(days=1))


def test_an_undone_merge_gives_the_deadlines_back(cast):
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    clocks.stop_clock(row, "first_reply", MONDAY)
    clocks.void_clocks(row, MONDAY + timedelta(minutes=5))
    clocks.revive_clocks(row, MONDAY + timedelta(minutes=9))
    assert clock(row, "first_reply").state == "met"
    assert (clock(row, "solution").state, clock(row, "solution").due_at) == ("running", at("2026-03-09 11:00"))
    assert facts(row)[0] == clock(row, "update").due_at


def test_without_a_target_the_supervisor_is_told(cast):
    """No target set is never silence: the manager's supervisor sees to it himself."""
    SlaRule.objects.filter(kind="need").delete()
    row = case(cast, MONDAY)
    assert clocks.start_clocks(row, MONDAY) == []
    told = Notice.objects.filter(kind="case_no_target")
    assert [notice.user_id for notice in told] == [cast.supervisor.pk]
    assert told[0].params["number"] == row.number


@pytest.mark.parametrize("column", ["category", "level"])
def test_a_more_exact_row_of_the_table_decides(cast, column):
    """CMP-2: time limits by category, tier and level."""
    network = Category.objects.get(code="network")
    value = {"category": network} if column == "category" else {"level": "serious"}
    SlaRule.objects.create(kind="complaint", effective_from="2026-03-01", solution_minutes=60, hours="always", **value)
    row = case(cast, MONDAY, kind="complaint", customer="silver", **value)
    clocks.start_clocks(row, MONDAY)
    assert clock(row, "solution").due_at == MONDAY + timedelta(hours=1)
    assert clock(row, "first_reply") is None
