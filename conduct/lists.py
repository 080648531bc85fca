"""The lists of the registers: columns of their pages and files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from conduct import queries
from conduct.call_detail_context import list_context as call_detail_list_context
from conduct.page_context import list_context, read_outings
from conduct.queries.call_details import ASKS, AUDITS, CONFIRMS
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
register(
    ListKind(
        "call_details", _("Printed call details"), "conduct:call_detail_list", (ASKS, CONFIRMS, AUDITS),
        (
            ListColumn("registration", _("Registration"), is_fixed=True),
            ListColumn("customer", _("Customer")),
            ListColumn("number", _("Line number")),
            ListColumn("month", _("Month")),
            ListColumn("asker", _("Asked for by")),
            ListColumn("registrar", _("Registered by")),
            ListColumn("pages", _("Printed pages"), is_number=True),
            ListColumn("state", _("State")),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("purpose", _("Purpose"), on_page=False),
            ListColumn("authorised_by", _("Authorised by"), on_page=False),
            ListColumn("asked", _("Asked on"), on_page=False),
            ListColumn("registered", _("Registered on"), on_page=False),
            ListColumn("printed", _("Printed on"), on_page=False),
            ListColumn("remark", _("Remark"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: call_detail_list_context(request, now=now),
            "rows",
            {
                "registration": lambda item: item["row"].code,
                "customer": lambda item: item["row"].customer,
                "number": lambda item: item["row"].number,
                "month": lambda item: f"{item['row'].month:%Y-%m}",
                "asker": lambda item: item["row"].asker,
                "registrar": lambda item: item["row"].registrar,
                "pages": lambda item: item["row"].pages,
                "state": lambda item: item["row"].label,
                "unit": lambda item: item["row"].unit,
                "purpose": lambda item: item["row"].purpose,
                "authorised_by": lambda item: item["row"].authorised_by,
                "asked": lambda item: item["row"].requested_at,
                "registered": lambda item: item["row"].registered_at,
                "printed": lambda item: item["row"].printed_at,
                "remark": lambda item: item["row"].remark,
            },
        ),
    )
)  # fmt: skip
