"""What the pages of scorecard versions and of targets show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.asked import Asked
from crm.core.errors import NotFound
from kpi import value_words as words
from kpi.actions.targets import MAY as SETS_TARGETS
from kpi.actions.targets import Effect
from kpi.choices import ASSESSED, Audience, Category, Direction, Scoring, VersionState
from kpi.forms.cards import LinesForm, TargetForm, VersionForm, needs_of
from kpi.models import Indicator, IndicatorTarget, ScorecardLine, ScorecardVersion
from kpi.queries import counted
from kpi.queries.cards import card_scope
from kpi.queries.indicators import all_indicators, targets_on
from kpi.queries.versions import (
    SETS_ALL,
    SETS_OWN,
    lines_of,
    may_set,
    version_for,
    version_list,
    weights_by_category,
)
from kpi.rules.card_text import write_needs
from kpi.sub_items import SUB_ITEMS


def versions(access: Access) -> dict[str, Any]:
    """All versions by year: headquarters' first, then the units'."""
    rows = version_list(access)
    years: dict[int, list[ScorecardVersion]] = {}
    for row in rows:
        years.setdefault(row.year, []).append(row)
    return {"years": list(years.items()), "can_make": access.can_any(SETS_ALL, SETS_OWN)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a version in words."""

    code: str
    label: str
    sub_no: int
    sub_item: str | Promise
    weight: Decimal
    scoring: str | Promise
    target: str
    is_own_target: bool
    needs: str
    method: str


@dataclass(slots=True)
class Group:
    """One category of a version."""

    number: int
    label: str | Promise
    weight: Decimal
    lines: list[Line] = field(default_factory=list)


def one_version(access: Access, version_id: int, today: date) -> dict[str, Any]:
    """A version with its lines by category and what may be done with it."""
    row = version_for(access, version_id)
    lines = lines_of([row.pk])[row.pk]
    sums = weights_by_category(lines)
    may = may_set(access, row.unit_id)
    whole = sum(sums.values(), Decimal(0))
    return {
        "row": row,
        "groups": _groups(lines, sums, today),
        "whole": whole,
        "sub_items": len({(line.indicator.category, line.indicator.sub_no) for line in lines}),
        "is_draft": row.state == VersionState.DRAFT,
        "can_set": may,
        "can_copy": access.can_any(SETS_ALL, SETS_OWN),
    }


def _groups(lines: Iterable[ScorecardLine], sums: dict[int, Decimal], today: date) -> list[Group]:
    usual, labels = targets_on(today), {row.id: row.label() for row in all_indicators()}
    found = {number: Group(number, Category(number).label, sums[number]) for number in ASSESSED if number in sums}
    for line in lines:
        row = line.indicator
        target, is_strict = (line.target, False) if line.target is not None else usual.get(row.pk, (None, False))
        found[row.category].lines.append(
            Line(
                row.code, labels.get(row.pk, row.code), row.sub_no, SUB_ITEMS.get((row.category, row.sub_no), ""),
                line.weight, Scoring(line.scoring).label,
                words.target_words(target, row.display, row.direction, is_strict=is_strict),
                line.target is not None, write_needs(line.scoring, needs_of(line)), row.get_method_display(),
            )
        )  # fmt: skip
    return list(found.values())


def version_form(request: Asked, today: date) -> VersionForm:
    """The form of a new draft; `?base=` names the version it copies."""
    initial: dict[str, Any] = {"year": today.year, "audience": Audience.MANAGER.value}
    raw = request.GET.get("base", "")
    if raw.isascii() and raw.isdigit() and len(raw) < 10:
        base = version_for(request.access, int(raw))
        initial |= {"base_id": base.pk, "unit_id": base.unit_id, "audience": base.audience, "title": base.title}
    return VersionForm(request.POST or None, initial=initial, access=request.access, year=today.year)


def lines_form(request: Asked, version_id: int, today: date) -> tuple[ScorecardVersion, LinesForm]:
    """A draft with its form; what is in force has none (404), it is copied instead."""
    row = version_for(request.access, version_id)
    if row.state != VersionState.DRAFT:
        raise NotFound
    usual = targets_on(today)
    indicators = list(
        Indicator.objects.filter(category__in=ASSESSED, is_active=True).order_by("category", "sub_no", "position")
    )
    shown = {
        each.pk: words.target_words(target[0], each.display, each.direction, is_strict=target[1])
        for each in indicators if (target := usual.get(each.pk)) is not None
    }  # fmt: skip
    form = LinesForm(
        request.POST or None, indicators=indicators, lines=lines_of([row.pk])[row.pk], usual=shown,
        initial={"title": row.title, "note": row.note, "version": row.version},
    )  # fmt: skip
    return row, form


@dataclass(frozen=True, slots=True)
class Would:
    """One subject of a preview: the score it has by what holds, and by the version that is looked at."""

    name: str
    unit: str
    now: Decimal | None
    then: Decimal | None
    rank_now: int | None
    rank_then: int | None

    @property
    def change(self) -> Decimal | None:
        """More or less."""
        return None if self.now is None or self.then is None else self.then - self.now


def preview(access: Access, version_id: int, today: date) -> dict[str, Any]:
    """This month's scores by this version beside those that hold; only of whom the reader leads."""
    row = version_for(access, version_id)
    month, units = today.replace(day=1), row.audience == Audience.UNIT
    scope = card_scope(access)
    everybody = counted.assessed_units(month) if units else counted.assessed_managers(month)
    subjects = [one for one in everybody if scope.allows(unit_id=one.unit_id, manager_id=one.staff_id)]
    then = counted.cards_of(month, units=units, subjects=subjects, instead=row)
    now = {card.subject: card for card in counted.cards_of(month, units=units, subjects=[c.subject for c in then])}
    rows = [_would(card, now.get(card.subject)) for card in then]
    rows.sort(key=lambda one: (one.then is None, -(one.then or 0), one.name))
    return {"row": row, "rows": rows, "month": month, "units": units}


def _would(then: counted.Counted, now: counted.Counted | None) -> Would:
    subject = then.subject
    unit = names.unit_name(subject.unit_id)
    name = names.staff_name(subject.staff_id) if subject.staff_id else unit
    return Would(name, unit, now.total if now else None, then.total, now.rank if now else None, then.rank)


# --- Targets


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator with what it has to reach."""

    id: int
    code: str
    label: str
    target: str
    since: date | None
    source: str
    is_ours: bool
    upcoming: list[tuple[date, str]]
    past: int
    can_change: bool


def targets_shown(access: Access, today: date) -> dict[str, Any]:
    """Every indicator by category with its target of today, the ones before counted, the next named."""
    kept: dict[int, list[IndicatorTarget]] = {}
    for target in IndicatorTarget.objects.order_by("effective_from"):
        kept.setdefault(target.indicator_id, []).append(target)
    groups: dict[int, list[TargetLine]] = {}
    for row in all_indicators():
        mine = kept.get(row.id, [])
        now = [one for one in mine if one.effective_from <= today]
        said = [(one.effective_from, _target(row, one)) for one in mine if one.effective_from > today]
        last = now[-1] if now else None
        groups.setdefault(row.category, []).append(
            TargetLine(
                row.id, row.code, row.label(), _target(row, last) if last else "",
                last.effective_from if last else None,
                last.source if last else "", last is not None and last.source == "ours", said, max(len(now) - 1, 0),
                row.direction != Direction.NONE,
            )
        )  # fmt: skip
    return {
        "groups": [(Category(number).label, number, groups[number]) for number in sorted(groups)],
        "can_set": access.can(SETS_TARGETS),
    }


def _target(row: Any, target: IndicatorTarget) -> str:
    return words.target_words(target.value, row.display, row.direction, is_strict=target.is_strict)


def target_form(request: Asked, today: date) -> TargetForm:
    """The form of a new target; `?indicator=` chooses one with its target of today."""
    rows = list(Indicator.objects.filter(is_active=True).exclude(direction=Direction.NONE).order_by("position"))
    labels = {row.id: f"{row.code} {row.label()}" for row in all_indicators()}
    initial: dict[str, Any] = {"effective_from": today}
    chosen = next((row for row in rows if row.code == request.GET.get("indicator", "")), None)
    if chosen is not None:
        value, is_strict = targets_on(today).get(chosen.pk, (None, False))
        shown = "" if value is None else words.short_number(value).replace(",", "")
        initial |= {"indicator_id": chosen.pk, "target": shown, "is_strict": is_strict}
    choices: Sequence[tuple[Any, str]] = [("", "—"), *((row.pk, labels.get(row.pk, row.code)) for row in rows)]
    return TargetForm(request.POST or None, initial=initial, indicators=rows, choices=choices)


def shown_effect(effect: Effect) -> dict[str, Any]:
    """A preview in words: which units would lose or win their green light."""
    return {
        "preview": effect,
        "lost": [names.unit_name(unit_id) for unit_id in effect.units_lost],
        "won": [names.unit_name(unit_id) for unit_id in effect.units_won],
    }
