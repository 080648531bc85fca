"""Headquarters changes targets and office hours: sees first what it does, then running clocks follow (CMP-2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from complaints.actions import clocks
from complaints.actions.cases import correct_case
from complaints.actions.recount import recompute_clocks
from complaints.models import Case, CaseClock, CasePause, SlaRule
from crm.core import working_days
from crm.core.errors import NotAllowed
from crm.core.models import OfficeHours, WorkDay
from crm.core.sweeps import run_step
from tests.complaints.clock_world import at, case

NOW = timezone.now().replace(microsecond=0)
TODAY = timezone.localdate(NOW)


def entry(**more):
    values = {"kind": "complaint", "category_id": "", "tier_id": "", "level": "", "first_reply_minutes": "60",
              "update_minutes": "", "solution_minutes": "600", "hours": "always",
              "effective_from": str(TODAY - timedelta(days=1)), "step": "preview"}  # fmt: skip
    return values | more


def solution(row):
    return CaseClock.unscoped.get(case=row, kind="solution")


def test_a_target_is_previewed_then_holds_for_open_cases_of_its_days(cast, as_user):
    """CMP-2: "recomputes 2 clocks, 1 would be late already"; what came in earlier, or is closed, keeps its numbers."""
    fresh, older = NOW - timedelta(minutes=90), NOW - timedelta(days=3)
    silver = [case(cast, since, kind="complaint", customer="silver") for since in (fresh, older, fresh)]
    for row in silver:
        clocks.start_clocks(row, row.received_at)
    clocks.void_clocks(silver[2], NOW)
    client = as_user(cast.director)
    page = client.post("/sla/new/", entry())
    assert page.context["preview"].clocks == 3  # first reply, solution; the update is let go
    assert (page.context["preview"].late, page.context["preview"].void) == (1, 1)
    assert SlaRule.objects.filter(set_by=cast.director).count() == 0
    assert solution(silver[0]).target_minutes == 2880
    assert client.post("/sla/new/", entry(step="do")).status_code == 302
    assert SlaRule.objects.get(set_by=cast.director).first_reply_minutes == 60
    assert solution(silver[0]).due_at == fresh + timedelta(minutes=600)
    assert CaseClock.unscoped.get(case=silver[0], kind="update").state == "void"
    assert solution(silver[1]).target_minutes == solution(silver[2]).target_minutes == 2880
    silver[0].refresh_from_db()
    assert silver[0].next_due_at == fresh + timedelta(minutes=60)
    assert client.post("/sla/new/", entry(step="do", first_reply_minutes="70")).status_code == 302
    assert SlaRule.objects.get(set_by=cast.director).first_reply_minutes == 70


def test_more_time_takes_a_lateness_back_and_the_past_stays(cast):
    """A clock that was late by an old target and runs is not late by a new one; it warns again in its time."""
    row = case(cast, NOW - timedelta(hours=3), kind="complaint", customer="silver")
    clocks.start_clocks(row, NOW)
    run_step("case_clocks", TODAY, NOW)
    row.refresh_from_db()
    assert row.is_breached
    SlaRule.objects.create(
        kind="complaint", effective_from=TODAY - timedelta(days=2), first_reply_minutes=600, solution_minutes=6000,
        hours="always",
    )  # fmt: skip
    assert recompute_clocks(NOW).clocks == 3
    row.refresh_from_db()
    assert (row.is_breached, row.next_due_at) == (False, row.received_at + timedelta(minutes=600))
    assert recompute_clocks(NOW).clocks == 0


def test_a_recount_respects_every_pause(cast):
    """CMP-2: the clock after a table change against the sum of its running pieces; one that stands still keeps."""
    began = at("2026-03-02 09:00")
    row, still = case(cast, began), case(cast, began)
    for each in (row, still):
        clocks.start_clocks(each, began)
    for start, end in (("2026-03-02 10:00", "2026-03-03 10:00"), ("2026-03-03 14:00", "2026-03-03 16:30")):
        pause(cast, row, at(start), at(end))
    pause(cast, still, at("2026-03-02 11:00"), None)
    assert recompute_clocks(at("2026-03-03 17:00")).clocks == 0
    SlaRule.objects.create(kind="need", effective_from="2026-03-01", solution_minutes=900, hours="office")
    recompute_clocks(at("2026-03-03 17:00"))
    # Ran 09:00-10:00, then 10:00-12:00 and 13:30-14:00: 210 of 900; 60 more until 17:30, a day of 450, 180 more.
    assert solution(row).due_at == at("2026-03-05 11:30")
    assert (solution(still).remaining_seconds, solution(still).due_at) == (780 * 60, None)


def pause(cast, row, start, end):
    """Through the same functions as a deed, at these moments."""
    clocks.pause_clocks(row, start)
    made = CasePause.unscoped.create(
        case=row, state="waiting_customer", reason="等客户资料", began_at=start, began_by=cast.handler, ended_at=end
    )
    if end:
        clocks.resume_clocks(row, end)
    return made


def test_other_office_hours_are_previewed_then_hold_from_their_day(cast, as_user):
    """CMP-2: the clock through a change of the office hours; refused when they are not in order."""
    row = case(cast, NOW - timedelta(days=20))
    clocks.start_clocks(row, NOW - timedelta(days=20))
    expected = solution(row).due_at
    client = as_user(cast.director)
    new = {"opens": "09:00", "lunch_from": "", "lunch_to": "", "closes": "10:00", "step": "preview",
           "effective_from": str(TODAY - timedelta(days=30))}  # fmt: skip
    page = client.post("/sla/hours/", new)
    assert page.context["preview"].clocks == 3
    assert solution(row).due_at == expected
    assert client.post("/sla/hours/", new | {"step": "do"}).status_code == 302
    assert solution(row).due_at > expected
    assert OfficeHours.objects.count() == 2
    assert client.post("/sla/hours/", new | {"closes": "08:00"}).status_code == 400
    assert client.post("/sla/hours/", new | {"lunch_from": "09:30"}).status_code == 400
    assert client.get("/sla/hours/").status_code == client.get("/sla/").status_code == 200


def test_the_night_follows_the_calendar_of_working_days(cast):
    """CMP-2: a holiday that is announced later moves the deadlines that run over it."""
    monday = at("2026-03-02 11:00")
    row = case(cast, monday)
    clocks.start_clocks(row, monday)
    assert solution(row).due_at == at("2026-03-09 11:00")
    WorkDay.objects.create(date=date(2026, 3, 4), kind="holiday")
    working_days.forget()
    assert run_step("rebuild_case_facts", TODAY, at("2026-03-02 12:00")).detail["moved"] == 1 + 1  # update, solution
    assert solution(row).due_at == at("2026-03-10 11:00")
    assert run_step("rebuild_case_facts", TODAY, at("2026-03-02 12:00")).rows == 0


def test_a_target_that_comes_later_begins_the_clocks_that_never_ran(cast):
    SlaRule.objects.filter(kind="enquiry").delete()
    row = case(cast, NOW - timedelta(minutes=5), kind="enquiry")
    assert clocks.start_clocks(row, NOW) == []
    SlaRule.objects.create(
        kind="enquiry", effective_from=TODAY - timedelta(days=1), solution_minutes=60, hours="always"
    )
    assert recompute_clocks(NOW).begun == 1
    assert Case.unscoped.get(pk=row.pk).next_due_at == row.received_at + timedelta(hours=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_reply_minutes": "", "solution_minutes": ""}, "solution_minutes"),
        ({"first_reply_minutes": "601"}, "first_reply_minutes"),
        ({"effective_from": "2001-01-01"}, "effective_from"),
        ({"solution_minutes": "0"}, "solution_minutes"),
        ({"category_id": "999999"}, "category_id"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_beside_its_field(cast, as_user, wrong, field):
    answer = as_user(cast.director).post("/sla/new/", entry(**wrong))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


def test_only_headquarters_sets_targets(cast, as_user):
    assert as_user(cast.supervisor).get("/sla/").status_code == 403
    from complaints.actions.targets import Cell, set_target

    cell = Cell("need", None, None, "", 60, None, 600, "office", TODAY)
    with pytest.raises(NotAllowed):
        set_target(cell, by=cast.supervisor, now=NOW)


def test_a_case_that_is_put_right_gets_the_targets_of_what_it_is(cast):
    """CMP-2: time limits by category, tier and level, also when somebody corrects the level later."""
    start = timezone.now() - timedelta(minutes=5)
    row = case(cast, start, kind="complaint", customer="silver")
    clocks.start_clocks(row, start)
    before = solution(row).due_at
    correct_case(case_id=row.pk, changes={"level": "major"}, by=cast.handler, now=timezone.now())
    row.refresh_from_db()
    assert (solution(row).due_at, row.next_due_at) == (start + timedelta(days=1), start + timedelta(minutes=30))
    assert solution(row).due_at < before
