"""The lists of the registers: columns of their pages and files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from conduct import queries
from conduct.page_context import list_context, read_outings
from crm.core.asked import Asked
from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from crm.core.pages import place_of


def _outings(request: Asked, now: datetime) -> dict[str, Any]:
    given, filters = read_outings(request.GET)
    rows, following = queries.outings(request.access, filters, before=place_of(request))
    return list_context(request, rows, following, given)


register(
    ListKind(
        "outings", _("Outings"), "conduct:outing_list", ("register_outing", "view_team"),
        (
            ListColumn("where", _("Where to"), is_fixed=True),
            ListColumn("person", _("Person"), when="show_people"),
            ListColumn("day", _("Day")),
            ListColumn("left", _("Left")),
            ListColumn("back", _("Back")),
            ListColumn("state", _("State")),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("purpose", _("Purpose"), on_page=False),
            ListColumn("source", _("Source"), on_page=False),
        ),
        rows=from_page(
            _outings,
            "rows",
            {
                "where": lambda row: row.destination,
                "person": lambda row: row.name,
                "day": lambda row: row.day,
                "left": lambda row: row.left_at,
                "back": lambda row: row.back_at,
                "state": lambda row: row.state_label,
                "unit": lambda row: row.unit_name,
                "purpose": lambda row: row.purpose,
                "source": lambda row: row.source_label,
            },
        ),
    )
)  # fmt: skip
