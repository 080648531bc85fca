"""What stands in the addresses of the pages of sales, read strictly (bad inputs 1, 7, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import unknown_value
from crm.core.errors import NotFound
from crm.core.scope import Scope
from crm.core.text import clean_text
from sales import rules
from sales.choices import OrderState
from sales.queries.things import Thing, activations, product_names, thing_of
from visits.filters import read_id

SEES, SETS, BRINGS = "view_quotas", "set_quotas", "import_sales"
COMING = "coming"
"""Beside the states: promised or confirmed, in effect not yet; with a month: up to its end."""
HISTORY = 6
"""So many months stand side by side."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the pages, with its neighbours; the one to come may be looked at too: its quotas are being set."""

    first: date
    last: date
    label: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.first:%Y-%m}"

    @property
    def history(self) -> list[date]:
        """The months side by side, this one last."""
        found = [self.first]
        while len(found) < HISTORY:
            found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
        return found


def month_in(raw: str, today: date) -> Month:
    """The month of an address, today's without one; at most the next one."""
    running = today.replace(day=1)
    first = rules.month(raw, "month", today) if raw else running
    latest = rules.next_month(running)
    if not rules.FIRST_MONTH < first <= latest:
        raise unknown_value("month")
    after = rules.next_month(first)
    return Month(
        first,
        after - timedelta(days=1),
        date_format(first, "YEAR_MONTH_FORMAT"),
        f"{first - timedelta(days=1):%Y-%m}",
        f"{after:%Y-%m}" if after <= latest else "",
    )


def thing_in(raw: str) -> Thing:
    """What is counted: activations without a word, or a product by its code."""
    if raw in ("", "activation"):
        return activations()
    known = product_names()
    for pk, (code, _name) in known.items():
        if code == raw:
            return thing_of(pk, known)
    raise unknown_value("what")


def unit_in(raw: str, scope: Scope, units: list[tuple[int, str, int]]) -> int:
    """The unit of an address inside the scope; without one the uppermost."""
    if raw:
        unit_id = read_id(raw, "unit")
        if not scope.allows(unit_id=unit_id) or not names.unit_path(unit_id):
            raise NotFound
        return unit_id
    if not units:
        raise NotFound
    return units[0][0]


def order_filters(given: dict[str, str], access: Access, today: date) -> dict[str, Any]:
    """The conditions of a list of orders. A month is that of the effect for orders in effect, else of the order."""
    found: dict[str, Any] = {}
    scope = access.scope_for(SEES)
    found |= _of_state(given.get("state", ""), month_in(given["month"], today).first if given.get("month") else None)
    if given.get("what"):
        thing = thing_in(given["what"])
        found["metric"] = thing.metric
        if thing.product_id is not None:
            found["product_id"] = thing.product_id
    if given.get("staff"):
        card = names.staff_card(read_id(given["staff"], "staff"))
        if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
            raise NotFound
        found["staff_id"] = card.id
    if given.get("unit"):
        unit_id = read_id(given["unit"], "unit")
        if not scope.allows(unit_id=unit_id):
            raise NotFound
        found["unit_ids"] = list(names.subtree(unit_id))
    if given.get("q"):
        found["external_id"] = clean_text(given["q"], field="q", max_length=100)
    return found


def _of_state(state: str, month: date | None) -> dict[str, Any]:
    if state and state != COMING and state not in OrderState.values:
        raise unknown_value("state")
    if state == COMING:
        return {"coming_by": month} if month else {"is_coming": True}
    found: dict[str, Any] = {"state": state} if state else {}
    if month:
        found["effective_in" if state == OrderState.EFFECTIVE else "ordered_in"] = month
    return found


def _url(name: str, about: dict[str, Any]) -> str:
    query = urlencode({key: value for key, value in about.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def orders_url(**about: Any) -> str:
    """The list of orders behind a number."""
    return _url("sales:order_list", about)


def quotas_url(**about: Any) -> str:
    """The grid of a unit."""
    return _url("sales:quota_list", about)


def home_url(**about: Any) -> str:
    """The sales of one manager."""
    return _url("sales:home", about)


def own_page(given: dict[str, str], today: date) -> str:
    """The own page for the month and thing of a grid's address."""
    if given.get("unit"):
        read_id(given["unit"], "unit")
    month, what = given.get("month", ""), given.get("what", "")
    return home_url(month=month_in(month, today).key if month else "", what=thing_in(what).code if what else "")
