"""Value assessments: who is due, the last ones, the history, and what the current volume suggests (CUS-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Customer, ValueAssessment
from accounts.queries import names
from accounts.queries.customer_list import count_customers, customer_page
from accounts.queries.names import TierView
from accounts.rules.value import Scale, next_on, volume_of
from crm.core import parameters
from crm.core.pages import Count
from crm.core.scope import Scope

SAMPLE = 20_000
"""So many like customers of the unit are compared at most."""


def scale_on(day: date) -> Scale:
    """Weights and classes that hold on a day."""
    weights = tuple(int(parameters.value(f"value_weight_{name}", day)) for name in ("volume", "growth", "potential"))
    return Scale(weights, *(Decimal(parameters.value(f"value_class_{name}", day)) for name in "abc"))


def months_on(day: date) -> int:
    """CUS-16: quarterly is our default."""
    return int(parameters.value("value_months", day))


def due_on(today: date) -> dict[str, Any]:
    """The filter of the customer list that finds whose value is to be judged today."""
    return {"value_due": (months_on(today), today)}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A customer on the list, with his last assessment; without one only what is known of his spending."""

    id: int
    number: str
    name: str
    kind: str
    tier: TierView | None
    manager: str
    unit: str
    unit_id: int
    manager_id: int | None
    value: Decimal
    last: Assessed | None
    next_on: date | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment as lists show it."""

    customer_id: int
    assessed_on: date
    volume: int
    growth: int
    potential: int
    score: Decimal
    value_class: str


_COLUMNS = "c.id, c.number, c.name, c.kind, c.tier_id, c.manager_id, c.unit_id, s.value"
_LAST = """
SELECT customer_id, assessed_on, volume, growth, potential, score, value_class FROM accounts_valueassessment
WHERE customer_id = ANY(%s) AND is_current
"""


def value_rows(
    scope: Scope, today: date, *, filters: Mapping[str, Any], search: str = "", cursor: str = "", limit: int = 50
) -> tuple[list[ValueRow], str]:
    """Customers whose value is judged, those who bring most first; two statements."""
    page = customer_page(
        scope, filters={"is_valued": True, **filters}, search=search, cursor=cursor, limit=limit, columns=_COLUMNS
    )
    last = current_values([row[0] for row in page.rows])
    months = months_on(today)
    return [_row(row, last.get(row[0]), today, months) for row in page.rows], page.next


def _row(row: Sequence[Any], last: Assessed | None, today: date, months: int) -> ValueRow:
    pk, number, name, kind, tier_id, manager_id, unit_id, value = row
    again_on = next_on(last.assessed_on if last else None, months)
    return ValueRow(
        pk, number, name, kind, names.tier(tier_id), names.staff_name(manager_id), names.unit_name(unit_id), unit_id,
        manager_id, value, last, again_on, again_on is None or again_on <= today,
    )  # fmt: skip


def current_values(customer_ids: Sequence[int]) -> dict[int, Assessed]:
    """The last assessment of customers already visible."""
    with connection.cursor() as db:
        db.execute(_LAST, [list(customer_ids)])
        return {row[0]: Assessed(*row) for row in db.fetchall()}


def due_count(scope: Scope, today: date) -> Count:
    """How many are due, counted no further than 10,000."""
    return count_customers(scope, filters=due_on(today))


def value_history(customer: Customer, limit: int = 20) -> list[ValueAssessment]:
    """Every assessment of a customer already visible, the newest first; none is ever overwritten."""
    rows = ValueAssessment.unscoped.filter(customer=customer).select_related("by")
    return list(rows.order_by("-assessed_on", "-pk")[:limit])


_SHARE = """
SELECT count(*) FILTER (WHERE k.monthly_spend < %(spend)s)::numeric / nullif(count(*), 0) FROM (
  SELECT monthly_spend FROM accounts_customer
  WHERE unit_id = %(unit)s AND kind = %(kind)s AND monthly_spend IS NOT NULL LIMIT %(sample)s) k
"""


def suggested_volume(customer: Customer) -> int | None:
    """CUS-16: the current volume by the customer's place among like customers of his unit; None: nobody knows."""
    if customer.monthly_spend is None:
        return None
    with connection.cursor() as db:
        db.execute(
            _SHARE,
            {"spend": customer.monthly_spend, "unit": customer.unit_id, "kind": customer.kind, "sample": SAMPLE},
        )
        return volume_of(db.fetchone()[0])
