"""The lists of sales: columns of their pages and files, each file taken from what its page is given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.list_rows import from_page
from crm.core.lists import ListColumn, ListKind, register
from sales.addresses import SEES as SEES_QUOTAS
from sales.agreement_context import agreement_list_context, application_list_context
from sales.money_context import arrears_context, credit_context, guarantee_context
from sales.need_context import need_list_context
from sales.order_context import order_context
from sales.queries.agreements import SEES
from sales.usage_context import changes_context

_TIER_UNIT = (ListColumn("tier", _("Tier"), on_page=False), ListColumn("unit", _("Unit"), on_page=False))


def _day(now: datetime) -> date:
    return timezone.localdate(now)


def _tier(row: Any) -> str:
    return str(row.tier or "")


def _unit(row: Any) -> str:
    return names.unit_name(row.unit_id)


register(
    ListKind(
        "orders", _("Orders"), "sales:order_list", SEES_QUOTAS,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("what", _("What")),
            ListColumn("quantity", _("Quantity"), is_number=True),
            ListColumn("state", _("State")),
            ListColumn("ordered", _("Ordered")),
            ListColumn("effective", _("In effect since")),
            ListColumn("staff", _("Sold by"), when="shows_staff"),
            ListColumn("number", _("Order number")),
            ListColumn("unit", _("Unit"), on_page=False),
            ListColumn("customer_number", _("Customer number"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: order_context(request, _day(now)),
            "rows",
            {
                "customer": lambda line: line[0].customer_name or "",
                "what": lambda line: line[1],
                "quantity": lambda line: line[0].quantity,
                "state": lambda line: line[2],
                "ordered": lambda line: line[0].ordered_on,
                "effective": lambda line: line[0].effective_on,
                "staff": lambda line: line[0].staff_name,
                "number": lambda line: line[0].external_id,
                "unit": lambda line: line[0].unit_name,
                "customer_number": lambda line: line[0].customer_number or "",
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "agreements", _("Agreements"), "sales:agreement_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("agreement", _("Agreement")),
            ListColumn("signed", _("Signed on")),
            ListColumn("runs", _("Runs")),
            ListColumn("state", _("State")),
            ListColumn("manager", _("Account manager"), when="shows_manager"),
            ListColumn("number", _("Agreement number"), on_page=False),
            ListColumn("starts", _("First day"), on_page=False),
            ListColumn("ends", _("Last day"), on_page=False),
            *_TIER_UNIT,
        ),
        rows=from_page(
            lambda request, now: agreement_list_context(request, today=_day(now)),
            "lines",
            {
                "customer": lambda line: line[0].customer,
                "agreement": lambda line: line[0].kind_label,
                "signed": lambda line: line[0].signed_on,
                "runs": lambda line: f"{line[0].starts_on} – {line[0].ends_on or '…'}",
                "state": lambda line: line[1],
                "manager": lambda line: line[0].manager,
                "number": lambda line: line[0].number,
                "starts": lambda line: line[0].starts_on,
                "ends": lambda line: line[0].ends_on,
                "tier": lambda line: _tier(line[0]),
                "unit": lambda line: _unit(line[0]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "applications", _("Joining applications"), "sales:application_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("state", _("State")),
            ListColumn("filed", _("Filed")),
            ListColumn("checked", _("Checked")),
            ListColumn("manager", _("Account manager"), when="shows_manager"),
            ListColumn("note", _("Result"), on_page=False),
            *_TIER_UNIT,
        ),
        rows=from_page(
            lambda request, now: application_list_context(request),
            "lines",
            {
                "customer": lambda line: line[0].customer,
                "state": lambda line: line[1],
                "filed": lambda line: line[0].applied_at,
                "checked": lambda line: line[0].checked_on,
                "manager": lambda line: line[0].manager,
                "note": lambda line: line[0].result_note,
                "tier": lambda line: _tier(line[0]),
                "unit": lambda line: _unit(line[0]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "needs", _("Needs"), "sales:need_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("what", _("What he needs")),
            ListColumn("stage", _("Stage")),
            ListColumn("found", _("Found on")),
            ListColumn("budget", _("Budget (yuan)"), is_number=True),
            ListColumn("manager", _("Account manager")),
            ListColumn("text", _("Content"), on_page=False),
            ListColumn("wanted", _("Wanted by"), on_page=False),
            ListColumn("competitor", _("Rival"), on_page=False),
            *_TIER_UNIT,
        ),
        rows=from_page(
            lambda request, now: need_list_context(request, today=_day(now)),
            "lines",
            {
                "customer": lambda line: line["row"].customer,
                "what": lambda line: line["type"],
                "stage": lambda line: line["stage"][0],
                "found": lambda line: line["row"].found_on,
                "budget": lambda line: line["row"].budget,
                "manager": lambda line: line["row"].manager,
                "text": lambda line: line["row"].text,
                "wanted": lambda line: line["row"].wanted_on,
                "competitor": lambda line: line["row"].competitor,
                "tier": lambda line: _tier(line["row"]),
                "unit": lambda line: _unit(line["row"]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "arrears", _("Arrears"), "sales:arrears_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("owed", _("Arrears"), is_number=True),
            ListColumn("stage", _("Stage")),
            ListColumn("since", _("Overdue since")),
            ListColumn("last", _("Last asked")),
            ListColumn("manager", _("Account manager"), when="shows_manager"),
            ListColumn("bills", _("Bills"), on_page=False, is_number=True),
            ListColumn("promised", _("Promised for"), on_page=False),
            *_TIER_UNIT,
        ),
        rows=from_page(
            lambda request, now: arrears_context(request, request.access),
            "rows",
            {
                "customer": lambda line: line[0].name,
                "owed": lambda line: line[0].owed,
                "stage": lambda line: line[0].stage_label,
                "since": lambda line: line[0].since,
                "last": lambda line: line[0].last.at if line[0].last else None,
                "manager": lambda line: line[0].manager,
                "bills": lambda line: line[0].bills,
                "promised": lambda line: line[0].promised_on,
                "tier": lambda line: _tier(line[0]),
                "unit": lambda line: _unit(line[0]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "credit", _("Credit"), "sales:credit_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("used", _("Unpaid in all"), is_number=True),
            ListColumn("limit", _("Credit limit"), is_number=True),
            ListColumn("share", _("Credit used"), is_number=True),
            ListColumn("score", _("Paid in time"), is_number=True),
            ListColumn("standing", _("Credit standing")),
            ListColumn("manager", _("Account manager"), when="shows_manager"),
            *_TIER_UNIT,
        ),
        rows=from_page(
            lambda request, now: credit_context(request, request.access, today=_day(now)),
            "rows",
            {
                "customer": lambda line: line[0].name,
                "used": lambda line: line[0].used,
                "limit": lambda line: line[0].ceiling + line[0].extra,
                "share": lambda line: line[0].share,
                "score": lambda line: line[0].score,
                "standing": lambda line: line[0].label,
                "manager": lambda line: line[0].manager,
                "tier": lambda line: _tier(line[0]),
                "unit": lambda line: _unit(line[0]),
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "guarantees", _("Guarantees"), "sales:guarantee_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("business", _("Business")),
            ListColumn("amount", _("Amount"), is_number=True),
            ListColumn("papers", _("Papers")),
            ListColumn("state", _("State")),
            ListColumn("staff", _("Who vouches")),
            ListColumn("papers_due", _("Papers due on"), on_page=False),
            ListColumn("papers_on", _("Papers came on"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: guarantee_context(request, request.access, today=_day(now)),
            "rows",
            {
                "customer": lambda line: line["row"].customer.name,
                "business": lambda line: line["row"].business,
                "amount": lambda line: line["row"].amount,
                "papers": lambda line: line["row"].papers,
                "state": lambda line: line["label"],
                "staff": lambda line: line["manager"],
                "papers_due": lambda line: line["row"].papers_due_on,
                "papers_on": lambda line: line["row"].papers_on,
            },
        ),
    )
)  # fmt: skip
register(
    ListKind(
        "usage", _("Usage changes"), "sales:usage_list", SEES,
        (
            ListColumn("customer", _("Customer"), is_fixed=True),
            ListColumn("now", _("This month"), is_number=True),
            ListColumn("before", _("Month before"), is_number=True),
            ListColumn("by_month", _("Month on month")),
            ListColumn("by_year", _("Year on year")),
            ListColumn("manager", _("Account manager"), when="shows_staff"),
            ListColumn("number", _("Customer number"), on_page=False),
        ),
        rows=from_page(
            lambda request, now: changes_context(request, _day(now)),
            "rows",
            {
                "customer": lambda line: line["row"].name,
                "number": lambda line: line["row"].number,
                "now": lambda line: line["now"],
                "before": lambda line: line["before"],
                "by_month": lambda line: line["by_month"].text,
                "by_year": lambda line: line["by_year"].text,
                "manager": lambda line: line["manager"],
            },
        ),
    )
)  # fmt: skip
