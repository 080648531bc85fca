"""What the list of orders is given: filters in force, sums over the whole list, rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, with_values, without
from sales.addresses import BRINGS, COMING, SEES, month_in, order_filters, thing_in
from sales.choices import OrderState
from sales.queries.orders import order_sums, orders
from sales.queries.things import product_names, thing_of
from sales.tabs import sales_tabs

KNOWN = ("month", "what", "state", "staff", "unit", "q", "cursor")
LOOKS = {
    OrderState.PROMISED: ("plain", "ti-message-circle"),
    OrderState.CONFIRMED: ("info", "ti-circle-dashed-check"),
    OrderState.EFFECTIVE: ("met", "ti-circle-check"),
    OrderState.CANCELLED: ("quiet", "ti-circle-x"),
}


def order_context(request: HttpRequest, today: date) -> dict[str, Any]:
    """Everything the page shows."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, KNOWN))
    scope = access.scope_for(SEES)
    filters = order_filters(given, access, today)
    rows, following = orders(scope, access.scope, filters=filters, cursor=given.get("cursor", ""))
    count, quantity, effective = order_sums(scope, filters)
    products = product_names()
    return {
        "rows": [(row, thing_of(row.product_id, products).label, *state_words(row.state)) for row in rows],
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "count": count,
        "quantity": quantity,
        "effective": effective,
        "chips": _chips(request, given, today),
        "states": _states(request, given.get("state", "")),
        "given": given,
        "shows_staff": scope.everything or bool(scope.unit_ids),
        "can_bring": access.can(BRINGS),
        "tabs": sales_tabs(access, "order_list"),
    }


def state_words(code: str) -> tuple[str, str, str]:
    """A state: its word, its look, its icon."""
    look, icon = LOOKS[OrderState(code)]
    return str(OrderState(code).label), look, icon


def _states(request: HttpRequest, chosen: str) -> list[tuple[str, str, bool]]:
    choices = [(code, str(label)) for code, label in OrderState.choices]
    choices.insert(2, (COMING, _("Not in effect yet")))
    every = [(_("All"), without(request.GET, "state"), not chosen)]
    return every + [(label, with_values(request.GET, state=code), code == chosen) for code, label in choices]


def _chips(request: HttpRequest, given: dict[str, str], today: date) -> list[Chip]:
    """The filters in force that have no switch of their own."""
    found = []
    if given.get("month"):
        month = date_format(month_in(given["month"], today).first, "YEAR_MONTH_FORMAT")
        in_effect = given.get("state") == OrderState.EFFECTIVE
        words = _("In effect in %(month)s") if in_effect else _("Ordered in %(month)s")
        if given.get("state") == COMING:
            words = _("Ordered by the end of %(month)s")
        found.append(Chip(words % {"month": month}, without(request.GET, "month")))
    if given.get("what"):
        found.append(Chip(thing_in(given["what"]).label, without(request.GET, "what")))
    if given.get("staff"):
        found.append(Chip(names.staff_name(int(given["staff"])), without(request.GET, "staff")))
    if given.get("unit"):
        found.append(Chip(names.unit_name(int(given["unit"])), without(request.GET, "unit")))
    if given.get("q"):
        found.append(Chip(f"“{given['q'].strip()}”", without(request.GET, "q")))
    return found
