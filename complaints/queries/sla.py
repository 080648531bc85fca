"""The table of targets in time and the office hours, as headquarters reads them (CMP-2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import CustomerKind
from accounts.queries import names
from complaints.choices import CaseKind, CaseLevel, Hours
from complaints.models import Category, SlaRule
from crm.core.models import OfficeHours


@dataclass(frozen=True, slots=True)
class Values:
    """What a row of the table says, in words."""

    since: date
    first_reply: str
    update: str
    solution: str
    hours: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell of the table: what holds today, what will, and what held."""

    kind: str
    category_id: int | None
    tier_id: int | None
    level: str
    selector: str
    now: Values | None
    upcoming: tuple[Values, ...]
    past: int


@dataclass(frozen=True, slots=True)
class KindTable:
    """The cells of one kind of case, the general one first."""

    kind: str
    label: str
    cells: tuple[CellRow, ...]


def _values(rule: SlaRule) -> Values:
    return Values(
        rule.effective_from, duration(rule.first_reply_minutes), duration(rule.update_minutes),
        duration(rule.solution_minutes), str(Hours(rule.hours).label), rule.set_by_id is None,
    )  # fmt: skip


def duration(minutes: int | None) -> str:
    """A target as people say it; a dash without one."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    hours = minutes / 60
    return _("%(n)s h") % {"n": f"{hours:.1f}".rstrip("0").rstrip(".")}


def sla_table(today: date) -> list[KindTable]:
    """Every kind of case with its cells; a kind without any says so by an empty list."""
    categories = dict(Category.objects.values_list("pk", _language_column()))
    cells: dict[tuple[Any, ...], list[SlaRule]] = defaultdict(list)
    for rule in SlaRule.objects.order_by("effective_from"):
        cells[rule.kind, rule.category_id, rule.tier_id, rule.level].append(rule)
    rows = [_cell(key, rules, today, categories) for key, rules in cells.items()]
    rows.sort(key=_place)
    return [KindTable(kind.value, str(kind.label), tuple(row for row in rows if row.kind == kind)) for kind in CaseKind]


def _place(row: CellRow) -> tuple[Any, ...]:
    """The general first; tiers from the best down."""
    tier = names.tier(row.tier_id)
    return row.category_id is not None, (tier.kind, tier.rank) if tier else ("", 0), row.level != "", row.selector


def minutes_now(kind: str, category_id: int | None, tier_id: int | None, level: str, today: date) -> dict[str, Any]:
    """What a cell says today, for whoever changes it; nothing for a new one."""
    cell: dict[str, Any] = {"kind": kind, "category_id": category_id, "tier_id": tier_id, "level": level}
    columns = ("first_reply_minutes", "update_minutes", "solution_minutes", "hours")
    rows = SlaRule.objects.filter(**cell, effective_from__lte=today)
    found = rows.order_by("-effective_from").values(*columns).first()
    return dict(found) if found else {}


def _cell(key: tuple[Any, ...], rules: list[SlaRule], today: date, categories: dict[int, str]) -> CellRow:
    kind, category_id, tier_id, level = key
    held = [rule for rule in rules if rule.effective_from <= today]
    return CellRow(
        kind, category_id, tier_id, level, _selector(category_id, tier_id, level, categories),
        _values(held[-1]) if held else None,
        tuple(_values(rule) for rule in rules if rule.effective_from > today), max(len(held) - 1, 0),
    )  # fmt: skip


def _selector(category_id: int | None, tier_id: int | None, level: str, categories: dict[int, str]) -> str:
    """Which cases a cell is about, in words."""
    tier = names.tier(tier_id)
    parts = [
        categories.get(category_id, "") if category_id is not None else "",
        f"{CustomerKind(tier.kind).label} {tier.label()}" if tier is not None else "",
        str(CaseLevel(level).label) if level else "",
    ]
    return " · ".join(part for part in parts if part) or _("All others")


def category_choices() -> list[tuple[int, str]]:
    """Categories in use, in their order."""
    rows = Category.objects.filter(is_active=True).order_by("position", "pk")
    return list(rows.values_list("pk", _language_column()))


def tier_choices() -> list[tuple[int, str]]:
    """Tiers in use with the kind of customer they belong to."""
    return [(tier.id, f"{CustomerKind(tier.kind).label} · {tier.label()}") for tier in names.tiers()]


def _language_column() -> str:
    return "label_en" if (get_language() or "").startswith("en") else "label_zh"


def office_hours_rows() -> list[OfficeHours]:
    """The office hours, the newest first."""
    return list(OfficeHours.objects.order_by("-effective_from"))


def hours_now(rows: list[OfficeHours], today: date) -> dict[str, Any]:
    """The office hours of today, for whoever changes them."""
    held = next((row for row in rows if row.effective_from <= today), None)
    return {name: getattr(held, name) for name in ("opens", "lunch_from", "lunch_to", "closes")} if held else {}
