"""What is sold: number activations, and each product that somebody has a quota for or has sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.models import Product
from crm.core.scope import Scope
from sales.choices import Metric


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is counted; `code` stands in addresses."""

    metric: str
    product_id: int | None
    code: str
    label: str


ACTIVATION = Metric.ACTIVATION.value
_IN_USE = """
SELECT DISTINCT q.product_id FROM sales_quota q
WHERE q.metric = 'product' AND q.month BETWEEN %s AND %s AND {quotas}
UNION SELECT DISTINCT o.product_id FROM sales_salesorder o
WHERE o.metric = 'product' AND o.ordered_on BETWEEN %s AND %s AND {orders}
"""


def activations() -> Thing:
    """Activated numbers (SAL-3)."""
    return Thing(ACTIVATION, None, ACTIVATION, str(Metric.ACTIVATION.label))


def thing_of(product_id: int | None, names: dict[int, tuple[str, str]]) -> Thing:
    """A thing by its product; none is activations. `names`: product → code and name."""
    if product_id is None:
        return activations()
    code, label = names.get(product_id, ("", ""))
    return Thing(Metric.PRODUCT.value, product_id, code, label)


def product_names() -> dict[int, tuple[str, str]]:
    """Every product with code and name, in the order of the catalogue."""
    rows = Product.objects.order_by("position", "code").values_list("id", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}


def things(scope: Scope, *, first: date, last: date, also: Sequence[str] = ()) -> list[Thing]:
    """Activations, and the products that occur in these days; `also`: codes that are asked for by name."""
    known = product_names()
    quotas, of_quotas = scope.sql_for(unit="q.unit_id", manager="q.staff_id")
    orders, of_orders = scope.sql_for(unit="o.unit_id", manager="o.staff_id")
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE.format(quotas=quotas, orders=orders), [first, last, *of_quotas, first, last, *of_orders])
        used = {row[0] for row in cursor.fetchall()}
    found = [thing_of(pk, known) for pk, (code, _name) in known.items() if pk in used or code in also]
    return [activations(), *found]
