"""Filters of lists of sales that speak of the customer: unit, manager, search; read strictly (bad inputs 1, 7, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from accounts.queries import names
from accounts.queries.customer_list import search_condition
from crm.core.abilities import Access
from crm.core.addresses import Chip, without
from crm.core.errors import NotFound
from crm.core.text import clean_text
from visits.filters import read_id

KNOWN = ("unit", "manager", "q", "cursor")
Conditions = tuple[list[str], list[Any]]
"""SQL on the customer `c` (and the list's own table), with its parameters."""


def of_customers(access: Access, given: Mapping[str, str], ability: str) -> Conditions:
    """The customers of whoever asks, narrowed by what the address says."""
    scope = access.scope_for(ability)
    where, params = scope.sql("c")
    parts, values = [where], list(params)
    if given.get("unit"):
        unit_id = read_id(given["unit"], "unit")
        if not scope.allows(unit_id=unit_id) or not names.unit_path(unit_id):
            raise NotFound
        parts.append("c.unit_id = ANY(%s)")
        values.append(list(names.subtree(unit_id)))
    if given.get("manager"):
        card = names.staff_card(read_id(given["manager"], "manager"))
        if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
            raise NotFound
        parts.append("c.manager_id = %s")
        values.append(card.id)
    if given.get("q"):
        found, more = search_condition(clean_text(given["q"], field="q", max_length=50), scope)
        parts.append(found)
        values += more
    return parts, values


def chips_of(params: QueryDict, given: Mapping[str, str]) -> list[Chip]:
    """These filters in words, each with the address without it."""
    chips = []
    if given.get("unit"):
        chips.append(Chip(names.unit_name(int(given["unit"])), without(params, "unit")))
    if given.get("manager"):
        chips.append(Chip(names.staff_name(int(given["manager"])), without(params, "manager")))
    if given.get("q"):
        chips.append(Chip(f"“{given['q'].strip()}”", without(params, "q")))
    return chips
