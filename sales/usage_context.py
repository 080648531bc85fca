"""What the pages of usage are given: a customer's products and months, changes of a portfolio, a group's members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries import names
from accounts.queries.customers import customer_for
from accounts.rules import add_months
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.errors import NotFound
from crm.core.pages import place_of
from crm.core.text import mask_phone
from sales.queries import usage as queries
from sales.queries.usage import MonthRow, ProductCard, SubscriptionRow
from sales.rules import month as month_in
from sales.tabs import sales_tabs
from sales.usage_parameters import USAGE_FALL
from sales.usage_rules import FIGURES, change, is_active, per_cent
from visits.filters import read_id

SEES, EDITS, BRINGS = "view_sales", "edit_sales", "import_sales"
BACK, SIDE = 13, 6
"""Months of the customer as a whole (the same month of last year too), and of each product."""
LABELS: dict[str, str | Promise] = {
    "revenue": gettext_lazy("Revenue (CNY)"),
    "volume": gettext_lazy("Volume"),
    "voice_minutes": gettext_lazy("Voice (minutes)"),
    "data_mb": gettext_lazy("Data (MB)"),
    "messages": gettext_lazy("Text messages"),
    "active_members": gettext_lazy("Active members"),
}
WIDTH, HEIGHT, GAP = 26, 64, 6


@dataclass(frozen=True, slots=True)
class Shift:
    """A change in percent with the look it has; None: nothing to compare with."""

    per_cent: Decimal | None
    look: str

    @property
    def text(self) -> str:
        """With its sign."""
        if self.per_cent is None:
            return "–"
        return f"{'+' if self.per_cent > 0 else '−' if self.per_cent < 0 else '±'}{abs(self.per_cent)} %"


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of a small chart."""

    x: int
    y: float
    height: float
    look: str
    label: str


def shift(before: Any, after: Any, fall: int) -> Shift:
    """The change from one figure to the other; a fall beyond the parameter is a warning (CUS-17)."""
    share = change(before, after)
    look = "late" if share is not None and share <= -Fraction(fall, 100) else ""
    return Shift(per_cent(share), look)


def short(month: date) -> str:
    """2026-11."""
    return f"{month:%Y-%m}"


def bars(values: Sequence[tuple[date, Any]], fall: int) -> list[Bar]:
    """Months side by side; one that fell beyond the parameter stands out, one nobody told of is a gap."""
    top = max((Fraction(value) for _month, value in values if value), default=Fraction(1))
    found, before = [], None
    for place, (month, value) in enumerate(values):
        height = float(round(Fraction(value or 0) / top * HEIGHT, 1))
        look = "gap" if value is None else shift(before, value, fall).look
        words = f"{short(month)} · {'–' if value is None else number(value)}"
        found.append(Bar(place * (WIDTH + GAP), round(HEIGHT - height, 1), height, look, words))
        before = value
    return found


def number(value: Any) -> str:
    """With thousands, without empty decimals."""
    if value is None:
        return "–"
    text = f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.removesuffix(".00")


def rounded(value: Any) -> str:
    """The same where there is little room: what is large needs no decimals."""
    return number(round(value)) if isinstance(value, Decimal) and value >= 1000 else number(value)


# --- One customer


def the_customer(access: Access, customer_id: int, ability: str = SEES) -> Customer:
    """The customer, when this person may do this with him."""
    customer = customer_for(access.scope_for(ability), customer_id)
    if not access.scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotFound
    return customer


def customer_context(access: Access, customer_id: int, today: date) -> dict[str, Any]:
    """CUS-17, CUS-18: the months as a whole, each product with its last six months, surveys, suggestion reports."""
    customer = the_customer(access, customer_id)
    running = today.replace(day=1)
    fall = parameters.value(USAGE_FALL)
    history = queries.history_of(customer_id, add_months(running, -BACK))
    cards, language = queries.product_cards(), get_language() or ""
    held = queries.subscriptions_of(customer_id, today)
    by_product: dict[int | None, dict[date, MonthRow]] = {}
    for row in history:
        by_product.setdefault(row.product_id, {})[row.month] = row
    told = [pk for pk in cards if pk in by_product and pk not in {row.product_id for row in held}]
    months = [add_months(running, -back) for back in range(SIDE, 0, -1)]
    may_edit = access.scope_for(EDITS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    return {
        "customer": customer,
        "whole": _whole(by_product.get(None, {}), running, fall),
        "months": [short(month) for month in months],
        "products": [
            *(_product(cards[row.product_id], row, by_product, months, fall, language, today) for row in held),
            *(_product(cards[pk], None, by_product, months, fall, language, today) for pk in told),
        ],
        "advice": [(row, _label(cards, row.product_id, language)) for row in queries.advice_of(customer_id)],
        "can_edit": may_edit,
        "today": today,
        "fall": fall,
    }


def _label(cards: Mapping[int, ProductCard], product_id: int | None, language: str) -> str:
    card = cards.get(product_id or 0)
    return card.label(language) if card else _("The customer as a whole")


def _whole(rows: Mapping[date, MonthRow], running: date, fall: int) -> dict[str, Any] | None:
    """The customer as a whole: bars of the revenue, and a line for each month that somebody told of."""
    if not rows:
        return None
    months = [add_months(running, -back) for back in range(BACK - 1, -1, -1)]
    if running not in rows:
        months = [add_months(month, -1) for month in months]
    lines = [
        {
            "figures": {name: number(getattr(rows[month], name)) for name in FIGURES},
            "month": short(month),
            "by_month": shift(_revenue(rows, add_months(month, -1)), rows[month].revenue, fall),
            "by_year": shift(_revenue(rows, add_months(month, -12)), rows[month].revenue, 1000),
            "is_running": month == running,
        }
        for month in reversed(months)
        if month in rows
    ]
    values = [(month, _revenue(rows, month)) for month in months]
    return {
        "lines": lines[:SIDE],
        "bars": bars(values, fall),
        "width": len(months) * (WIDTH + GAP) - GAP,
        "first": short(months[0]),
        "last": short(months[-1]),
        "newest": lines[0] if lines else None,
    }


def _revenue(rows: Mapping[date, MonthRow], month: date) -> Decimal | None:
    return rows[month].revenue if month in rows else None


def _product(
    card: ProductCard,
    held: SubscriptionRow | None,
    by_product: Mapping[int | None, Mapping[date, MonthRow]],
    months: Sequence[date],
    fall: int,
    language: str,
    today: date,
) -> dict[str, Any]:
    """A product with its last months: in its own unit when that was told, else in money."""
    rows = by_product.get(card.id, {})
    has_volume = any(rows[month].volume is not None for month in months if month in rows)
    name = "volume" if has_volume else "revenue"
    values = [(month, getattr(rows[month], name) if month in rows else None) for month in months]
    newest = next((rows[month] for month in reversed(months) if month in rows), None)
    return {
        "card": card,
        "label": card.label(language),
        "unit": card.unit_label(language) if has_volume else _("CNY"),
        "held": held,
        "is_over": held is not None and held.ended_on is not None and held.ended_on < today,
        "line": mask_phone(held.line) if held and held.line else "",
        "facts": _facts(card, held, language),
        "values": [(short(month), rounded(value)) for month, value in values],
        "bars": bars(values, fall),
        "shift": shift(values[-2][1], values[-1][1], fall),
        "active": newest.active if newest else None,
        "newest": short(newest.month) if newest else "",
        "has_members": card.least is not None,
    }


def _facts(card: ProductCard, held: SubscriptionRow | None, language: str) -> list[tuple[str, str]]:
    """What the product asked for, in words; numbers that may be called are masked."""
    if held is None:
        return []
    found = []
    for attribute in card.attributes:
        value = held.attributes.get(attribute.code)
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif isinstance(value, list):
            value = "、".join(mask_phone(str(one)) for one in value)
        if value not in (None, ""):
            found.append((attribute.label(language), str(value)))
    return found


# --- Changes of a portfolio

KNOWN = ("month", "figure", "product", "rising", "all", "manager", "cursor")


def changes_context(request: HttpRequest, today: date) -> dict[str, Any]:
    """CUS-19: product by product month-on-month and year-on-year, then the customers behind it."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(SEES)
    given = dict(given_of(request.GET, KNOWN))
    fall = parameters.value(USAGE_FALL)
    newest = queries.newest_month(today)
    month = _month(given.get("month", ""), newest, today)
    figure = given.get("figure", "revenue")
    if figure not in LABELS:
        raise unknown_value("figure")
    cards, language = queries.product_cards(), get_language() or ""
    product_id = _product_id(cards, given.get("product", ""))
    filters: dict[str, Any] = {"least": 0 if given.get("all") else Decimal(fall) / 100, "product_id": product_id}
    if given.get("manager"):
        filters["manager"] = _manager(access, given["manager"])
    rising = given.get("rising", "") == "1"
    rows, following = queries.changes(
        scope, month, figure, filters=filters, rising=rising, cursor=given.get("cursor", "")
    )
    last_full = add_months(today.replace(day=1), -1)
    return {
        "tabs": sales_tabs(access, "usage_list"),
        "month": short(month),
        "month_label": date_format(month, "YEAR_MONTH_FORMAT"),
        "before": short(add_months(month, -1)),
        "after": short(add_months(month, 1)) if add_months(month, 1) <= today else "",
        "figures": [(str(label), with_values(request.GET, figure=name), name == figure) for name, label in
                    LABELS.items()],
        "sums": [] if given.get("cursor") else _sums(request, scope, month, figure, cards, language, product_id),
        "sets": _sets(request, rising, bool(given.get("all")), fall),
        "product": _label(cards, product_id, language),
        "rows": [_change(row, month, cards, product_id, fall) for row in rows],
        "more_url": f"{with_values(request.GET)}{'&' if given else ''}cursor={following}" if following else "",
        "is_narrowed": bool({"product", "rising", "manager"} & set(given)),
        "shows_staff": scope.everything or bool(scope.unit_ids),
        "manager": names.staff_name(filters.get("manager")) if filters.get("manager") else "",
        "fresh_to": short(newest) if newest and newest < last_full else "",
        "can_bring": access.can(BRINGS),
        "fall": fall,
    }  # fmt: skip


def _month(raw: str, newest: date | None, today: date) -> date:
    """The month of an address; without one the newest that was told."""
    month = month_in(raw, "month", today) if raw else newest or add_months(today.replace(day=1), -1)
    if month > today:
        raise unknown_value("month")
    return month


def _product_id(cards: Mapping[int, ProductCard], code: str) -> int | None:
    if not code:
        return None
    for pk, card in cards.items():
        if card.code == code:
            return pk
    raise unknown_value("product")


def _manager(access: Access, raw: str) -> int:
    card = names.staff_card(read_id(raw, "manager"))
    if card is None or not access.scope_for(SEES).allows(unit_id=card.unit_id, manager_id=card.id):
        raise NotFound
    return card.id


def _sums(
    request: HttpRequest, scope: Any, month: date, figure: str, cards: Mapping[int, ProductCard], language: str,
    product_id: int | None,
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {
            "label": _label(cards, row.product_id, language),
            "url": with_values(request.GET, product=cards[row.product_id].code if row.product_id else ""),
            "is_on": row.product_id == product_id,
            "customers": row.customers,
            "now": number(row.now),
            "before": number(row.before),
            "last_year": number(row.last_year),
            "by_month": shift(row.before, row.now, 10),
            "by_year": shift(row.last_year, row.now, 10),
        }
        for row in queries.sums(scope, month, figure)
    ]


def _sets(request: HttpRequest, rising: bool, everybody: bool, fall: int) -> list[tuple[str, str, bool]]:
    """Falls beyond the parameter, all falls, rises."""
    here = request.GET
    return [
        (
            _("Fell by %(n)d %% or more") % {"n": fall},
            with_values(here, rising="", all=""),
            not rising and not everybody,
        ),
        (_("All falls"), with_values(here, rising="", all="1"), not rising and everybody),
        (_("Rose by %(n)d %% or more") % {"n": fall}, with_values(here, rising="1", all=""), rising and not everybody),
    ]


def _change(
    row: queries.Change, month: date, cards: Mapping[int, ProductCard], product_id: int | None, fall: int
) -> dict[str, Any]:
    query = {"month": short(month)} | ({"product": cards[product_id].code} if product_id else {})
    return {
        "row": row,
        "tier": names.tier(row.tier_id),
        "manager": names.staff_name(row.manager_id),
        "now": number(row.now),
        "before": number(row.before),
        "by_month": shift(row.before, row.now, fall),
        "by_year": shift(row.last_year, row.now, fall),
        "url": f"{reverse('workbench:customer', args=[row.customer_id])}?tab=usage",
        "written_url": f"{reverse('sales:customer_usage', args=[row.customer_id])}#advice-{row.advice_id}",
        "advice_url": f"{reverse('sales:advice_new', args=[row.customer_id])}?{urlencode(query)}",
    }


# --- A group's members


def members_context(request: HttpRequest, customer_id: int, today: date) -> dict[str, Any]:
    """SAL-6: who of a group used a product often enough to count as active."""
    access: Access = request.access  # type: ignore[attr-defined]
    customer = the_customer(access, customer_id)
    given = dict(given_of(request.GET, ("product", "month", "before")))
    cards, language = queries.product_cards(), get_language() or ""
    ruled = [card for card in cards.values() if card.least is not None]
    code = given.get("product", ruled[0].code if ruled else "")
    card = next((one for one in cards.values() if one.code == code), None)
    if card is None:
        raise unknown_value("product")
    month = _month(given.get("month", ""), queries.newest_month(today), today)
    found = queries.member_uses(customer_id, card.id, month, after=place_of(request) or 0)
    rows = found[: queries.LIMIT]
    return {
        "customer": customer,
        "card": card,
        "label": card.label(language),
        "unit": card.unit_label(language),
        "products": [(one.label(language), with_values(request.GET, product=one.code), one is card) for one in ruled],
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
        "earlier": with_values(request.GET, month=short(add_months(month, -1))),
        "later": with_values(request.GET, month=short(add_months(month, 1))) if add_months(month, 1) <= today else "",
        "rows": [(row, mask_phone(row.number), is_active(row.uses, card.least)) for row in rows],
        "more_url": with_values(request.GET, before=str(rows[-1].id)) if len(found) > queries.LIMIT else "",
    }
