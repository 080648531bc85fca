"""The customer list's filters as they stand in the URL: read strictly, shown as chips, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import AlertLevel, CustomerKind, CustomerState, DutyState, MarketBand
from accounts.queries import names
from accounts.queries.customer_list import SORTS
from accounts.queries.learned import waiting_too_long
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.errors import Invalid
from crm.core.text import clean_text

STALE_DAYS = 183
SOON_DAYS = 7
PAGING = ("q", "sort", "cursor", "part")


@dataclass(frozen=True)
class CustomerQuery:
    """What the address asks for: conditions for the query, chips for the page."""

    filters: Mapping[str, Any]
    search: str
    sort: str
    cursor: str
    chips: tuple[Chip, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the whole portfolio is asked for."""
        return bool(self.filters or self.search)


Reader = Callable[[str, date], tuple[dict[str, Any], str]]
"""Raw value → (conditions, words of the chip)."""


def _choice(name: str, choices: Any, column: str = "") -> Reader:
    def read(raw: str, today: date) -> tuple[dict[str, Any], str]:
        if raw not in choices.values:
            raise unknown_value(name)
        return {column or name: raw}, str(choices(raw).label)

    return read


def _flag(name: str, label: Any) -> Reader:
    def read(raw: str, today: date) -> tuple[dict[str, Any], str]:
        if raw not in ("1", "0"):
            raise unknown_value(name)
        return {name: raw == "1"}, str(label) if raw == "1" else _("not: %(filter)s") % {"filter": label}

    return read


def _text(name: str, label: Any) -> Reader:
    def read(raw: str, today: date) -> tuple[dict[str, Any], str]:
        value = clean_text(raw, field=name, max_length=30, blank=False)
        return {name: value}, f"{label}: {value}"

    return read


def _tier(raw: str, today: date) -> tuple[dict[str, Any], str]:
    found = [view for view in names.tiers() if view.code in raw.split(",")]
    if not found:
        raise unknown_value("tier")
    return {"tier_ids": [view.id for view in found]}, " / ".join(dict.fromkeys(view.label() for view in found))


def _manager(raw: str, today: date) -> tuple[dict[str, Any], str]:
    card = names.staff_card(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 18 else None
    if card is None:
        raise unknown_value("manager")
    return {"manager_id": card.id}, card.name


def _unit(raw: str, today: date) -> tuple[dict[str, Any], str]:
    name = names.unit_name(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 18 else ""
    if not name:
        raise unknown_value("unit")
    return {"unit_ids": names.subtree(int(raw))}, name


def _band(raw: str, today: date) -> tuple[dict[str, Any], str]:
    """CUS-23: "mid-high" is both upper bands."""
    if raw == "mid_high":
        return {"bands": [MarketBand.HIGH, MarketBand.MID]}, _("Middle and high end")
    if raw not in MarketBand.values:
        raise unknown_value("band")
    return {"bands": [raw]}, str(MarketBand(raw).label)


def _due_soon(raw: str, today: date) -> tuple[dict[str, Any], str]:
    if raw != "1":
        raise unknown_value("due_soon")
    return {"due_by": today + timedelta(days=SOON_DAYS)}, _("Due within %(n)d days") % {"n": SOON_DAYS}


def _stale(raw: str, today: date) -> tuple[dict[str, Any], str]:
    """CUS-12: archive not updated for six months."""
    if raw != "1":
        raise unknown_value("stale")
    return {"not_updated_since": today - timedelta(days=STALE_DAYS)}, _("Not updated for 6 months")


def _unsynced(raw: str, today: date) -> tuple[dict[str, Any], str]:
    """CUS-10: learned here, and not taken over by the source for so many working days."""
    if raw != "1":
        raise unknown_value("unsynced")
    return {"unsynced_since": waiting_too_long(today)}, _("Not synced yet")


def _face_to_face(raw: str, today: date) -> tuple[dict[str, Any], str]:
    if raw != "1":
        raise unknown_value("face_to_face")
    return {"face_to_face_by": today + timedelta(days=366)}, _("Face-to-face contact owed")


READERS: dict[str, Reader] = {
    "kind": _choice("kind", CustomerKind),
    "state": _choice("state", CustomerState),
    "tier": _tier,
    "duty": _choice("duty", DutyState, "duty_state"),
    "overdue": _flag("overdue", gettext_lazy("Overdue")),
    "complaints": _flag("complaints", gettext_lazy("Open complaint")),
    "alerts": _flag("alerts", gettext_lazy("Open alert")),
    "alert": _choice("alert", AlertLevel, "alert_level"),
    "due_soon": _due_soon,
    "face_to_face": _face_to_face,
    "manager": _manager,
    "unit": _unit,
    "band": _band,
    "important": _flag("important", gettext_lazy("Important VIP")),
    "ordinary_sim": _flag("ordinary_sim", gettext_lazy("No exclusive SIM")),
    "unassigned": _flag("unassigned", gettext_lazy("Without manager")),
    "without_leader": _flag("without_leader", gettext_lazy("No leader known")),
    "incomplete": _flag("incomplete", gettext_lazy("Profile incomplete")),
    "stale": _stale,
    "unsynced": _unsynced,
    "district": _text("district", gettext_lazy("District")),
    "industry": _text("industry", gettext_lazy("Industry")),
    "sport": _text("sport", gettext_lazy("Sport")),
    "reward": _text("reward", gettext_lazy("Reward")),
}


def read_query(params: QueryDict, today: date, *, also: Collection[str] = ()) -> CustomerQuery:
    """Read the address. Raises `Invalid` naming the first parameter that is unknown or has a wrong value.

    `also` names what a page with rows of its own reads for itself.
    """
    given = dict(given_of(params, (*READERS, *PAGING, *also)))
    filters: dict[str, Any] = {}
    chips: list[Chip] = []
    for name, raw in given.items():
        if name in PAGING or name in also:
            continue
        conditions, label = READERS[name](raw, today)
        filters |= conditions
        chips.append(Chip(label, without(params, name)))
    sort = given.get("sort", "value")
    if sort not in SORTS:
        raise Invalid(
            _("Sort by one of: %(names)s."), code="unknown_sort", field="sort", params={"names": ", ".join(SORTS)}
        )
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    shown = {name: raw for name, raw in given.items() if name != "cursor"}
    return CustomerQuery(filters, search, sort, given.get("cursor", ""), tuple(chips), shown)


def kept_query(text: str, today: date) -> str:
    """CUS-15: a filter as a segment keeps it: read strictly, without the place in the list; "" for the whole base."""
    query = read_query(QueryDict(text.lstrip("?")), today)
    return urlencode(query.given) if query.is_narrowed else ""
