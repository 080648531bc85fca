"""Who is assessed in a month, and what the scorecards come to: read from results only (KPI-1, KPI-2, KPI-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Q, Sum

from accounts.choices import Role, UnitType
from accounts.models import Post, Staff, Unit
from kpi.choices import Period
from kpi.models import Result, ScorecardLine, ScorecardVersion
from kpi.queries.versions import Holding, holding_in, lines_of, rule_of
from kpi.rules.periods import period_of
from kpi.rules.scoring import Card, Scored, half_up, ranks, score
from kpi.rules.values import exact, rounded


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is assessed: a unit (no staff), or a manager with the units he stands under, the topmost first."""

    unit_id: int
    branch_id: int
    above: tuple[int, ...] = ()
    staff_id: int | None = None

    @property
    def key(self) -> int:
        """What his results are found by."""
        return self.unit_id if self.staff_id is None else self.staff_id


@dataclass(frozen=True, slots=True)
class Total:
    """What the results of one indicator come to for one subject, with the target they were counted against."""

    numerator: Decimal
    denominator: Decimal
    target: Decimal | None
    is_strict: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One subject's card of one month with its places."""

    subject: Subject
    version_id: int
    total: Decimal | None
    lines: list[dict[str, Any]]
    rank: int | None
    of: int
    rank_overall: int | None
    of_overall: int


# --- Who


def assessed_units(month: date) -> list[Subject]:
    """The branches that are live by the end of the month (KPI-1)."""
    return [Subject(pk, pk) for pk in sorted(_branches(_units(), month))]


def assessed_managers(month: date) -> list[Subject]:
    """Everybody who held a manager's post in the month (KPI-2)."""
    units = _units()
    branches, last = _branches(units, month), period_of(Period.MONTH, month).last
    posts = Post.unscoped.filter(
        Q(starts_on=None) | Q(starts_on__lte=last), Q(ends_on=None) | Q(ends_on__gte=month), role=Role.MANAGER
    )
    people = Staff.unscoped.filter(pk__in=posts.values("staff_id")).order_by("pk").values_list("pk", "unit_id")
    return [_manager(units, branches, staff_id, unit_id) for staff_id, unit_id in people]


def _manager(units: Mapping[int, Unit], branches: set[int], staff_id: int, unit_id: int) -> Subject:
    above = tuple(int(key) for key in units[unit_id].path.split("/") if key)
    branch = next((key for key in reversed(above) if key in branches), unit_id)
    return Subject(unit_id, branch, above, staff_id)


def _units() -> dict[int, Unit]:
    return Unit.unscoped.in_bulk()


def _branches(units: Mapping[int, Unit], month: date) -> set[int]:
    last = period_of(Period.MONTH, month).last
    return {
        pk
        for pk, unit in units.items()
        if unit.type == UnitType.BRANCH and unit.is_active and unit.live_from is not None and unit.live_from <= last
    }


# --- What


def totals_of(month: date, *, units: bool, keys: Sequence[int]) -> dict[int, dict[int, Total]]:
    """Unit or staff id → indicator → sums. A month shows its own results and those of its quarter and its year.

    What a manager earned in several units adds up.
    """
    kinds = Q()
    for kind in Period.values:
        kinds |= Q(indicator__period=kind, period_on=period_of(kind, month).first)
    key = "unit_id" if units else "manager_id"
    rows = (
        Result.unscoped.filter(kinds, is_current=True, is_unit=units, **{f"{key}__in": keys})
        .values_list(key, "indicator_id")
        .annotate(n=Sum("numerator"), d=Sum("denominator"), goal=Max("target"), strict=BoolOr("is_strict"))
    )
    found: dict[int, dict[int, Total]] = {}
    for subject, indicator, numerator, denominator, target, is_strict in rows:
        found.setdefault(subject, {})[indicator] = Total(numerator, denominator, target, bool(is_strict))
    return found


def cards_of(
    month: date, *, units: bool, subjects: Sequence[Subject], instead: ScorecardVersion | None = None
) -> list[Counted]:
    """Every subject's card with its places. `instead`: only those for whom this version would hold, by it."""
    holding = holding_in(month)
    held = [(subject, _version(holding, subject, units=units, instead=instead)) for subject in subjects]
    known = [(subject, version) for subject, version in held if version is not None]
    lines = lines_of({version.pk for _subject, version in known})
    totals = totals_of(month, units=units, keys=[subject.key for subject, _version in known])
    return _placed(
        [(subject, version.pk, *card_of(lines[version.pk], totals.get(subject.key, {}))) for subject, version in known]
    )


def _version(
    holding: Holding, subject: Subject, *, units: bool, instead: ScorecardVersion | None
) -> ScorecardVersion | None:
    usual = holding.for_unit() if units else holding.for_manager(subject.above)
    if instead is None or units:
        return instead or usual
    if instead.unit_id is not None:
        return instead if instead.unit_id in subject.above else None
    return instead if usual is None or usual.unit_id is None else None


def card_of(lines: Sequence[ScorecardLine], totals: Mapping[int, Total]) -> tuple[Card, list[dict[str, Any]]]:
    """One subject's card, and its lines as they are kept."""
    rules, values, kept = [], {}, {}
    for line in lines:
        found = totals.get(line.indicator_id)
        rule = rule_of(line, (found.target, found.is_strict) if found else (None, False))
        rules.append(rule)
        values[rule.code] = exact(rule.display, found.numerator, found.denominator) if found else None
        kept[rule.code] = found
    card = score(rules, values)
    return card, [_kept(one, kept[one.line.code]) for one in card.lines]


def _kept(one: Scored, found: Total | None) -> dict[str, Any]:
    """A line word for word: it stays what it was whatever becomes of the indicator."""
    return {
        "code": one.line.code,
        "weight": str(one.line.weight),
        "target": None if one.line.target is None else f"{one.line.target.normalize():f}",
        "strict": one.line.is_strict,
        "n": None if found is None else str(found.numerator),
        "d": None if found is None else str(found.denominator),
        "value": None if one.value is None else str(rounded(one.value)),
        "points": None if one.points is None else str(half_up(one.points)),
        "carries": str(one.carries),
        "earned": str(one.earned),
    }


def _placed(cards: Sequence[tuple[Subject, int, Card, list[dict[str, Any]]]]) -> list[Counted]:
    """KPI-12: the place in the branch (a unit: among the units) and among all who are assessed by the same version."""
    groups: dict[Any, list[tuple[int, Decimal | None]]] = {}
    for subject, version_id, card, _lines in cards:
        for group in _groups(subject, version_id):
            groups.setdefault(group, []).append((subject.key, card.total))
    places = {group: ranks(members) for group, members in groups.items()}
    found = []
    for subject, version_id, card, lines in cards:
        (rank, of), (rank_overall, of_overall) = (
            (places[group].get(subject.key), len(places[group])) for group in _groups(subject, version_id)
        )
        found.append(Counted(subject, version_id, card.total, lines, rank, of, rank_overall, of_overall))
    return found


def _groups(subject: Subject, version_id: int) -> tuple[tuple[str, int], tuple[str, int]]:
    own = ("units", 0) if subject.staff_id is None else ("branch", subject.branch_id)
    return own, ("version", version_id)
