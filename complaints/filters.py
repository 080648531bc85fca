"""The board's filters as they stand in the URL: read strictly, shown as chips, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.queries import names
from complaints.choices import CaseKind, CaseLevel, CaseState, Judgement
from complaints.queries.board_choices import category_by_code, customer_name, product_name
from complaints.rules.board import BUCKETS
from complaints.rules.cases import OPEN, PAUSED
from complaints.rules.figures import REQUESTS
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.scope import Scope
from crm.core.text import clean_text
from visits.filters import read_day, read_id

PAGING = ("q", "cursor", "view", "part")
VIEWS = ("board", "list")
SEES = "view_cases"
SOLVED = {"late": gettext_lazy("Not solved in time"), "in_time": gettext_lazy("Solved in time")}
ANSWERS = {"yes": gettext_lazy("Replied"), "no": gettext_lazy("No reply yet"), "late": gettext_lazy("Replied too late")}
NONE = "none"


@dataclass(frozen=True)
class Asking:
    """Who asks, and when."""

    access: Access
    now: datetime

    @property
    def scope(self) -> Scope:
        """The cases he may see."""
        return self.access.scope_for(SEES)


@dataclass(frozen=True)
class CaseQuery:
    """What the address asks for: conditions for the query, chips for the page."""

    filters: Mapping[str, Any]
    search: str
    cursor: str
    view: str
    state: str
    chips: tuple[Chip, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but all open cases is asked for."""
        return bool(self.chips or self.search or self.state != "open")

    @property
    def newest(self) -> bool:
        """What is settled is read from the last one; what is open from the one that runs out first."""
        return self.state in ("all", CaseState.CLOSED.value, CaseState.MERGED.value)


Reader = Callable[[str, Asking], tuple[dict[str, Any], str]]
"""Raw value, who asks → (conditions, words of the chip)."""


def _choice(name: str, choices: Any) -> Reader:
    def read(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
        if raw not in choices.values:
            raise unknown_value(name)
        return {name: raw}, str(choices(raw).label)

    return read


def _flag(name: str, label: Any, key: str = "", value: Any = True) -> Reader:
    def read(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
        if raw != "1":
            raise unknown_value(name)
        return {key or name: asking.now if value is None else value}, str(label)

    return read


def _staff(name: str, words: Any) -> Reader:
    def read(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
        if raw == NONE:
            return {f"{name}_id": None}, f"{words}: {_('nobody')}"
        card = names.staff_card(read_id(raw, name))
        if card is None:
            raise unknown_value(name)
        return {f"{name}_id": card.id}, f"{words}: {card.name}"

    return read


def _mine(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    if raw != "1" or asking.access.staff_id is None:
        raise unknown_value("mine")
    return {"owner_id": asking.access.staff_id}, _("Mine")


def _unit(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    name = names.unit_name(read_id(raw, "unit"))
    if not name:
        raise unknown_value("unit")
    return {"unit_ids": names.subtree(int(raw))}, name


def _category(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    if raw == NONE:
        return {"category_id": None}, _("Without category")
    found = category_by_code(raw[:30])
    if found is None:
        raise unknown_value("category")
    return {"category_id": found.id}, found.label(english=is_english())


def _product(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    if raw == NONE:
        return {"product_id": None}, _("Without product")
    name = product_name(read_id(raw, "product"))
    if not name:
        raise unknown_value("product")
    return {"product_id": int(raw)}, name


def _customer(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    name = customer_name(asking.scope, read_id(raw, "customer"))
    if not name:
        raise unknown_value("customer")
    return {"customer_id": int(raw)}, name


def _cause(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    cause = "" if raw == NONE else clean_text(raw, field="cause", max_length=200, blank=False)
    return {"cause": cause}, _("Cause: %(cause)s") % {"cause": cause or _("not set")}


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def month_bounds(raw: str, name: str) -> tuple[datetime, datetime]:
    """The first moment of a month of the address ("2026-11") and that of the next."""
    first = read_day(f"{raw}-01", name)
    return midnight(first), midnight((first + timedelta(days=32)).replace(day=1))


def _month(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    first, end = month_bounds(raw, "month")
    return {"since": first, "before": end}, date_format(first, "YEAR_MONTH_FORMAT")


def _from(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    day = read_day(raw, "from")
    return {"since": midnight(day)}, f"{_('From day')} {date_format(day, 'SHORT_DATE_FORMAT')}"


def _to(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    day = read_day(raw, "to")
    return {"before": midnight(day) + timedelta(days=1)}, f"{_('Until day')} {date_format(day, 'SHORT_DATE_FORMAT')}"


def _due(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    """F25: the month in which the solution was due."""
    first, end = month_bounds(raw, "due")
    return {"due": (first, end, asking.now)}, _("Due in %(month)s") % {"month": date_format(first, "YEAR_MONTH_FORMAT")}


def _closed(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    first, end = month_bounds(raw, "closed")
    return {"closed": (first, end)}, _("Closed in %(month)s") % {"month": date_format(first, "YEAR_MONTH_FORMAT")}


def _sent(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    """SKL-16: the month in which a case was sent to another unit."""
    first, end = month_bounds(raw, "sent")
    return {"sent": (first, end)}, _("Sent in %(month)s") % {"month": date_format(first, "YEAR_MONTH_FORMAT")}


def _sent_to(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    name = names.unit_name(read_id(raw, "sent_to"))
    if not name:
        raise unknown_value("sent_to")
    return {"sent_to": int(raw)}, _("Sent to %(unit)s") % {"unit": name}


def _word(name: str, words: Mapping[str, Any]) -> Reader:
    def read(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
        if raw not in words:
            raise unknown_value(name)
        return {name: raw}, str(words[raw])

    return read


def _kind(raw: str) -> tuple[dict[str, Any], str]:
    """One kind, or everything that is a request of a customer and no complaint (F43)."""
    if raw == "request":
        return {"kinds": REQUESTS}, _("Requests")
    if raw not in CaseKind.values:
        raise unknown_value("kind")
    return {"kinds": [raw]}, str(CaseKind(raw).label)


def _score(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
    if raw not in ("1", "4"):
        raise unknown_value("score")
    return {"scored": int(raw)}, _("Satisfied") if raw == "4" else _("Asked whether satisfied")


def bucket_words(code: str) -> str:
    """A class of response time in words."""
    if code == NONE:
        return _("not yet")
    low, high = BUCKETS[code]
    if high is None:
        return _("over 24 h")
    if high <= 60:
        return _("%(from)s–%(to)s min") % {"from": low, "to": high}
    return _("%(from)s–%(to)s h") % {"from": low // 60, "to": high // 60}


def _speed(name: str, words: Any) -> Reader:
    def read(raw: str, asking: Asking) -> tuple[dict[str, Any], str]:
        if raw != NONE and raw not in BUCKETS:
            raise unknown_value(name)
        return {name: raw}, f"{words}: {bucket_words(raw)}"

    return read


STATES: Mapping[str, tuple[str, ...]] = {
    "open": OPEN, "waiting": PAUSED, "all": (*OPEN, CaseState.CLOSED.value),
    **{state: (state,) for state in CaseState.values},
}  # fmt: skip

READERS: Mapping[str, Reader] = {
    "kind": lambda raw, asking: _kind(raw),
    "level": _choice("level", CaseLevel),
    "mine": _mine,
    "late": _flag("late", gettext_lazy("Late"), value=None),
    "soon": _flag("soon", gettext_lazy("Soon due"), value=None),
    "breached": _flag("breached", gettext_lazy("A deadline was missed")),
    "category": _category,
    "product": _product,
    "unit": _unit,
    "owner": _staff("owner", gettext_lazy("Answers for it")),
    "manager": _staff("manager", gettext_lazy("Manager")),
    "credited": _staff("credited", gettext_lazy("Manager of that day")),
    "customer": _customer,
    "judged": lambda raw, asking: _judged(raw),
    "month": _month,
    "from": _from,
    "to": _to,
    "cause": _cause,
    "caused": _flag("caused", gettext_lazy("Caused by a contact")),
    "score": _score,
    "closed": _closed,
    "due": _due,
    "solved": _word("solved", SOLVED),
    "sent": _sent,
    "sent_to": _sent_to,
    "answer": _word("answer", ANSWERS),
    "reply": _speed("reply", gettext_lazy("First reply")),
    "action": _speed("action", gettext_lazy("First action")),
}


def _judged(raw: str) -> tuple[dict[str, Any], str]:
    if raw not in Judgement.values:
        raise unknown_value("judged")
    return {"judgement": raw}, str(Judgement(raw).label)


def is_english() -> bool:
    """Whether labels are shown in English now."""
    return (get_language() or "").startswith("en")


def read_query(params: QueryDict, access: Access, now: datetime) -> CaseQuery:
    """Read the address. Raises `Invalid` naming the first parameter that is unknown or has a wrong value."""
    given = dict(given_of(params, (*READERS, *PAGING, "state")))
    asking = Asking(access, now)
    filters: dict[str, Any] = {}
    chips: list[Chip] = []
    for name, raw in given.items():
        if name in PAGING or name == "state":
            continue
        conditions, label = READERS[name](raw, asking)
        filters |= conditions
        chips.append(Chip(label, without(params, name)))
    state = given.get("state", "open")
    if state not in STATES:
        raise unknown_value("state")
    if given.get("view") not in (None, *VIEWS):
        raise unknown_value("view")
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    shown = {name: raw for name, raw in given.items() if name not in ("cursor", "part")}
    return CaseQuery(
        _together(filters, state), search, given.get("cursor", ""), given.get("view", ""), state, tuple(chips), shown
    )


def _together(filters: dict[str, Any], state: str) -> dict[str, Any]:
    """Several filters that are one condition; what was merged into another case is counted there only."""
    how, due = filters.pop("solved", ""), filters.pop("due", None)
    if how and due is None:
        raise unknown_value("solved")
    if due:
        filters["solved"] = (how, *due)
    answer, sent, sent_to = filters.pop("answer", ""), filters.pop("sent", None), filters.pop("sent_to", None)
    if (answer or sent or sent_to) and not (sent and sent_to):
        raise unknown_value("sent" if sent is None else "sent_to")
    if sent:
        filters["sent"] = (answer, *sent, sent_to)
    return filters | {"states": STATES[state]}
