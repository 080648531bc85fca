"""The filters of the losses as they stand in the address: read strictly, shown as chips, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import CustomerKind
from accounts.queries import names
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.pages import decode_cursor
from crm.core.text import clean_text
from retention.choices import LossKind
from retention.queries.losses import CompetitorView, competitors
from visits.filters import read_day, read_id

NONE = "none"
PAGING = ("q", "cursor")
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def is_english() -> bool:
    """Whether labels are shown in English now."""
    return (get_language() or "").startswith("en")


def read_year(raw: str) -> int:
    """A year of the address."""
    if not (raw.isascii() and raw.isdigit() and len(raw) == 4 and EARLIEST_YEAR <= int(raw) <= LATEST_YEAR):
        raise unknown_value("year")
    return int(raw)


def read_month(raw: str) -> date:
    """A month of the address, "2026-11"."""
    return read_day(f"{raw}-01", "month")


def read_unit(raw: str) -> int:
    """A unit that exists."""
    unit_id = read_id(raw, "unit")
    if not names.unit_name(unit_id):
        raise unknown_value("unit")
    return unit_id


def read_manager(raw: str) -> int | None:
    """A colleague, or nobody."""
    if raw == NONE:
        return None
    card = names.staff_card(read_id(raw, "manager"))
    if card is None:
        raise unknown_value("manager")
    return card.id


Found = tuple[dict[str, Any], str]


def _year(raw: str) -> Found:
    year = read_year(raw)
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}, raw


def _month(raw: str) -> Found:
    first = read_month(raw)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {"first": first, "last": last}, date_format(first, "YEAR_MONTH_FORMAT")


def _kind(raw: str) -> Found:
    if raw not in LossKind.values:
        raise unknown_value("kind")
    return {"kind": raw}, str(LossKind(raw).label)


def _customers(raw: str) -> Found:
    if raw not in CustomerKind.values:
        raise unknown_value("customers")
    return {"customer_kind": raw}, str(CustomerKind(raw).label)


def _competitor(raw: str) -> Found:
    if raw == NONE:
        return {"competitor_id": None}, _("No competitor involved")
    found: CompetitorView | None = next((one for one in competitors() if one.code == raw), None)
    if found is None:
        raise unknown_value("competitor")
    return {"competitor_id": found.id}, found.label(english=is_english())


def _tier(raw: str) -> Found:
    found = next((tier for tier in names.tiers(CustomerKind.VIP) if tier.code == raw), None)
    if found is None:
        raise unknown_value("tier")
    return {"tier_ids": [found.id]}, found.label()


def _unit(raw: str) -> Found:
    unit_id = read_unit(raw)
    return {"unit_ids": list(names.subtree(unit_id))}, names.unit_name(unit_id)


def _only(raw: str) -> Found:
    unit_id = read_unit(raw)
    return {"unit_ids": [unit_id]}, _("%(unit)s itself") % {"unit": names.unit_name(unit_id)}


def _manager(raw: str) -> Found:
    staff_id = read_manager(raw)
    name = names.staff_name(staff_id) if staff_id is not None else _("Without a manager")
    return {"manager_id": staff_id}, f"{_('Manager')}: {name}"


def _base(raw: str) -> Found:
    words = {"vips": _("VIPs of 1 January"), "diamond_gold": _("Diamond and gold of 1 January")}
    if raw not in words:
        raise unknown_value("base")
    return {raw: True}, words[raw]


def _cause(raw: str) -> Found:
    if raw != NONE:
        raise unknown_value("cause")
    return {"no_cause": True}, _("Cause not written down")


def _back(raw: str) -> Found:
    if raw not in ("1", "void"):
        raise unknown_value("back")
    return ({"is_void": True}, _("Came back in time")) if raw == "void" else ({"returned": True}, _("Came back"))


READERS: Mapping[str, Callable[[str], Found]] = {
    "year": _year,
    "month": _month,
    "kind": _kind,
    "customers": _customers,
    "competitor": _competitor,
    "tier": _tier,
    "unit": _unit,
    "only": _only,
    "manager": _manager,
    "base": _base,
    "cause": _cause,
    "back": _back,
}


@dataclass(frozen=True)
class LossQuery:
    """What the address asks for: conditions for the query, chips for the page."""

    filters: Mapping[str, Any]
    search: str
    after: tuple[date, int] | None
    chips: tuple[Chip, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the losses of all time is asked for."""
        return bool(self.chips or self.search)


def read_query(params: QueryDict) -> LossQuery:
    """Read the address; who came back in time was never lost and is shown only when asked for."""
    given = dict(given_of(params, (*READERS, *PAGING)))
    filters: dict[str, Any] = {"is_void": False}
    chips: list[Chip] = []
    for name, raw in given.items():
        if name not in PAGING:
            conditions, label = READERS[name](raw)
            filters |= conditions
            chips.append(Chip(label, without(params, name)))
    after = decode_cursor(given["cursor"], 2, (date, int)) if "cursor" in given else None
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    shown = {name: raw for name, raw in given.items() if name != "cursor"}
    return LossQuery(filters, search, after, tuple(chips), shown)
