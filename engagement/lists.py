"""The lists of service policies: columns of their pages and files."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from engagement.page_context import SEES, enrolments_context, without_context

register(
    ListKind(
        "enrolments", _("Who enjoys what"), "engagement:enrolment_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("policy", _("Policy")),
            ListColumn("runs", _("From – until")),
            ListColumn("used", _("Last used")),
            ListColumn("manager", _("Manager")),
            ListColumn("number", _("Customer number"), on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("starts", _("First day"), on_page=False),
            ListColumn("ends", _("Last day"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("note", _("Note"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: enrolments_context(request, today=timezone.localdate(now)),
            "lines",
            {
                "customer": lambda line: line[0].name,
                "policy": lambda line: line[0].policy,
                "runs": lambda line: f"{line[0].starts_on} – {line[0].ends_on or '…'}",
                "used": lambda line: line[0].used_on,
                "manager": lambda line: line[0].manager,
                "number": lambda line: line[0].number,
                "tier": lambda line: str(line[0].tier or ""),
                "starts": lambda line: line[0].starts_on,
                "ends": lambda line: line[0].ends_on,
                "unit": lambda line: line[0].unit,
                "note": lambda line: line[0].note,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "without_policy", _("VIPs without a policy"), "engagement:without_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("last", _("Last policy")),
            ListColumn("manager", _("Manager")),
            ListColumn("value", _("Monthly value"), is_number=True),
            ListColumn("number", _("Customer number"), on_page=False),
            ListColumn("tier", _("Tier"), on_page=False),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("ended_on", _("Ended on"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: without_context(request, today=timezone.localdate(now)),
            "rows",
            {
                "customer": lambda row: row.name,
                "last": lambda row: row.ended,
                "manager": lambda row: row.manager,
                "value": lambda row: row.value,
                "number": lambda row: row.number,
                "tier": lambda row: str(row.tier or ""),
                "unit": lambda row: row.unit,
                "ended_on": lambda row: row.ended_on,
            },
        ),
        leads="can_enrol",
    )
)  # fmt: skip
