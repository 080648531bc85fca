"""Monthly figures of the desk from rows one can count (KPI-36, CMP-36, CON-32)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Assignment
from complaints.actions import clocks
from complaints.queries.figures import complaint_figures, response_figures, solution_figures
from complaints.rules.figures import Complaints, Response, Solved
from crm.core.measures import Time
from crm.core.scope import Scope
from tests.complaints.clock_world import at, case
from visits.rules.freeze import last_day

MARCH = date(2026, 3, 1)
LATER = at("2026-11-22 10:00")
ALL = Scope.ALL


def month_at(now, first=MARCH):
    """A month as the page looks at it."""
    return Time(first, last_day(first), timezone.localdate(now), now)


def test_f24_counts_justified_complaints_and_complaints_per_hundred_vips(cast):
    """KPI-36, CMP-27, F24: one of three is justified, of three VIPs; a merged one and April's are none of it."""
    for judgement in ("justified", "unjustified", "pending"):
        case(cast, at("2026-03-31 23:59"), kind="complaint", judgement=judgement)
    survivor = case(cast, at("2026-04-01 00:00"), kind="complaint")
    case(cast, at("2026-03-05 10:00"), kind="complaint", state="merged", merged_into=survivor)
    case(cast, at("2026-03-05 10:00"), kind="need")
    figures = complaint_figures(ALL, month_at(LATER))
    mine = figures[cast.staff["manager"].pk]
    assert mine == Complaints(justified=1, complaints=3, customers=3)
    assert mine.rate == 100.0
    assert figures[cast.staff["stranger"].pk] == Complaints(0, 0, 1)
    assert Complaints(0, 0, 0).rate is None
    own = complaint_figures(Scope(manager_ids=(cast.staff["stranger"].pk,)), month_at(LATER))
    assert set(own) == {cast.staff["stranger"].pk}


def test_f25_is_solved_by_the_deadline_of_those_due_and_satisfied_of_those_scored(cast):
    """KPI-36, CMP-27, F25: due in the month: two in time, one late, one still open and late; a void one is not due."""
    start = at("2026-03-02 11:00")
    rows = [case(cast, start, kind="complaint") for _each in range(5)]
    for row in rows:
        clocks.start_clocks(row, start)
    clocks.stop_clock(rows[0], "solution", start + timedelta(hours=2))
    clocks.stop_clock(rows[1], "solution", start + timedelta(hours=30))
    clocks.void_clocks(rows[2], start)
    # Told in time, taken back, told again in time: one, by its last run.
    clocks.stop_clock(rows[3], "solution", start + timedelta(hours=1))
    clocks.start_clocks(rows[3], start + timedelta(hours=2))
    clocks.stop_clock(rows[3], "solution", start + timedelta(hours=3))
    for row, points in zip(rows, (5, 3, None, 4, None), strict=True):
        row.satisfaction, row.closed_at = points, start + timedelta(days=2)
        row.save(update_fields=["satisfaction", "closed_at"])
    (unit, found), = solution_figures(ALL, month_at(start + timedelta(days=9))).items()  # fmt: skip
    assert unit == cast.units["A"].pk
    assert found == Solved(in_time=2, due=4, satisfied=2, scored=3)
    assert (found.in_time_share, found.satisfied_share) == (50.0, 66.7)
    assert solution_figures(ALL, month_at(start + timedelta(hours=23)))[unit].due == 3  # one still has its time
    assert solution_figures(ALL, month_at(at("2026-05-01 00:00"), date(2026, 4, 1))) == {}
    assert solution_figures(Scope(unit_ids=(cast.units["B"].pk,)), month_at(start)) == {}


def test_f43_is_the_mean_time_from_receiving_to_the_first_word_and_the_first_deed(cast):
    """CON-32, CMP-36, F43: 30 and 90 minutes are 60; what is not answered yet is counted, not averaged."""
    start = at("2026-03-02 11:00")
    for reply, action in ((30, 60), (90, None), (None, None)):
        case(
            cast, start,
            first_reply_at=start + timedelta(minutes=reply) if reply else None,
            first_action_at=start + timedelta(minutes=action) if action else None,
        )  # fmt: skip
    case(cast, start, kind="complaint", first_reply_at=start + timedelta(minutes=1))
    mine = response_figures(ALL, month_at(LATER))[cast.staff["manager"].pk]
    assert (mine.requests, mine.answered, mine.acted) == (3, 2, 1)
    assert (mine.minutes_to_reply, mine.minutes_to_action) == (60.0, 60.0)
    assert Response(1, 0, 0.0, 0, 0.0).minutes_to_reply is None
    assert response_figures(Scope.NOTHING, month_at(LATER)) == {}


def test_a_matter_counts_for_who_had_the_customer_when_it_came_in(cast):
    """F24, decisions 6: told on the 4th, written down after the handover of the 10th: the credit stays."""
    mine, other = cast.staff["manager"], cast.staff["teammate"]
    Assignment.unscoped.filter(customer=cast.customers["gold"]).update(valid_to=date(2026, 3, 10))
    Assignment.unscoped.create(customer=cast.customers["gold"], staff=other, valid_from=date(2026, 3, 10))
    for received_at in ("2026-03-04 10:00", "2026-03-09 23:59", "2026-03-10 00:00"):
        case(cast, at(received_at), kind="complaint", customer="gold", manager_id=other.pk, judgement="justified")
    figures = complaint_figures(ALL, month_at(LATER))
    assert figures[mine.pk] == Complaints(justified=2, complaints=2, customers=2)
    assert figures[other.pk] == Complaints(justified=1, complaints=1, customers=1)
