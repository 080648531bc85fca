"""What the forms about a customer's usage are given."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actions.books import MANUAL
from accounts.choices import CustomerKind, ProductCategory
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.errors import NotFound
from crm.core.models import Attachment
from sales.models import Subscription, UsageAdvice
from sales.queries import usage as queries
from sales.rules import month as month_in
from sales.usage_context import EDITS, SEES, short, the_customer
from sales.usage_forms import initial_of


def choice_context(request: HttpRequest, customer_id: int, today: date) -> dict[str, Any]:
    """The products this customer may take, and the one that was chosen."""
    access: Access = request.access  # type: ignore[attr-defined]
    customer = the_customer(access, customer_id, EDITS)
    given = dict(given_of(request.GET, ("product",)))
    language = get_language() or ""
    offered = [card for card in queries.product_cards().values() if card.is_active and card.category != "goods"]
    chosen = next((card for card in offered if card.code == given.get("product")), None)
    if given.get("product") and chosen is None:
        raise unknown_value("product")
    first = ProductCategory.GROUP if customer.kind == CustomerKind.GROUP else ProductCategory.PERSONAL
    offered.sort(key=lambda card: card.category != first)
    return {
        "customer": customer,
        "card": chosen,
        "title": chosen.label(language) if chosen else _("New subscription"),
        "choices": [
            (card.label(language), ProductCategory(card.category).label, with_values(request.GET, product=card.code))
            for card in offered
        ],
    }


def _subscription(access: Access, pk: int) -> Subscription:
    row = Subscription.visible_to(access.scope_for(SEES)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def subscription_context(access: Access, pk: int) -> dict[str, Any]:
    """A subscription that was noted here."""
    row = _subscription(access, pk)
    customer = the_customer(access, row.customer_id, EDITS)
    if row.source != MANUAL:
        raise NotFound
    held = next(one for one in queries.subscriptions_of(row.customer_id, row.started_on) if one.id == pk)
    card = queries.product_cards()[row.product_id]
    return {
        "customer": customer,
        "card": card,
        "title": card.label(get_language() or ""),
        "initial": initial_of(held),
        "external_id": row.external_id,
    }


def survey_context(access: Access, pk: int) -> dict[str, Any]:
    """The subscription a survey is about."""
    row = _subscription(access, pk)
    customer = the_customer(access, row.customer_id, EDITS)
    card = queries.product_cards()[row.product_id]
    title = _("Tracking survey: %(product)s") % {"product": card.label(get_language() or "")}
    return {"customer": customer, "card": card, "title": title}


def advice_context(request: HttpRequest, customer_id: int, today: date) -> dict[str, Any]:
    """The month and product a suggestion report is about."""
    access: Access = request.access  # type: ignore[attr-defined]
    customer = the_customer(access, customer_id, EDITS)
    given = dict(given_of(request.GET, ("month", "product")))
    month = month_in(given["month"], "month", today) if given.get("month") else queries.newest_month(today)
    month = month or today.replace(day=1)
    if month > today:
        raise unknown_value("month")
    code = given.get("product", "")
    card = next((one for one in queries.product_cards().values() if one.code == code), None)
    if code and card is None:
        raise unknown_value("product")
    about = card.label(get_language() or "") if card else _("The customer as a whole")
    return {
        "customer": customer,
        "card": card,
        "title": _("Suggestion report: %(about)s, %(month)s") % {"about": about, "month": short(month)},
        "about": {"product_code": code, "month": month},
    }


def usage_context(access: Access, customer_id: int, today: date) -> dict[str, Any]:
    """The customer whose month is typed in, and the products it may be about."""
    customer = the_customer(access, customer_id, EDITS)
    language = get_language() or ""
    cards = [card for card in queries.product_cards().values() if card.is_active and card.category != "goods"]
    return {
        "customer": customer,
        "title": _("Figures of a month"),
        "products": [(card.code, card.label(language)) for card in cards],
        "newest": today.replace(day=1).strftime("%Y-%m"),
    }


def advice_file(access: Access, customer_id: int, pk: int) -> Attachment:
    """The file of a suggestion report on a customer in sight, or 404."""
    the_customer(access, customer_id)
    rows = UsageAdvice.visible_to(access.scope_for(SEES)).select_related("file")
    row = rows.filter(pk=pk, customer_id=customer_id).first()
    if row is None or row.file is None:
        raise NotFound
    return row.file
