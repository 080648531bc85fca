"""What channel visits found: checks of a visit, prices under the minimum (CON-19…22, SAL-33)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.scope import Scope
from visits.choices import ViolationState
from visits.models import ShopCheck


@dataclass(frozen=True, slots=True)
class Found:
    """One product of a visit: stock, suggestion, price and the minimum of the day (CNY)."""

    product: str
    quantity: int | None
    suggested: int | None
    price: Decimal | None
    minimum: Decimal | None

    @property
    def is_below(self) -> bool:
        """Sold under the minimum."""
        return self.price is not None and self.minimum is not None and self.price < self.minimum


_FOUND = """
SELECT p.name, s.quantity, s.suggested, r.price, r.minimum FROM accounts_product p
LEFT JOIN visits_stockrow s ON s.product_id = p.id AND s.visit_id = %s
LEFT JOIN visits_pricerow r ON r.product_id = p.id AND r.visit_id = %s
WHERE s.id IS NOT NULL OR r.id IS NOT NULL ORDER BY p.position, p.code
"""


def found_in(visit_id: int) -> list[Found]:
    """Stock and prices of a visit; the caller has reached it through his scope."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [visit_id, visit_id])
        return [Found(*row) for row in cursor.fetchall()]


def check_of(visit_id: int) -> ShopCheck | None:
    """The checklist of a visit; the caller has reached it through his scope."""
    return ShopCheck.unscoped.filter(visit_id=visit_id).first()


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """A report of a price under the minimum."""

    id: int
    customer_id: int
    customer_name: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    visit_id: int
    occurred_on: date
    state: str
    note: str
    reported_by_id: int
    reported_by: str
    reported_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    from_tier_id: int | None
    to_tier_id: int | None
    below: int

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(ViolationState(self.state).label)

    @property
    def tier(self) -> TierView | None:
        """The customer's tier today."""
        return names.tier(self.tier_id)

    @property
    def from_tier(self) -> TierView | None:
        """The tier before the decision."""
        return names.tier(self.from_tier_id)

    @property
    def to_tier(self) -> TierView | None:
        """The tier after it."""
        return names.tier(self.to_tier_id)


_VIOLATIONS = """
SELECT x.id, c.id, c.name, c.tier_id, c.unit_id, c.manager_id, x.visit_id, v.occurred_on, x.state, x.note,
    x.reported_by_id, u.name, x.reported_at, d.name, x.decided_at, x.remark, x.from_tier_id, x.to_tier_id,
    (SELECT count(*) FROM visits_pricerow r WHERE r.visit_id = x.visit_id AND r.price < r.minimum)
FROM visits_priceviolation x JOIN accounts_customer c ON c.id = x.customer_id JOIN visits_visit v ON v.id = x.visit_id
JOIN core_user u ON u.id = x.reported_by_id LEFT JOIN core_user d ON d.id = x.decided_by_id
WHERE {where}
"""


def violation_list(
    scope: Scope, *, state: str = "", before: int | None = None, limit: int = 50
) -> Sequence[ViolationRow]:
    """Newest first; at most `limit` + 1 rows."""
    where, params = scope.sql("c")
    parts = [where]
    for sql, value in (("x.state = %s", state or None), ("x.id < %s", before)):
        if value is not None:
            parts.append(sql)
            params = [*params, value]
    with connection.cursor() as cursor:
        sql = _VIOLATIONS.format(where=" AND ".join(parts) + " ORDER BY x.id DESC LIMIT %s")
        cursor.execute(sql, [*params, limit + 1])
        return [ViolationRow(*row) for row in cursor.fetchall()]


def violation_for(scope: Scope, violation_id: int) -> ViolationRow | None:
    """One of them, inside the scope."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_VIOLATIONS.format(where=f"x.id = %s AND {where}"), [violation_id, *params])
        row = cursor.fetchone()
    return ViolationRow(*row) if row else None
