"""The engine: facts of rows, results of facts, sums up the tree, each against a slow and obvious oracle."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.core import working_days
from crm.core.db import write
from crm.core.measures import Nature
from kpi.actions.counting import EVERYONE, Some, count_facts, counts_of, settle_results
from kpi.models import Fact, FrozenMonth, Indicator, IndicatorTarget, Result
from kpi.queries.indicators import read_indicators
from kpi.rules.periods import period_of
from kpi.rules.projection import Kind, pace_of, projected
from kpi.rules.values import Goal, is_met, value, value_before_excuses
from kpi.sweeps import refresh
from tests.kpi.world import Rows, indicator_for, measure_of, only
from tests.visits.ledger_world import at

JUNE = date(2026, 6, 1)
TODAY = date(2026, 6, 17)


def sums_of(rows, cast):
    """Who has which sums, added up one row at a time: people in their units, then every unit above."""
    paths = {unit.pk: [int(part) for part in unit.path.strip("/").split("/")] for unit in cast.units.values()}
    found = defaultdict(lambda: [Decimal(0), Decimal(0), 0, 0])
    for row in rows:
        keys = [(row["unit_id"], row["manager_id"], False)]
        keys += [(unit, None, True) for unit in paths[row["unit_id"]]]
        for key in keys:
            for place, name in enumerate(("numerator", "denominator", "excused", "mendable")):
                found[key][place] += Decimal(row[name]) if place < 2 else row[name]
    return {key: tuple(sums) for key, sums in found.items()}


def stored(indicator):
    """The current results as the oracle has them."""
    return {
        (row.unit_id, row.manager_id, row.is_unit): (row.numerator, row.denominator, row.excused, row.mendable)
        for row in Result.unscoped.filter(indicator=indicator, is_current=True)
    }


amounts = st.sampled_from([(0, 1), (1, 1), (0, 0), (Decimal("7.25"), 1), (-1, 0), (3, 2)])
drawn = st.lists(
    st.tuples(
        st.sampled_from(["manager", "teammate", "stranger", None]), st.sampled_from(["A", "A1", "B", "CITY"]),
        st.integers(0, 29), amounts, st.sampled_from([(0, 0), (0, 1), (1, 0)]),
    ),
    max_size=30,
)  # fmt: skip


def made(cast, draw):
    rows = Rows()
    for manager, unit, offset, (n, d), (excused, mendable) in draw:
        n, d = (0, 0) if excused else (n, d)
        rows.add(
            cast.staff[manager].pk if manager else None, cast.units[unit].pk, JUNE + timedelta(days=offset), n, d,
            excused=excused, mendable=mendable,
        )  # fmt: skip
    return rows


@settings(
    max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(draws=st.lists(drawn, min_size=1, max_size=3), target=st.sampled_from([None, "85", "0", "50"]),
       strict=st.booleans(), display=st.sampled_from(["percent", "minutes", "per_hundred"]),
       direction=st.sampled_from(["up", "down", "none"]))  # fmt: skip
def test_results_are_the_sums_of_their_rows_however_these_change(cast, draws, target, strict, display, direction):
    """KPI-50, design: units and city are sums of their managers; value, target and met follow; pace too."""
    for model in (Result.unscoped, Fact.unscoped, IndicatorTarget.objects.filter(indicator__code="T1")):
        model.all().delete()
    Indicator.objects.filter(code="T1").delete()
    indicator = indicator_for(display=display, direction=direction, target=target, is_strict=strict)
    rows = Rows()
    with only(made_up=measure_of(rows)), write(label="system:test"):
        for draw in draws:
            rows[:] = made(cast, draw)
            refresh(TODAY, at(TODAY), full=True)
            assert stored(indicator) == sums_of(rows, cast)
        assert refresh(TODAY, at(TODAY), full=True)["rows"] == 0
    goal = Goal(direction, display, Decimal(target) if target else None, strict)
    pace = pace_of(period_of("month", JUNE), TODAY, working_days.calendar())
    for row in Result.unscoped.filter(indicator=indicator):
        n, d = row.numerator, row.denominator
        assert row.value == value(display, n, d)
        assert row.value_before_excuses == value_before_excuses(display, n, d, row.excused)
        assert row.is_met == is_met(goal, n, d)
        assert row.projected == projected(Kind(display), Fraction(n), Fraction(d), row.mendable, pace)


def test_facts_say_the_day(cast):
    """Issue 5: additive facts per day."""
    indicator = indicator_for()
    rows = Rows()
    me, unit = cast.staff["manager"].pk, cast.units["A"].pk
    rows.add(me, unit, date(2026, 6, 3), 1)
    rows.add(me, unit, date(2026, 6, 3), 0)
    rows.add(me, unit, date(2026, 6, 9), 1)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    facts = Fact.unscoped.filter(indicator=indicator).order_by("day").values_list("day", "numerator", "denominator")
    assert list(facts) == [(date(2026, 6, 3), 1, 2), (date(2026, 6, 9), 1, 1)]
    assert set(Fact.unscoped.values_list("period_on", flat=True)) == {JUNE}


def test_a_count_of_nothing_is_nought_for_everybody_who_has_customers(cast):
    """KPI-36: no complaint is 0 and met, not "no value"; a share of nothing has no result at all."""
    count = indicator_for(code="T1", display="count", direction="down", target=0)
    indicator_for(code="T2", name="other")
    with only(made_up=measure_of(Rows()), other=measure_of(Rows(), "other")), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    mine = Result.unscoped.get(indicator=count, manager=cast.staff["manager"], period_on=JUNE)
    assert (mine.value, mine.is_met) == (0, True)
    assert Result.unscoped.get(indicator=count, unit=cast.units["CITY"], period_on=JUNE, is_unit=True).is_met
    assert not Result.unscoped.filter(indicator__code="T2").exists()


def test_an_indicator_without_a_known_measure_is_absent(cast):
    """Issue 5, KPI-22: an indicator without a data source is absent, not zero."""
    indicator_for(name="not_built_yet", display="count")
    with only(), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    assert not Result.unscoped.exists()


def test_a_figure_of_a_unit_is_not_summed(cast):
    """CUS-22: the share of the top fifth is each unit's own."""
    indicator = indicator_for(direction="none")
    rows = Rows()
    rows.add(None, cast.units["A"].pk, TODAY, 60, 100)
    rows.add(None, cast.units["CITY"].pk, TODAY, 70, 200)
    with only(made_up=measure_of(rows, nature=Nature.UNIT)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    assert stored(indicator) == {
        (cast.units["A"].pk, None, True): (60, 100, 0, 0),
        (cast.units["CITY"].pk, None, True): (70, 200, 0, 0),
    }


def test_a_quarter_and_a_year_stand_under_their_first_day(cast):
    """Requirements 3.5: periods of the calendar; the month before is still open as well."""
    indicator_for(code="T1", period="quarter")
    indicator_for(code="T2", period="year")
    indicator_for(code="T3")
    rows = Rows()
    for day in (date(2026, 1, 5), date(2026, 4, 2), date(2026, 5, 9), TODAY):
        rows.add(cast.staff["manager"].pk, cast.units["A"].pk, day, 1)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    found = Result.unscoped.filter(manager=cast.staff["manager"]).order_by("indicator__code", "period_on")
    assert list(found.values_list("indicator__code", "period_on", "denominator")) == [
        ("T1", date(2026, 4, 1), 3), ("T2", date(2026, 1, 1), 4), ("T3", date(2026, 5, 1), 1), ("T3", JUNE, 1),
    ]  # fmt: skip


def test_a_final_month_is_not_counted_any_more(cast):
    """Decisions 3: nothing changes it later; a quarter goes on until its last month is final."""
    FrozenMonth.objects.create(month=date(2026, 5, 1), frozen_at=at(TODAY))
    indicator_for(code="T1")
    indicator_for(code="T2", period="quarter")
    rows = Rows()
    for day in (date(2026, 5, 9), TODAY):
        rows.add(cast.staff["manager"].pk, cast.units["A"].pk, day, 1)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    found = set(Result.unscoped.values_list("indicator__code", "period_on"))
    assert found == {("T1", JUNE), ("T2", date(2026, 4, 1))}


def test_counting_some_leaves_the_others_alone(cast):
    """Issue 5: the refresh is proportional to what changed; units are sums of everybody all the same."""
    indicator = indicator_for()
    rows = Rows()
    me, other, unit = cast.staff["manager"].pk, cast.staff["teammate"].pk, cast.units["A"].pk
    for who in (me, other, None):
        rows.add(who, unit, TODAY, 0)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
        for row in rows:
            row["numerator"] = "1"
        counts = counts_of(
            [row for row in read_indicators() if row.code == "T1"], lambda kind: [period_of(kind, TODAY)], TODAY
        )
        for who, met in ((Some(frozenset({me})), {me}), (Some(units=frozenset({unit})), {me, None})):
            for count in counts:
                count_facts(count, who, today=TODAY, now=at(TODAY))
            settle_results(counts, who, now=at(TODAY))
            found = {row.manager_id for row in Result.unscoped.filter(is_unit=False, numerator=1)}
            assert found == met
            assert Result.unscoped.get(indicator=indicator, unit=unit, is_unit=True).numerator == len(met)
        assert count_facts(counts[0], EVERYONE, today=TODAY, now=at(TODAY)).written == 1


@pytest.mark.parametrize("n, met", [(35, False), (34, True)])
def test_thirty_five_lost_of_a_thousand_miss_the_target(cast, n, met):
    """RET-1, RET-2: strictly below 3.5 %; the figure is exact, not the rounded one."""
    indicator = indicator_for(direction="down", target="3.5", is_strict=True)
    rows = Rows()
    rows.add(cast.staff["manager"].pk, cast.units["A"].pk, TODAY, n, 1000)
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(TODAY, at(TODAY))
    found = Result.unscoped.get(indicator=indicator, unit=cast.units["CITY"], is_unit=True)
    assert (found.value, found.is_met) == (Decimal(n) / 10, met)
