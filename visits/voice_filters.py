"""What the list of customer voice is asked for in its address: read strictly, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.queries import names
from crm.core.addresses import given_of, unknown_value
from crm.core.text import clean_text
from visits.choices import VoiceKind, VoiceTopic
from visits.filters import read_day, read_id
from visits.queries.voices import VoiceFilters
from visits.rules.freeze import last_day

NAMES = ("kind", "topic", "first", "last", "customer", "staff", "reported", "q", "cursor")


@dataclass(frozen=True)
class VoiceQuery:
    """Filters and the place in the list."""

    filters: VoiceFilters
    cursor: str


def _month(raw: str) -> tuple[date, date]:
    """A month of the address ("2026-11")."""
    first = read_day(f"{raw}-01", "reported")
    return first, last_day(first)


def read_voice_query(params: QueryDict) -> VoiceQuery:
    """The address of the customer-voice list; a value nobody knows is a 400."""
    given = dict(given_of(params, NAMES))
    for name, choices in (("kind", VoiceKind), ("topic", VoiceTopic)):
        if given.get(name) and given[name] not in choices.values:
            raise unknown_value(name)
    staff_id = read_id(given["staff"], "staff") if given.get("staff") else None
    if staff_id is not None and names.staff_card(staff_id) is None:
        raise unknown_value("staff")
    filters = VoiceFilters(
        kind=given.get("kind", ""),
        topic=given.get("topic", ""),
        first=read_day(given["first"], "first") if given.get("first") else None,
        last=read_day(given["last"], "last") if given.get("last") else None,
        customer_id=read_id(given["customer"], "customer") if given.get("customer") else None,
        staff_id=staff_id,
        reported=_month(given["reported"]) if given.get("reported") else None,
        search=clean_text(given.get("q", ""), field="q", max_length=50),
    )
    return VoiceQuery(filters, given.get("cursor", ""))
