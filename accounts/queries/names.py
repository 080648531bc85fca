"""Names for lists from a small cache of the process (decisions 35), renewed every 30 seconds."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from crm.core.scope import Scope

CACHE_SECONDS = 30.0
AGAIN_SECONDS = 1.0
"""A code nobody knows makes the cache look again, but not once per row of a bulk call."""


@dataclass(frozen=True, slots=True)
class TierView:
    """A tier as lists show it."""

    id: int
    kind: str
    code: str
    rank: int
    label_zh: str
    label_en: str
    is_active: bool = True

    def label(self, language: str | None = None) -> str:
        """The label in a language, that of the moment without one."""
        chosen = language or get_language() or ""
        return self.label_en if chosen.startswith("en") else self.label_zh

    def __str__(self) -> str:
        return self.label()


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A colleague as lists and cards show him (ORG-10)."""

    id: int
    user_id: int
    number: str
    name: str
    unit_id: int
    line: str
    grade: str
    phone: str
    supervisor_id: int | None
    backup_id: int | None
    is_active: bool
    employment_form: str = "own"


@dataclass
class _Names:
    loaded_at: float = float("-inf")
    tiers: dict[int, TierView] = field(default_factory=dict)
    units: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # name, code, path
    staff: dict[int, StaffCard] = field(default_factory=dict)
    by_user: dict[int, StaffCard] = field(default_factory=dict)
    tier_codes: dict[tuple[str, str], TierView] = field(default_factory=dict)  # by kind and code
    unit_codes: dict[str, int] = field(default_factory=dict)
    staff_numbers: dict[str, int] = field(default_factory=dict)
    missing: set[tuple[str, int]] = field(default_factory=set)
    """Ids that were looked for in vain since the cache grew old: a service user has no staff row, again and again."""


_names = _Names()
_SQL = {
    "tiers": "SELECT id, kind, code, rank, label_zh, label_en, is_active FROM accounts_tier",
    "units": "SELECT id, name, code, path FROM accounts_unit",
    "staff": "SELECT id, user_id, number, name, unit_id, line, grade, phone, supervisor_id, backup_id,"
    " is_active, employment_form FROM accounts_staff",
}


def forget() -> None:
    """Read everything again at the next question (after a change, and in tests)."""
    _names.loaded_at = float("-inf")


def _load(*, renew: bool = False) -> _Names:
    if renew or time.monotonic() - _names.loaded_at > CACHE_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(_SQL["tiers"])
            _names.tiers = {row[0]: TierView(*row) for row in cursor.fetchall()}
            cursor.execute(_SQL["units"])
            _names.units = {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}
            cursor.execute(_SQL["staff"])
            _names.staff = {row[0]: StaffCard(*row) for row in cursor.fetchall()}
        _names.by_user = {card.user_id: card for card in _names.staff.values()}
        _names.tier_codes = {(view.kind, view.code): view for view in _names.tiers.values()}
        _names.unit_codes = {unit[1]: unit_id for unit_id, unit in _names.units.items()}
        _names.staff_numbers = {card.number.upper(): card.id for card in reversed(_names.staff.values())}
        if not renew:
            _names.missing.clear()
        _names.loaded_at = time.monotonic()
    return _names


def _by_id(table: str, row_id: int) -> Any:
    """A row of the cache by id; an unknown id makes it look again, once."""
    found = getattr(_load(), table).get(row_id)
    if found is None and (table, row_id) not in _names.missing:
        found = getattr(_load(renew=True), table).get(row_id)
        if found is None:
            _names.missing.add((table, row_id))
    return found


def _look(table: str, key: Hashable) -> Any:
    """A hit in the cache; when there is none, look once more in a cache that is a second old."""
    found = getattr(_load(), table).get(key)
    if found is None and time.monotonic() - _names.loaded_at > AGAIN_SECONDS:
        found = getattr(_load(renew=True), table).get(key)
    return found


def tier(tier_id: int | None) -> TierView | None:
    """A tier by id."""
    if tier_id is None:
        return None
    found: TierView | None = _by_id("tiers", tier_id)
    return found


def tiers(kind: str | None = None) -> list[TierView]:
    """All tiers in use, best first, of one customer kind when given."""
    found = [view for view in _load().tiers.values() if view.is_active and kind in (None, view.kind)]
    return sorted(found, key=lambda view: (view.kind, view.rank))


def tier_by_code(kind: str, code: str) -> TierView | None:
    """A tier by the code that files and machines use."""
    view: TierView | None = _look("tier_codes", (kind, code))
    return view


def unit_id_by_code(code: str) -> int | None:
    """A unit's id by its code."""
    unit_id: int | None = _look("unit_codes", code)
    return unit_id


def staff_id_by_number(number: str) -> int | None:
    """A colleague's id by his staff number, whatever the case of its letters."""
    staff_id: int | None = _look("staff_numbers", number.strip().upper())
    return staff_id


def unit_name(unit_id: int | None) -> str:
    """A unit's name; empty without one."""
    if unit_id is None:
        return ""
    found = _by_id("units", unit_id)
    return found[0] if found else ""


def unit_code(unit_id: int | None) -> str:
    """A unit's code; empty without one."""
    if unit_id is None:
        return ""
    found = _by_id("units", unit_id)
    return found[1] if found else ""


def unit_path(unit_id: int | None) -> str:
    """A unit's place in the tree, "/1/4/9/"; empty without one."""
    if unit_id is None:
        return ""
    found = _by_id("units", unit_id)
    return found[2] if found else ""


def subtree(unit_id: int) -> tuple[int, ...]:
    """The unit and everything below it."""
    found = _by_id("units", unit_id)
    if found is None:
        return ()
    return tuple(key for key, unit in _names.units.items() if unit[2].startswith(found[2]))


def units_above(unit_id: int) -> tuple[int, ...]:
    """The unit and every unit it belongs to."""
    found = _by_id("units", unit_id)
    return tuple(int(key) for key in found[2].split("/") if key) if found else ()


def staff_card(staff_id: int | None) -> StaffCard | None:
    """A colleague by id."""
    if staff_id is None:
        return None
    found: StaffCard | None = _by_id("staff", staff_id)
    return found


def staff_name(staff_id: int | None) -> str:
    """A colleague's name; empty without one."""
    card = staff_card(staff_id)
    return card.name if card else ""


def staff_of(user_id: int | None) -> StaffCard | None:
    """The staff row behind a user; None for service users."""
    if user_id is None:
        return None
    found: StaffCard | None = _by_id("by_user", user_id)
    return found


def staff_of_unit(unit_id: int) -> list[StaffCard]:
    """The active people of one unit (not of those below it)."""
    return [card for card in _load().staff.values() if card.unit_id == unit_id and card.is_active]


def active_staff() -> list[StaffCard]:
    """Everybody who is with us today, by name."""
    return sorted((card for card in _load().staff.values() if card.is_active), key=lambda card: card.name)


MOST_UNITS = 60


def units_in(scope: Scope) -> list[tuple[int, str]]:
    """The units of a scope to choose from, in the order of the tree; none for who sees his own customers only."""
    if not scope.everything:
        return [(unit_id, unit_name(unit_id)) for unit_id in scope.unit_ids[:MOST_UNITS]]
    with connection.cursor() as db:
        db.execute("SELECT id, name FROM accounts_unit WHERE is_active ORDER BY path LIMIT %s", [MOST_UNITS])
        return list(db.fetchall())
