"""Early warning: who will miss a target hears of it once, with the list that would mend it; nobody else hears."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Cover
from crm import nightly
from crm.core import working_days
from crm.core.db import write
from crm.core.models import Notice
from crm.core.notices import shown
from kpi.models import Fact, Indicator, IndicatorTarget, Result
from kpi.rules.periods import period_of
from kpi.rules.projection import Kind, pace_of, projected
from kpi.rules.values import Goal, best_possible, is_met, reaches
from kpi.sweeps import refresh, warn_of_targets
from tests.kpi.world import Rows, indicator_for, measure_of, only
from tests.visits.ledger_world import at

JUNE, TODAY = date(2026, 6, 1), date(2026, 6, 17)
PEOPLE = ("manager", "teammate", "stranger")


def warn(day=TODAY):
    with write(label="system:test"):
        refresh(day, at(day), full=True)
        return warn_of_targets(today=day, now=at(day))


def told(kind="kpi_warning"):
    return {(row.user_id, row.subject_id, row.occasion) for row in Notice.objects.filter(kind=kind)}


def owes(cast, rows, who, *, met, missing, mendable=True, on=TODAY):
    for number in range(met + missing):
        rows.add(
            cast.staff[who].pk, cast.units["A"].pk, on, int(number < met), mendable=int(number >= met and mendable)
        )


@settings(
    max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.integers(0, 1), st.integers(0, 1), st.integers(0, 16)), max_size=40
    ),
    target=st.sampled_from(["85", "50", "100"]), direction=st.sampled_from(["up", "down"]),
    offset=st.sampled_from([1, 9, 16, 28]),
)  # fmt: skip
def test_exactly_those_hear_of_it_who_miss_at_their_pace_or_cannot_reach_it(cast, drawn, target, direction, offset):
    """Issue 5: parity with the pure rules of pace and reach; twice is as once."""
    for model in (Result.unscoped, Fact.unscoped, Notice.objects, IndicatorTarget.objects.filter(indicator__code="T1")):
        model.all().delete()
    Indicator.objects.filter(code="T1").delete()
    indicator, day = indicator_for(target=target, direction=direction), JUNE + timedelta(days=offset)
    rows, sums = Rows(), defaultdict(lambda: [0, 0, 0])
    for who, n, can, back in drawn:
        can = can * (1 - n)
        rows.add(cast.staff[who].pk, cast.units["A"].pk, JUNE + timedelta(days=back), n, mendable=can)
        sums[who] = [total + one for total, one in zip(sums[who], (n, 1, can), strict=True)]
    goal = Goal(direction, "percent", Decimal(target))
    pace = pace_of(period_of("month", day), day, working_days.calendar())
    expected = set()
    for who, (n, d, can) in sums.items():
        end = projected(Kind("percent"), Fraction(n), Fraction(d), can, pace)
        falls = end is not None and not reaches(goal, Fraction(end)) and 100 * pace.gone >= 40 * pace.of
        lost = not is_met(goal, n, d) and not reaches(goal, best_possible(goal, n, d, can))
        if falls or lost:
            expected.add((cast.staff[who].user_id, indicator.pk, "2026-06-01"))
    with only(made_up=measure_of(rows)):
        assert warn(day) == len(expected)
        assert told() == expected
        assert warn(day) == 0 and told() == expected


def test_the_manager_reads_figure_and_target_and_comes_to_the_rows_that_would_mend_it(cast):
    """Issue 5: with the list that would fix it; once for the period, in the reader's language."""
    indicator_for(target="85", code="T1")
    cast.manager.language = "en"
    cast.manager.save(update_fields=["language"])
    rows = Rows()
    owes(cast, rows, "manager", met=3, missing=7)
    with only(made_up=measure_of(rows)):
        assert warn() == 1
        owes(cast, rows, "manager", met=0, missing=3, mendable=False, on=TODAY + timedelta(days=1))
        assert warn(TODAY + timedelta(days=1)) == 0
    notice = Notice.objects.get(kind="kpi_warning")
    assert notice.user_id == cast.staff["manager"].user_id
    assert "at the present pace" in shown(notice).text and "85" in shown(notice).text
    assert notice.url == f"/kpi/T1/rows/?month=2026-06&manager={cast.staff['manager'].pk}&only=mendable"


def test_the_supervisor_reads_one_digest_of_what_is_new_and_who_covers_him_reads_it_instead(cast):
    """Issue 5: one digest per supervisor; none when there is nothing new."""
    indicator_for(target="85", code="T1")
    indicator_for(target="85", code="T2", name="other")
    rows, others = Rows(), Rows()
    owes(cast, rows, "manager", met=3, missing=7)
    owes(cast, rows, "teammate", met=3, missing=7)
    owes(cast, others, "manager", met=1, missing=9)
    with only(made_up=measure_of(rows), other=measure_of(others, "other")):
        assert warn() == 3
        digest = Notice.objects.get(kind="kpi_team_warning")
        assert digest.user_id == cast.staff["supervisor"].user_id
        assert digest.params == {"figures": 3, "managers": 2}
        later = TODAY + timedelta(days=2)
        assert warn(later) == 0 and len(told("kpi_team_warning")) == 1
        owes(cast, others, "teammate", met=1, missing=9)
        Cover.unscoped.create(
            absent=cast.staff["supervisor"], substitute=cast.staff["stranger_supervisor"], starts_on=later,
            ends_on=later, arranged_by=cast.director, arranged_at=at(later),
        )  # fmt: skip
        assert warn(later) == 1
    newest = Notice.objects.filter(kind="kpi_team_warning").latest("id")
    assert newest.user_id == cast.staff["stranger_supervisor"].user_id


def test_a_good_figure_one_without_target_and_a_night_made_up_for_say_nothing(cast):
    """Issue 5: quiet when there is nothing to say."""
    indicator_for(target="85", code="T1")
    indicator_for(code="T2", name="other")
    rows, others = Rows(), Rows()
    owes(cast, rows, "manager", met=10, missing=0)
    owes(cast, others, "manager", met=0, missing=10)
    with only(made_up=measure_of(rows), other=measure_of(others, "other")):
        assert warn() == 0
        owes(cast, rows, "manager", met=0, missing=90)
        with write(label="system:test"):
            refresh(TODAY, at(TODAY), full=True)
            assert warn_of_targets(today=TODAY - timedelta(days=1), now=at(TODAY)) == 0
        done = nightly.run_night(TODAY, now=at(TODAY), steps=["count_results", "warn_of_targets"])
        assert [row.rows for row in done][1] == 1
    assert not told("kpi_team_warning") - {
        (cast.staff["supervisor"].user_id, cast.staff["supervisor"].pk, TODAY.isoformat())
    }
