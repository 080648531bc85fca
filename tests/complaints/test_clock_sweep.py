"""The minute's sweep: it warns, marks late, reports up, ends appointments; twice is the same as once (CMP-2)."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Cover, Escalation, EscalationStep, Standing
from complaints.actions import clocks
from complaints.actions.late_clocks import TOLD_ONE_BY_ONE
from complaints.models import CaseClock, CaseEntry, CasePause
from crm.core.models import Notice
from crm.core.sweeps import run_often, run_step
from tests.complaints.clock_world import at, case

MONDAY = at("2026-03-02 11:00")
SWEEP = "case_clocks"


@pytest.fixture
def complaint(cast):
    """A diamond customer's complaint of Monday, 11:00: first reply 13:00, solution Tuesday 11:00."""
    row = case(cast, MONDAY, kind="complaint")
    clocks.start_clocks(row, MONDAY)
    return row


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def test_a_clock_warns_once_before_it_is_late(cast, complaint):
    """CMP-2: near-due is flagged: a quarter of the time before the end, to the owner and the manager."""
    assert run_often(SWEEP, at("2026-03-02 12:29")) == 0
    assert run_often(SWEEP, at("2026-03-02 12:30")) == 1
    assert run_often(SWEEP, at("2026-03-02 12:31")) == 0
    assert told("case_warns_first_reply") == ["H1001", "M1001"]
    assert not Notice.objects.filter(kind__startswith="case_late").exists()


def test_a_late_complaint_turns_red_and_is_reported_up_in_the_minute_it_is_due(cast, complaint):
    """CMP-2: red and escalated at the minute due; owner, manager and supervisor are told, each once."""
    assert run_often(SWEEP, at("2026-03-02 12:59")) == 1  # the warning
    assert run_often(SWEEP, at("2026-03-02 13:00")) == 1
    complaint.refresh_from_db()
    assert complaint.is_breached
    assert told("case_late_first_reply") == ["H1001", "M1001", "S1001"]
    (step,) = EscalationStep.unscoped.filter(escalation__origin_table="complaints_case")
    assert (step.level, step.staff_id, step.escalation.origin_id) == (1, cast.staff["supervisor"].pk, complaint.pk)
    assert run_often(SWEEP, at("2026-03-02 13:01")) == 0
    assert Escalation.unscoped.count() == 1


def test_what_is_up_already_is_not_reported_again_while_it_is_open(cast, complaint):
    """CMP-24: the second clock that runs out finds the matter with level 1; settled before, it goes up anew."""
    run_often(SWEEP, at("2026-03-02 13:00"))
    run_often(SWEEP, at("2026-03-03 11:00"))
    assert Escalation.unscoped.count() == 1
    assert CaseClock.unscoped.filter(case=complaint, breached_at=None).count() == 0
    Escalation.unscoped.update(state="closed", closed_by=cast.supervisor, closed_at=timezone.now())
    CaseClock.unscoped.filter(case=complaint, kind="solution").update(breached_at=None)
    run_often(SWEEP, at("2026-03-03 11:05"))
    assert Escalation.unscoped.count() == 2


def test_other_kinds_are_late_without_being_reported_up(cast):
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    assert run_often(SWEEP, at("2026-03-02 14:30")) == 1
    assert told("case_late_first_reply") == ["H1001", "M1001", "S1001"]
    assert not Escalation.unscoped.exists()


def test_who_covers_is_told_too_and_without_anybody_the_directors_are(cast):
    """A manager on leave: his cover hears the clock; a case nobody answers for is the director's."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on="2026-03-01",
        ends_on="2026-03-31", arranged_by=cast.supervisor, arranged_at=MONDAY,
    )  # fmt: skip
    row = case(cast, MONDAY)
    clocks.start_clocks(row, MONDAY)
    run_often(SWEEP, at("2026-03-02 14:30"))
    assert told("case_late_first_reply") == ["H1001", "M1001", "M1002", "S1001"]
    nobodys = case(cast, MONDAY, customer="ordinary", owner=None)
    clocks.start_clocks(nobodys, MONDAY)
    run_often(SWEEP, at("2026-03-02 14:30"))
    assert Notice.objects.filter(subject_id=nobodys.pk, user=cast.director).count() == 1


def test_many_at_once_are_told_as_a_number(cast):
    """After an outage nobody gets a hundred notices for one minute."""
    for _each in range(TOLD_ONE_BY_ONE + 1):
        clocks.start_clocks(case(cast, MONDAY), MONDAY)
    assert run_often(SWEEP, at("2026-03-02 14:30")) == TOLD_ONE_BY_ONE + 1
    assert told("case_late_many") == ["H1001", "M1001", "S1001"]
    assert Notice.objects.filter(kind="case_late_many")[0].params == {"n": TOLD_ONE_BY_ONE + 1}
    assert not Notice.objects.filter(kind="case_late_first_reply").exists()


def test_an_agreed_time_ends_the_pause_by_itself(cast, complaint):
    """CMP-2: pauses only in named states; an appointment ends at its moment, and the clocks run on."""
    clocks.pause_clocks(complaint, at("2026-03-02 12:00"))
    complaint.state = "appointed"
    complaint.save()
    CasePause.unscoped.create(
        case=complaint, state="appointed", reason="周三上门", until_at=at("2026-03-04 09:00"),
        began_at=at("2026-03-02 12:00"), began_by=cast.handler,
    )  # fmt: skip
    assert run_often(SWEEP, at("2026-03-04 08:59")) == 0
    assert run_often(SWEEP, at("2026-03-04 09:00")) == 1
    complaint.refresh_from_db()
    assert (complaint.state, complaint.next_due_at) == ("handling", at("2026-03-04 10:00"))
    assert CasePause.unscoped.get().ended_at == at("2026-03-04 09:00")
    assert CaseEntry.unscoped.get(case=complaint, code="resumed").by is None
    assert told("appointment_over") == ["H1001", "M1001"]
    assert run_often(SWEEP, at("2026-03-04 09:01")) == 0


def test_the_sweep_agrees_with_the_rule_for_every_minute_of_drawn_cases(cast):
    """Parity: a running clock is late exactly when its deadline has come, warned when its warning has."""
    draw = random.Random(7)
    kinds, people = ["need", "complaint", "enquiry", "handling"], ["diamond", "gold", "silver"]
    for turn in range(24):
        start = MONDAY + timedelta(minutes=draw.randrange(3000))
        row = case(cast, start, kind=kinds[turn % 4], customer=people[turn % 3])
        clocks.start_clocks(row, start)
        if turn % 5 == 0:
            clocks.pause_clocks(row, start + timedelta(minutes=10))
        if turn % 7 == 0:
            clocks.stop_clock(row, "first_reply", start + timedelta(minutes=30))
    before = {row.pk: row for row in CaseClock.unscoped.all()}
    for minute in sorted(draw.sample(range(9000), 25)):
        now = MONDAY + timedelta(minutes=minute)
        run_often(SWEEP, now)
        for clock in CaseClock.unscoped.select_related("case"):
            runs = before[clock.pk].state == "running"
            assert (clock.breached_at is not None) == (runs and clock.due_at <= now), clock
            assert (clock.warned_at is not None) == (runs and clock.warn_at <= now), clock
        late = set(CaseClock.unscoped.exclude(breached_at=None).values_list("case_id", flat=True))
        assert {clock.case_id for clock in CaseClock.unscoped.select_related("case") if clock.case.is_breached} == late
        assert run_often(SWEEP, now) == 0


def test_the_night_finds_nothing_to_mend_and_mends_what_somebody_spoilt(cast, complaint):
    """Design 4: derived facts are rebuilt at night and every difference is reported; there should be none."""
    today = timezone.localdate()
    Standing.unscoped.filter(customer=complaint.customer).update(open_complaints=1)
    assert run_step("rebuild_case_facts", today, timezone.now()).detail["differences"] == 0
    Standing.unscoped.filter(customer=complaint.customer).update(open_complaints=3)
    Standing.unscoped.filter(customer=cast.customers["gold"]).update(open_complaints=1)
    due = complaint.next_due_at
    type(complaint).unscoped.update(next_due_at=None, is_breached=True)
    assert run_step("rebuild_case_facts", today, timezone.now()).detail["differences"] == 3
    complaint.refresh_from_db()
    assert (complaint.next_due_at, complaint.is_breached) == (due, False)
    assert Standing.unscoped.get(customer=complaint.customer).open_complaints == 1
    assert Standing.unscoped.get(customer=cast.customers["gold"]).open_complaints == 0
    assert run_step("rebuild_case_facts", today, timezone.now()).rows == 0
