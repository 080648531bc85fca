"""The lists that join several apps: columns of their pages and files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from workbench.duty_context import SEES, duty_list_context

register(
    ListKind(
        "duties", _("Duties"), "workbench:duty_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("period", _("Period")),
            ListColumn("state", _("State")),
            ListColumn("due", _("Due")),
            ListColumn("met", _("Met on")),
            ListColumn("manager", _("Account manager")),
            ListColumn("tier", _("Tier"), on_page=False),
        ),
        rows=from_page(
            duty_list_context,
            "rows",
            {
                "customer": lambda item: item.name,
                "period": lambda item: item.period,
                "state": lambda item: item.state_text,
                "due": lambda item: item.due_on,
                "met": lambda item: item.met_on,
                "manager": lambda item: item.manager,
                "tier": lambda item: item.tier_text,
            },
        ),
    )
)  # fmt: skip
