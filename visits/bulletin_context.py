"""Whom a bulletin concerns: its filter, read like the customer list's own (CON-27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.choices import CustomerKind
from accounts.filters import read_query
from accounts.queries.customer_list import conditions
from accounts.queries.segments import segments_for
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.errors import Invalid
from crm.core.list_rows import cut
from crm.core.pages import place_of
from crm.core.scope import Scope
from visits.queries import bulletins as queries
from visits.queries.bulletins import BulletinRow, Condition

SHOWN = 20
WITHDRAWN = "withdrawn"
NOBODY: Condition = ("FALSE", [])


def condition_of(query: str, scope: Scope, today: date) -> Condition:
    """The filter as SQL inside a scope; a filter that is no longer understood concerns nobody."""
    try:
        found = read_query(QueryDict(query.lstrip("?")), today)
    except Invalid:
        return NOBODY
    return conditions(scope, found.filters, found.search)


def audiences(access: Access) -> list[tuple[str, str]]:
    """Whom a bulletin can be for: everybody, a kind of customers, a saved segment; the value is the filter."""
    kinds = [(f"kind={kind}", str(label)) for kind, label in CustomerKind.choices]
    segments = [(segment.query.lstrip("?"), segment.name) for segment in segments_for(access)]
    return [("", _("All customers")), *kinds, *segments]


def audience_words(query: str, today: date) -> str:
    """The filter in words."""
    try:
        found = read_query(QueryDict(query.lstrip("?")), today)
    except Invalid:
        return _("A filter that is no longer understood")
    return " · ".join(chip.label for chip in found.chips) or _("All customers")


def with_reach(access: Access, rows: Sequence[BulletinRow], today: date) -> list[dict[str, Any]]:
    """Each bulletin with its reach among the reader's customers."""
    found = queries.reach_of_each([(row.id, condition_of(row.query, access.scope, today)) for row in rows])
    return [
        {
            "row": row,
            "reach": found[row.id],
            "audience": audience_words(row.query, today),
        }
        for row in rows
    ]


def bulletin_list_context(request: Asked, today: date) -> dict[str, Any]:
    """CON-27: what is still to be passed on, or what was withdrawn, newest first."""
    given = dict(given_of(request.GET, ("state", "before")))
    if given.get("state", WITHDRAWN) != WITHDRAWN:
        raise unknown_value("state")
    is_open = "state" not in given
    page = cut(request, queries.bulletins(is_open=is_open, before=place_of(request), limit=SHOWN + 1), SHOWN)
    return page | {"rows": with_reach(request.access, page["rows"], today), "is_open": is_open}
