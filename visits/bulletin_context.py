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
from crm.core.errors import Invalid
from crm.core.scope import Scope
from visits.queries import bulletins as queries
from visits.queries.bulletins import BulletinRow, Condition

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
