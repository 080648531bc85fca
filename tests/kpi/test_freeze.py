"""Freeze, drill-down and corrections: what was counted stays listed and adds up, whatever happens later."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from accounts.models import Assignment, Cover
from accounts.queries.access import access_for
from crm import nightly
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.measures import Nature
from crm.core.models import Notice
from kpi.actions.corrections import refuse_correction, request_correction, sign_correction
from kpi.actions.recompute import compare
from kpi.models import Correction, Evidence, Fact, FrozenMonth, Indicator, IndicatorTarget, RefreshMark, Result
from kpi.queries.evidence import FILTERS, rows_behind
from kpi.queries.results import history, manager_results, person_results, unit_results
from kpi.sweeps import freeze_month, freeze_results, refresh
from tests.cast import PEOPLE
from tests.kpi.test_engine import JUNE, drawn, made, stored, sums_of
from tests.kpi.world import Rows, indicator_for, measure_of, only
from tests.visits.ledger_world import at
from visits.models import MonthFreeze

JULY_7 = date(2026, 7, 7)
LATER = date(2026, 8, 20)


def access(user, day=JULY_7):
    found = access_for(user, day)
    user.access = found
    return found


def behind(cast, who, code="T1", day=JULY_7, **subject):
    return rows_behind(access(getattr(cast, who)), code, JUNE, today=day, now=at(day), **subject)


def freeze(day=JULY_7):
    with write(label="system:test"):
        return freeze_month(JUNE, today=day, now=at(day))


def told_of(correction):
    """Who of the cast was told what of a correction."""
    names = {row[1]: row[0] for row in PEOPLE}
    rows = Notice.objects.filter(subject_table="kpi_correction", subject_id=correction.pk).order_by("pk")
    return [(names[row.user.username], row.kind) for row in rows]


def figures():
    return list(Result.unscoped.order_by("pk").values_list()), list(Evidence.unscoped.order_by("pk").values_list())


@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=drawn, later=drawn)
def test_a_frozen_figure_and_its_rows_stay_whatever_changes_later(cast, before, later):
    """Decisions 3, KPI-49: sums of rows equal the figure while the month runs, when it is frozen, and for ever."""
    for model in (Result.unscoped, Fact.unscoped, Evidence.unscoped, FrozenMonth.objects, RefreshMark.objects):
        model.all().delete()  # whatever the draw before this one left
    IndicatorTarget.objects.filter(indicator__code="T1").delete()
    Indicator.objects.filter(code="T1").delete()
    indicator = indicator_for(target="85")
    rows = Rows(made(cast, before))
    with only(made_up=measure_of(rows)), write(label="system:test"):
        refresh(date(2026, 6, 28), at(date(2026, 6, 28)))
        _adds_up(cast, rows, date(2026, 6, 28))
        freeze()
        kept = figures()
        counted = list(rows)
        rows[:] = made(cast, later)
        assert freeze_results(today=LATER, now=at(LATER)) == {"rows": 0, "months": 0}
        refresh(LATER, at(LATER), full=True)
        assert figures() == kept
        assert stored(indicator) == {
            key: (*sums[:3], 0) for key, sums in sums_of(counted, cast).items()
        }  # nothing can be mended any more
        _adds_up(cast, counted, LATER)


def _adds_up(cast, rows, day):
    for unit in ("CITY", "A", "B"):
        found = behind(cast, "director", day=day, unit_id=cast.units[unit].pk, only="all")
        below = [row for row in rows if _is_below(cast, row["unit_id"], unit)]
        assert found.moved is None
        assert (found.total.numerator, found.total.denominator) == (
            sum(Decimal(row["numerator"]) for row in below), sum(Decimal(row["denominator"]) for row in below)
        )  # fmt: skip
        assert found.figure.denominator == sum(row.denominator for row in found.rows)
        assert sorted(row.ref for row in found.rows) == sorted(row["ref"] for row in below)
        assert found.counts["excused"] == sum(row["excused"] for row in below)
    mine = behind(cast, "manager", day=day, manager_id=cast.staff["manager"].pk, only="all")
    assert len(mine.rows) == sum(row["manager_id"] == cast.staff["manager"].pk for row in rows)


def _is_below(cast, unit_id, top):
    path = next(unit.path for unit in cast.units.values() if unit.pk == unit_id)
    return f"/{cast.units[top].pk}/" in path


@pytest.fixture
def june(cast):
    """Ten contacts of June, eight of them met, one excused; frozen."""
    indicator_for(target="100")
    rows = Rows()
    me, unit = cast.staff["manager"].pk, cast.units["A"].pk
    for number in range(10):
        customer = cast.customers[("diamond", "gold", "silver")[number % 3]].pk
        n, d, excused = (1, 1, 0) if number < 8 else (0, 1, 0) if number == 8 else (0, 0, 1)
        rows.add(me, unit, JUNE + timedelta(days=number), n, d, excused=excused, customer=customer, ref=100 + number)
    with only(made_up=measure_of(rows)):
        freeze()
        yield rows


def test_the_rows_of_a_figure_come_in_pages_and_by_filter(cast, june):
    """KPI-49: lists with filters; the sums are always those of the whole figure."""
    unit = cast.units["A"].pk
    first = behind(cast, "supervisor", unit_id=unit, limit=4)
    assert [row.ref for row in first.rows] == [100, 101, 102, 103]
    rest = behind(cast, "supervisor", unit_id=unit, limit=None, after=first.next_after)
    assert [row.ref for row in rest.rows] == list(range(104, 110))
    assert rest.next_after is None
    for only_, refs in (("missing", [108]), ("met", list(range(100, 108))), ("excused", [109]), ("mendable", [])):
        found = behind(cast, "supervisor", unit_id=unit, only=only_)
        assert [row.ref for row in found.rows] == refs
        assert found.counts[only_] == len(refs)
        assert (found.total.numerator, found.total.denominator, found.total.excused) == (8, 9, 1)
    cell = unit_results(cast.supervisor.access, unit, JUNE)["T1"]
    assert (cell.value, cell.value_before_excuses, cell.is_met) == (Decimal("88.8889"), Decimal(80), False)
    with pytest.raises(Invalid):
        behind(cast, "supervisor", unit_id=unit, only="'; DROP")
    assert set(FILTERS) == set(found.counts)


def test_figures_and_rows_are_seen_in_scope_only(cast, june):
    """SEC-3: a manager sees his own, a supervisor the unit, a stranger nothing."""
    unit, me = cast.units["A"].pk, cast.staff["manager"].pk
    assert behind(cast, "manager", manager_id=me).figure.denominator == 9
    assert behind(cast, "manager", manager_id=me).rows[0].customer_name == "钱多多"
    with pytest.raises(NotFound):
        behind(cast, "manager", unit_id=unit)
    with pytest.raises(NotFound):
        behind(cast, "stranger_supervisor", unit_id=unit)
    for who in ("teammate", "stranger", "stranger_supervisor"):
        found = behind(cast, who, manager_id=me)
        assert (list(found.rows), found.figure.denominator, found.total.denominator) == ([], 0, 0)
    assert not person_results(access(cast.teammate), me, JUNE)
    assert person_results(access(cast.manager), me, JUNE)["T1"].denominator == 9
    assert {cell.manager_id for cell in manager_results(access(cast.supervisor), unit, JUNE)} >= {me}
    assert history(access(cast.manager), LATER, manager_id=me)["T1"][0].period_on == JUNE


def test_a_row_of_a_customer_who_was_handed_over_counts_without_name_or_link(cast, june):
    """Decisions 6."""
    gold = cast.customers["gold"]
    Assignment.unscoped.filter(customer=gold).update(valid_to=date(2026, 7, 3))
    Assignment.unscoped.create(customer=gold, staff=cast.staff["teammate"], valid_from=date(2026, 7, 3))
    gold.manager = cast.staff["teammate"]
    gold.save(update_fields=["manager"])
    found = behind(cast, "manager", manager_id=cast.staff["manager"].pk)
    hidden = [row for row in found.rows if row.is_hidden]
    assert [row.ref for row in hidden] == [101, 104, 107]
    assert {(row.customer_id, row.customer_name, row.left_on) for row in hidden} == {(None, "", date(2026, 7, 3))}
    assert found.total.denominator == 9
    assert not any(row.is_hidden for row in behind(cast, "supervisor", unit_id=cast.units["A"].pk).rows)


def test_a_correction_takes_two_signatures_and_makes_new_revisions_up_the_tree(cast, june):
    """Decisions 3, SEC-24: nothing changes before the second name; then the figure, the unit and the city do."""
    access(cast.supervisor, LATER), access(cast.group_department, LATER)
    asked = request_correction(
        indicator="T1", period_on=JUNE, unit_id=cast.units["A"].pk, manager_id=cast.staff["manager"].pk, ref=108,
        numerator=Decimal(1), denominator=Decimal(0), reason="补录的拜访", by=cast.supervisor, now=at(LATER),
    )  # fmt: skip
    assert Result.unscoped.filter(is_current=False).count() == 0
    assert asked.customer_id == cast.customers["silver"].pk
    assert told_of(asked) == [("group_department", "kpi_correction_asked")]
    cast.supervisor.access = access_for(cast.supervisor, LATER)
    with pytest.raises(NotAllowed):
        sign_correction(correction_id=asked.pk, by=cast.supervisor, now=at(LATER))
    first = Result.unscoped.filter(revision=1).order_by("pk")
    frozen = list(first.values_list("pk", "numerator", "value", "computed_at"))
    sign_correction(correction_id=asked.pk, by=cast.group_department, now=at(LATER))
    assert ("supervisor", "kpi_correction_signed") in told_of(asked)
    assert list(first.values_list("pk", "numerator", "value", "computed_at")) == frozen
    new = Result.unscoped.filter(is_current=True, revision=2)
    assert {(row.unit.code, row.is_unit) for row in new} == {("A", False), ("A", True), ("CITY", True)}
    assert {(row.numerator, row.denominator, row.value, row.is_met) for row in new} == {(9, 9, Decimal(100), True)}
    for subject in ({"unit_id": cast.units["CITY"].pk}, {"unit_id": cast.units["A"].pk}):
        found = behind(cast, "director", day=LATER, **subject)
        assert (found.figure.numerator, found.total.numerator, found.moved) == (9, 9, None)
        assert [row.reason for row in found.corrections] == ["补录的拜访"]
    with pytest.raises(Conflict):
        sign_correction(correction_id=asked.pk, by=cast.group_department, now=at(LATER))
    refresh(LATER, at(LATER), full=True)
    assert Result.unscoped.filter(is_current=True, revision=2).count() == 3


def test_nobody_signs_his_own_correction_and_a_refused_one_changes_nothing(cast, june):
    """SEC-24."""
    given = {
        "indicator": "T1", "period_on": JUNE, "unit_id": cast.units["A"].pk, "manager_id": cast.staff["manager"].pk,
        "numerator": Decimal(0), "denominator": Decimal(-1), "reason": "客户出国", "now": at(LATER),
    }  # fmt: skip
    access(cast.director, LATER), access(cast.group_department, LATER), access(cast.manager, LATER)
    asked = request_correction(by=cast.group_department, ref=108, **given)
    with pytest.raises(OwnRequest):
        sign_correction(correction_id=asked.pk, by=cast.group_department, now=at(LATER))
    with pytest.raises(Conflict):
        request_correction(by=cast.director, ref=108, **given)
    refuse_correction(correction_id=asked.pk, remark="没有证明", by=cast.director, now=at(LATER))
    assert Result.unscoped.filter(revision=2).count() == 0
    assert Correction.unscoped.get().state == "refused"
    assert told_of(asked) == [("group_department", "kpi_correction_refused")]
    again = request_correction(by=cast.group_department, ref=108, **given)
    sign_correction(correction_id=again.pk, by=cast.director, now=at(LATER))
    assert Result.unscoped.get(is_current=True, is_unit=False).value == 100
    with pytest.raises(NotAllowed):
        request_correction(by=cast.manager, **given)


@pytest.mark.parametrize("change, code", [
    ({"numerator": Decimal(0)}, "no_change"), ({"numerator": Decimal(2)}, "impossible"),
    ({"denominator": Decimal(-10)}, "impossible"), ({"period_on": date(2026, 7, 1)}, "not_frozen"),
    ({"reason": " "}, "blank"), ({"ref": 999}, "not_found"),
])  # fmt: skip
def test_an_impossible_correction_is_refused(cast, june, change, code):
    """Decisions 3: a figure above 100 % or below nought, of a month that runs, without a reason, of no row."""
    access(cast.group_department, LATER)
    given = {
        "indicator": "T1", "period_on": JUNE, "unit_id": cast.units["A"].pk, "manager_id": cast.staff["manager"].pk,
        "numerator": Decimal(1), "denominator": Decimal(0), "reason": "补录", "by": cast.group_department,
        "now": at(LATER),
    }  # fmt: skip
    with pytest.raises((Invalid, NotFound)) as refused:
        request_correction(**given | change)
    assert refused.value.code == code


def test_a_unit_that_moves_takes_no_frozen_figure_along(cast, june):
    """Decisions 3: the tree of that time; a correction counts up the tree of that time, too."""
    unit, b = cast.units["A"], cast.units["B"]
    unit.path, unit.parent = f"{b.path}{unit.pk}/", b
    unit.save(update_fields=["path", "parent"])
    assert behind(cast, "director", day=LATER, unit_id=b.pk).total.denominator == 0
    assert behind(cast, "director", day=LATER, unit_id=unit.pk).total.denominator == 9
    access(cast.director, LATER), access(cast.group_department, LATER)
    asked = request_correction(
        indicator="T1", period_on=JUNE, unit_id=unit.pk, manager_id=None, numerator=Decimal(0), denominator=Decimal(1),
        reason="漏记", by=cast.director, now=at(LATER),
    )  # fmt: skip
    sign_correction(correction_id=asked.pk, by=cast.group_department, now=at(LATER))
    found = behind(cast, "director", day=LATER, unit_id=cast.units["CITY"].pk)
    assert (found.figure.denominator, found.total.denominator, found.moved) == (10, 10, None)
    assert not Result.unscoped.filter(unit=b, is_unit=True).exists()
    assert behind(cast, "director", day=LATER, unit_id=unit.pk, is_nobody=True).figure.denominator == 1


def test_figures_that_tell_of_today_only_keep_what_their_period_ended_with(cast):
    """KPI-4: a past month is not counted from today's profiles; one that ended long ago has no figure at all."""
    indicator_for()
    rows = Rows()
    rows.add(cast.staff["manager"].pk, cast.units["A"].pk, date(2026, 6, 30), 5, 10)
    measure = measure_of(rows, nature=Nature.STOCK, is_of_today=True)
    with only(made_up=measure), write(label="system:test"):
        for day, filled in ((date(2026, 6, 30), 5), (date(2026, 7, 1), 6), (date(2026, 7, 2), 9)):
            rows[0]["numerator"] = str(filled)
            refresh(day, at(day), full=True)
        assert Result.unscoped.get(is_unit=False, period_on=JUNE).numerator == 6
        assert behind(cast, "director", unit_id=cast.units["A"].pk).total.numerator == 6
        freeze()
        assert Result.unscoped.get(is_unit=False, period_on=JUNE).numerator == 6
        assert compare(JUNE, today=LATER, now=at(LATER)) == []
    Evidence.unscoped.all().delete()
    FrozenMonth.objects.all().delete()
    Result.unscoped.all().delete()
    with only(made_up=measure):
        freeze(LATER)
    assert not Result.unscoped.filter(period_on=JUNE).exists()


def test_counting_a_frozen_month_again_gives_the_same_and_names_what_differs(cast, june):
    """KPI-4: re-run for last month gives the same values; it is compared, never written."""
    assert compare(JUNE, today=LATER, now=at(LATER)) == []
    june[0]["numerator"] = "0"
    before = figures()
    found = compare(JUNE, today=LATER, now=at(LATER))
    assert [(row.code, row.stored[0], row.counted[0]) for row in found] == [("T1", 8, 7)]
    assert figures() == before


def test_the_night_freezes_what_the_ledger_has_frozen_once(cast, june):
    """Decisions 3: months of the ledger, oldest first; twice is the same as once."""
    MonthFreeze.objects.create(month=JUNE, frozen_at=at(JULY_7))
    MonthFreeze.objects.create(month=date(2026, 5, 1), frozen_at=at(JULY_7))
    done = nightly.run_night(JULY_7, now=at(JULY_7, 5, 30), steps=["freeze_results", "count_results"])
    assert [row.step for row in done] == ["freeze_results", "count_results"]
    assert set(FrozenMonth.objects.values_list("month", flat=True)) == {date(2026, 5, 1), JUNE}
    kept = figures()
    again = nightly.run_night(JULY_7, now=at(JULY_7, 6), steps=["freeze_results", "count_results"])
    assert figures() == kept
    assert [(row.rows, row.differences) for row in again] == [(0, 0), (0, 0)]


def test_cover_moves_no_figure(cast, june):
    """Issue 5: the substitute sees and acts, the figure stays with the manager of record."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=JUNE, ends_on=LATER,
        arranged_by=cast.supervisor, arranged_at=at(JUNE),
    )  # fmt: skip
    assert stored_of(cast, "manager") == 9
    assert stored_of(cast, "teammate") == 0


def stored_of(cast, who):
    found = Result.unscoped.filter(manager=cast.staff[who], is_current=True, period_on=JUNE)
    return sum(row.denominator for row in found)
