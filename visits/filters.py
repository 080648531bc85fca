"""The visit list's filters as they stand in the URL: read strictly, shown as chips, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer
from accounts.queries import names
from crm.core import parameters
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.errors import FieldProblem, Invalid
from crm.core.scope import Scope
from crm.core.text import clean_text
from visits.choices import Category, Direction, Mood, Party, ServiceKind, VisitKind, WorkClass
from visits.models import Visit
from visits.queries.catalogue import catalogue
from visits.queries.visit_list import VisitFilters

PAGING = ("q", "cursor")
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class VisitQuery:
    """What the address asks for: filters for the query, chips for the page."""

    filters: VisitFilters
    search: str
    cursor: str
    chips: tuple[Chip, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but all visits is asked for."""
        return bool(self.chips or self.search)


Reader = Callable[[str, Scope, date], tuple[dict[str, Any], str]]
"""Raw value, scope, today → (filters, words of the chip)."""


def read_day(raw: str, name: str) -> date:
    """A date of the address (bad inputs 10 and 16)."""
    try:
        day = date.fromisoformat(raw) if len(raw) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid(_("%(value)s is no date."), code="invalid_date", field=name, params={"value": raw[:20]})
    if not EARLIEST <= day <= date(2200, 1, 1):
        raise Invalid(_("This date is out of range."), code="out_of_range", field=name)
    return day


def read_id(raw: str, name: str) -> int:
    """A row's number of the address."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 18):
        raise Invalid(_("This is not a number."), code="not_a_number", field=name)
    return int(raw)


def _choice(name: str, choices: Any, key: str = "") -> Reader:
    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        if raw not in choices.values:
            raise unknown_value(name)
        return {key or name: raw}, str(choices(raw).label)

    return read


def _entry(name: str, entries: str) -> Reader:
    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        found = getattr(catalogue(), entries).get(raw)
        if found is None:
            raise unknown_value(name)
        return {f"{name}_id": found.id}, found.label

    return read


def _flag(name: str, key: str, label: Any, value: Any = True) -> Reader:
    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        if raw != "1":
            raise unknown_value(name)
        return {key: value}, str(label)

    return read


def _staff(name: str, key: str, words: Any) -> Reader:
    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        card = names.staff_card(read_id(raw, name))
        if card is None:
            raise unknown_value(name)
        return {key: card.id}, f"{words}: {card.name}"

    return read


def _unit(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
    name = names.unit_name(read_id(raw, "unit"))
    if not name:
        raise unknown_value("unit")
    return {"unit_ids": names.subtree(int(raw))}, name


def _customer(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
    found = Customer.visible_to(scope).filter(pk=read_id(raw, "customer")).values_list("id", "name").first()
    if found is None:
        raise unknown_value("customer")
    return {"customer_id": found[0]}, found[1]


def _same_text(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
    """CON-34: the visits of the same person with the very same text as this one."""
    found = Visit.visible_to(scope).filter(pk=read_id(raw, "same_text")).values_list("staff_id", "content").first()
    if found is None or not found[1]:
        raise unknown_value("same_text")
    return {"same_text": found}, _("Same text")


def _day(name: str, keys: tuple[str, ...], words: Any) -> Reader:
    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        day = read_day(raw, name)
        return dict.fromkeys(keys, day), f"{words} {date_format(day, 'SHORT_DATE_FORMAT')}".strip()

    return read


def _calls(name: str, key: str, words: str | Promise) -> Reader:
    """Calls by the soft limit: longer (CON-28), or within it (F46)."""

    def read(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
        if raw != "1":
            raise unknown_value(name)
        minutes = int(parameters.value("call_minutes", today))
        phone = catalogue().channels.get("phone")
        return {key: minutes, "channel_id": phone.id if phone else None}, str(words) % {"minutes": minutes}

    return read


BOOKS = {
    "all": gettext_lazy("In the check-in book"),
    "signed": gettext_lazy("Signed by all"),
    "unsigned": gettext_lazy("Not signed yet"),
    "customer": gettext_lazy("Signed by the customer"),
    "asked": gettext_lazy("Customer's signature asked for"),
}


def _book(raw: str, scope: Scope, today: date) -> tuple[dict[str, Any], str]:
    """CON-23, CON-24: the check-in book as a view of the one list."""
    if raw not in BOOKS:
        raise unknown_value("book")
    return {"book": raw}, str(BOOKS[raw])


READERS: dict[str, Reader] = {
    "customer": _customer,
    "staff": _staff("staff", "staff_id", gettext_lazy("By")),
    "manager": _staff("manager", "manager_id", gettext_lazy("Manager")),
    "unit": _unit,
    "channel": _entry("channel", "channels"),
    "outcome": _entry("outcome", "outcomes"),
    "occasion": _entry("occasion", "occasions"),
    "direction": _choice("direction", Direction),
    "party": _choice("party", Party),
    "kind": _choice("kind", VisitKind),
    "work_class": _choice("work_class", WorkClass),
    "category": _choice("category", Category),
    "service": _choice("service", ServiceKind, "service_kind"),
    "mood": _choice("mood", Mood),
    "on": _day("on", ("first", "last"), ""),
    "from": _day("from", ("first",), gettext_lazy("From day")),
    "to": _day("to", ("last",), gettext_lazy("Until day")),
    "backdated": _flag("backdated", "is_backdated", gettext_lazy("Back-dated")),
    "unremarked": _flag("unremarked", "is_unremarked", gettext_lazy("Without remark")),
    "counted": _flag("counted", "counts", gettext_lazy("Counts")),
    "uncounted": _flag("uncounted", "counts", gettext_lazy("Does not count"), value=False),
    "undone": _flag("undone", "with_undone", gettext_lazy("Undone ones too")),
    "overlong": _calls("overlong", "is_over_long", gettext_lazy("Calls over %(minutes)d minutes")),
    "within": _calls("within", "is_within", gettext_lazy("Calls within %(minutes)d minutes")),
    "onsite": _flag("onsite", "is_on_site", gettext_lazy("On site")),
    "reached": _flag("reached", "is_reached", gettext_lazy("Reached")),
    "same_text": _same_text,
    "book": _book,
}


def read_query(params: QueryDict, scope: Scope, today: date) -> VisitQuery:
    """Read the address. Raises `Invalid` naming the first parameter that is unknown or has a wrong value."""
    given = dict(given_of(params, (*READERS, *PAGING)))
    wanted: dict[str, Any] = {}
    chips: list[Chip] = []
    for name, raw in given.items():
        if name in PAGING:
            continue
        conditions, label = READERS[name](raw, scope, today)
        wanted |= conditions
        chips.append(Chip(label, without(params, name)))
    filters = replace(VisitFilters(), **wanted)
    if filters.first and filters.last and filters.first > filters.last:
        problem = FieldProblem("to", "out_of_range", _("The period ends before it begins."))
        raise Invalid(errors=[problem])
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    shown = {name: raw for name, raw in given.items() if name != "cursor"}
    return VisitQuery(replace(filters, search=search), search, given.get("cursor", ""), tuple(chips), shown)
