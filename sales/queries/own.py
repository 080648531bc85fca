"""One manager's sales: his quotas of a month, what he sold day by day, what is on its way (SAL-3, SAL-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import Staff
from crm.core.errors import NotFound
from crm.core.scope import Scope
from sales.queries.measures import counts_in
from sales.queries.orders import COMING
from sales.queries.things import Thing, product_names, thing_of

_MINE = f"""
SELECT x.product_id, sum(x.target)::int, sum(x.done)::int, sum(x.coming)::int FROM (
    SELECT q.product_id, q.target, 0 AS done, 0 AS coming FROM sales_quota q
    WHERE q.staff_id = %(staff)s AND q.month = %(month)s
    UNION ALL
    SELECT o.product_id, NULL, CASE WHEN o.state = 'effective' THEN o.quantity ELSE 0 END,
        CASE WHEN o.state = 'effective' THEN 0 ELSE o.quantity END
    FROM sales_salesorder o WHERE o.staff_id = %(staff)s AND (
        {counts_in("%(month)s")} OR {COMING} AND o.ordered_on < %(after)s)
) x GROUP BY 1
"""
_DAYS = f"""
SELECT o.effective_on, sum(o.quantity)::int FROM sales_salesorder o
WHERE o.staff_id = %(staff)s AND o.metric = %(metric)s AND o.product_id IS NOT DISTINCT FROM %(product)s
    AND {counts_in("%(month)s")} GROUP BY 1 ORDER BY 1
"""
_MONTHS = f"""
SELECT m.month, q.target, coalesce((SELECT sum(o.quantity) FROM sales_salesorder o WHERE o.staff_id = %(staff)s
    AND o.metric = %(metric)s AND o.product_id IS NOT DISTINCT FROM %(product)s AND {counts_in("m.month")}), 0)::int
FROM unnest(%(months)s::date[]) AS m(month)
LEFT JOIN sales_quota q ON q.staff_id = %(staff)s AND q.month = m.month AND q.metric = %(metric)s
    AND q.product_id IS NOT DISTINCT FROM %(product)s
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Share:
    """One thing of a manager's month; `coming`: promised or confirmed, in effect not yet."""

    thing: Thing
    target: int | None
    done: int
    coming: int

    @property
    def per_cent(self) -> float | None:
        """F39: one decimal; no quota has no value."""
        return round(100 * self.done / self.target, 1) if self.target else None

    @property
    def left(self) -> int:
        """Still to be sold."""
        return max(0, (self.target or 0) - self.done)


def seller(scope: Scope, staff_id: int) -> Staff:
    """A colleague whose sales are in sight, or 404."""
    found = Staff.visible_to(scope).filter(pk=staff_id).select_related("unit").first()
    if found is None:
        raise NotFound
    return found


def month_of_seller(staff_id: int, month: date, after: date) -> list[Share]:
    """Everything he has a quota for or sold in the month: activations first, products in catalogue order."""
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"staff": staff_id, "month": month, "after": after})
        rows = cursor.fetchall()
    known = product_names()
    order = {None: -1} | {pk: place for place, pk in enumerate(known)}
    found = [Share(thing_of(row[0], known), *row[1:]) for row in rows]
    return sorted(found, key=lambda share: order.get(share.thing.product_id, 0))


def days_of_seller(staff_id: int, thing: Thing, month: date) -> list[tuple[date, int]]:
    """What took effect, day by day."""
    return _rows(_DAYS, {"staff": staff_id, "metric": thing.metric, "product": thing.product_id, "month": month})


def months_of_seller(staff_id: int, thing: Thing, months: Sequence[date]) -> list[tuple[date, int | None, int]]:
    """Month, quota, sold."""
    about = {"staff": staff_id, "metric": thing.metric, "product": thing.product_id, "months": list(months)}
    return _rows(_MONTHS, about)


def _rows(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
