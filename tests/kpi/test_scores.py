"""Scores month by month: counted from results, ranked, frozen with the month (KPI-1, KPI-2, KPI-9, KPI-10, KPI-12)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.rules import add_months
from kpi.models import FrozenMonth, Result, Score, ScorecardVersion
from kpi.sweeps.scores import count_month, count_scores
from tests.kpi.card_world import month_now, result, version

pytestmark = pytest.mark.django_db


def scores(month=None):
    """Who → his row."""
    rows = Score.unscoped.filter(month=month or month_now())
    return {row.staff.number if row.staff else row.unit.code: row for row in rows.select_related("staff", "unit")}


def count(month=None):
    return count_month(month or month_now(), now=timezone.now())


def test_a_manager_is_scored_by_headquarters_weights_over_what_has_data(cast):
    """KPI-2: 90 % of 100 with a floor of 60 earns 75 % of the line; the only line with data carries all 100 points."""
    result("F14", month_now(), 9, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    count()
    row = scores()["M1001"]
    assert (row.total, row.rank, row.of) == (Decimal("75.00"), 1, 1)
    (line,) = [one for one in row.lines if one["value"]]
    assert line == {
        "code": "F14", "weight": "3.00", "target": "100", "strict": False, "n": "9.00", "d": "10.00",
        "value": "90.0000", "points": "75.00", "carries": "100.00", "earned": "75.00",
    }  # fmt: skip
    assert scores()["M1002"].total is None
    assert scores()["M1002"].rank is None


def test_what_a_manager_earned_in_two_units_adds_up(cast):
    """Decisions 6: the unit is the customer's, the card is his."""
    manager = cast.staff["manager"]
    result("F14", month_now(), 8, 8, unit=cast.units["A"], manager=manager)
    result("F14", month_now(), 0, 2, unit=cast.units["B"], manager=manager)
    count()
    assert scores()["M1001"].total == Decimal("50.00")


def test_a_unit_is_scored_by_its_own_results(cast):
    """KPI-1: scorecard per unit and period; strictly below 3.5 % churn is all of it, 3.5 % loses a fifth."""
    result("F1", month_now(), 7, 200, unit=cast.units["A"])
    result("F1", month_now(), 6, 200, unit=cast.units["B"])
    count()
    found = scores()
    assert (found["A"].total, found["A"].rank, found["A"].of) == (Decimal("80.00"), 2, 2)
    assert (found["B"].total, found["B"].rank) == (Decimal("100.00"), 1)
    assert "A1" not in found
    assert "CITY" not in found


def test_units_weigh_their_managers_differently(cast):
    """KPI-10: unit A and B have different weights."""
    for who in ("manager", "stranger"):
        unit = cast.staff[who].unit
        result("F14", month_now(), 10, 10, unit=unit, manager=cast.staff[who])
        result("F30", month_now(), 0, 1, unit=unit, manager=cast.staff[who])
    own = version({"F14": 80, "F30": (20, {"scoring": "pass"})}, unit=cast.units["A"])
    count()
    found = scores()
    assert (found["M1001"].version_id, found["M1001"].total) == (own.pk, Decimal("80.00"))
    # Headquarters: 3 of 3.5 points of one category.
    assert found["M2001"].total == Decimal("85.71")
    assert found["M2001"].rank_overall == 1


def test_equals_share_a_place(cast):
    """KPI-12: rank correct on ties."""
    for who, met in (("manager", 9), ("teammate", 9)):
        result("F14", month_now(), met, 10, unit=cast.units["A"], manager=cast.staff[who])
    result("F14", month_now(), 8, 10, unit=cast.units["B"], manager=cast.staff["stranger"])
    count()
    found = scores()
    assert [(found[who].rank, found[who].rank_overall) for who in ("M1001", "M1002", "M2001")] == [
        (1, 1), (1, 1), (1, 3),
    ]  # fmt: skip


def test_a_quarter_is_shown_in_each_of_its_months(cast):
    """Requirements 3.5: calendar quarters; the card of a month holds the figure of its quarter."""
    row = result("F15", month_now(), 1, 1, unit=cast.units["A"], manager=cast.staff["manager"])
    for back in range(3):
        month = add_months(month_now(), -back)
        count(month)
        total = scores(month)["M1001"].total if "M1001" in scores(month) else None
        assert (total == 100) == (month >= row.period_on)


def test_twice_is_as_once_and_only_what_changed_is_written(cast):
    """Design: sweeps are safe to repeat."""
    row = result("F14", month_now(), 9, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    now, today = timezone.now(), timezone.localdate()
    assert count_scores(today=today, now=now) > 0
    before = list(Score.unscoped.order_by("pk").values())
    assert count_scores(today=today, now=now + timedelta(hours=1)) == 0
    assert list(Score.unscoped.order_by("pk").values()) == before
    Result.unscoped.filter(pk=row.pk).update(numerator=10)
    assert count_scores(today=today, now=now) == 1
    assert scores()["M1001"].total == 100


def test_a_frozen_month_keeps_its_scores_whatever_comes(cast):
    """KPI-9: a new version does not alter old results; decisions 3: frozen with the month."""
    month = add_months(month_now(), -1)
    ScorecardVersion.unscoped.update(holds_from=add_months(month, -6), year=month.year)
    row = result("F14", month, 9, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    FrozenMonth.objects.create(month=month, frozen_at=timezone.now())
    count(month)
    before = list(Score.unscoped.filter(month=month).order_by("pk").values())
    assert all(one["frozen_at"] for one in before)
    version({"F14": 100}, unit=cast.units["A"], month=month)
    Result.unscoped.filter(pk=row.pk).update(numerator=0)
    assert count(month) == 0
    assert list(Score.unscoped.filter(month=month).order_by("pk").values()) == before


def test_a_version_holds_from_its_month_on(cast):
    """KPI-9: earlier months, even those not frozen yet, keep the version they had."""
    last = add_months(month_now(), -1)
    ScorecardVersion.unscoped.update(holds_from=add_months(last, -6), year=last.year)
    for month in (last, month_now()):
        result("F14", month, 10, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    own = version({"F14": 100}, unit=cast.units["A"])
    count(last)
    count()
    assert scores(last)["M1001"].version_id != own.pk
    assert scores()["M1001"].version_id == own.pk


def test_counting_takes_as_many_statements_for_many_managers_as_for_few(cast, django_assert_max_num_queries):
    """Speed: dashboards and cards read facts only."""
    result("F14", month_now(), 9, 10, unit=cast.units["A"], manager=cast.staff["manager"])
    with django_assert_max_num_queries(22):
        count()
