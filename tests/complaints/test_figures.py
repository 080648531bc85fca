"""Monthly figures of the desk from rows one can count (KPI-36, CMP-36, CON-32)."""

from __future__ import annotations

from datetime import date, timedelta

from complaints.actions import clocks
from complaints.queries.figures import complaint_figures, response_figures, solution_figures
from complaints.rules.figures import Complaints, Response, Solved
from crm.core.scope import Scope
from tests.complaints.clock_world import at, case

MARCH, TODAY = date(2026, 3, 1), date(2026, 11, 22)
ALL = Scope.ALL


def test_f24_counts_justified_complaints_and_complaints_per_hundred_vips(cast):
    """KPI-36, CMP-27, F24: one of three is justified, of three VIPs; a merged one and April's are none of it."""
    for judgement in ("justified", "unjustified", "pending"):
        case(cast, at("2026-03-31 23:59"), kind="complaint", judgement=judgement)
    survivor = case(cast, at("2026-04-01 00:00"), kind="complaint")
    case(cast, at("2026-03-05 10:00"), kind="complaint", state="merged", merged_into=survivor)
    case(cast, at("2026-03-05 10:00"), kind="need")
    figures = complaint_figures(ALL, MARCH, TODAY)
    mine = figures[cast.staff["manager"].pk]
    assert mine == Complaints(justified=1, complaints=3, customers=3)
    assert mine.rate == 100.0
    assert figures[cast.staff["stranger"].pk] == Complaints(0, 0, 1)
    assert Complaints(0, 0, 0).rate is None
    own = complaint_figures(Scope(manager_ids=(cast.staff["stranger"].pk,)), MARCH, TODAY)
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
    (unit, found), = solution_figures(ALL, MARCH, start + timedelta(days=9)).items()  # fmt: skip
    assert unit == cast.units["A"].pk
    assert found == Solved(in_time=2, due=4, satisfied=2, scored=3)
    assert (found.in_time_share, found.satisfied_share) == (50.0, 66.7)
    assert solution_figures(ALL, MARCH, start + timedelta(hours=23))[unit].due == 3  # one still has its time
    assert solution_figures(ALL, date(2026, 4, 1), at("2026-05-01 00:00")) == {}
    assert solution_figures(Scope(unit_ids=(cast.units["B"].pk,)), MARCH, start) == {}


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
    mine = response_figures(ALL, MARCH)[cast.staff["manager"].pk]
    assert (mine.requests, mine.answered, mine.acted) == (3, 2, 1)
    assert (mine.minutes_to_reply, mine.minutes_to_action) == (60.0, 60.0)
    assert response_figures(ALL, MARCH, ("complaint",))[cast.staff["manager"].pk].minutes_to_reply == 1.0
    assert Response(1, 0, 0.0, 0, 0.0).minutes_to_reply is None
    assert response_figures(Scope.NOTHING, MARCH) == {}
