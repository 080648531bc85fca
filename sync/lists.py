"""The lists of the doors for machines: columns of their pages and files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from sync import queries
from sync.client_forms import MAY

register(
    ListKind(
        "clients", _("API clients"), "sync:client_list", MAY,
        (
            ListColumn("client", _("Client"), is_fixed=True),
            ListColumn("unit", _("Unit")),
            ListColumn("tokens", _("Valid tokens"), is_number=True),
            ListColumn("used", _("Last used")),
            ListColumn("source", _("Source"), on_page=False),
            ListColumn("owner", _("Owner"), on_page=False),
            ListColumn("is_active", _("Active"), on_page=False),
            ListColumn("a_minute", _("Requests a minute"), on_page=False, is_number=True),
            ListColumn("a_call", _("Rows a call"), on_page=False, is_number=True),
            ListColumn("created", _("Created"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: {"clients": queries.clients(request.access.scope_for(MAY))},
            "clients",
            {
                "client": lambda row: row.name,
                "unit": lambda row: row.unit.name,
                "tokens": lambda row: row.valid_tokens,
                "used": lambda row: row.last_used_at,
                "source": lambda row: row.source,
                "owner": lambda row: row.owner.name,
                "is_active": lambda row: "1" if row.is_active else "0",
                "a_minute": lambda row: row.requests_per_minute,
                "a_call": lambda row: row.rows_per_call,
                "created": lambda row: row.created_at,
            },
        ),
    )
)  # fmt: skip
