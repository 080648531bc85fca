"""What the calls of machines are about: the kind of rows behind each route, and its words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "customer": _("Customers"),
    "contact_person": _("Contact persons"),
    "line": _("Lines"),
    "lifecycle_event": _("Lifecycle events"),
    "signal": _("Signals"),
    "subscription": _("Subscriptions"),
    "usage": _("Usage"),
    "member_use": _("Uses of members"),
    "bill": _("Bills"),
    "agreement": _("Agreements"),
    "need": _("Needs"),
    "order": _("Orders"),
    "quota": _("Quotas"),
    "visit": _("Visits"),
    "complaint": _("Cases"),
    "missed_call": _("Missed calls"),
    "weather": _("Weather by district"),
    "unit": _("Units"),
    "staff": _("Staff"),
}
ROUTES = {
    "customers_bulk": "customer",
    "customer_by_external_id": "customer",
    "customer_external_id": "customer",
    "contact_persons": "contact_person",
    "lines": "line",
    "lifecycle_events": "lifecycle_event",
    "signals": "signal",
    "subscriptions": "subscription",
    "usage_bulk": "usage",
    "member_uses": "member_use",
    "bills_bulk": "bill",
    "agreements": "agreement",
    "needs": "need",
    "sales_orders": "order",
    "sales_quotas": "quota",
    "visits": "visit",
    "complaints": "complaint",
    "missed_calls": "missed_call",
    "weather_warnings": "weather",
    "unit": "unit",
    "units_bulk": "unit",
    "staff_member": "staff",
    "staff_bulk": "staff",
}
FILES = {"cases": "complaint", "usage": "usage", "uses": "member_use"}
"""Kinds of files that are called otherwise here."""
EXPECTED = ("customer", "line", "subscription", "usage", "bill", "agreement", "order", "complaint", "missed_call")
"""Kinds that a source tells regularly, so that their silence can be noticed."""


def kind_of(route: str) -> str:
    """The kind of rows behind a route of the API; another route is its own kind."""
    return ROUTES.get(route, route)[:30]


def kind_of_file(key: str) -> str:
    """The kind of rows in a file: "bills" brings what the bulk call of bills brings."""
    return FILES.get(key, key.removesuffix("s"))


def label_of(kind: str) -> str:
    """A kind in words."""
    return str(LABELS.get(kind, kind))
