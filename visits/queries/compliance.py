"""Contact compliance (CON-3): the share of a month's duties that was met, by manager, unit, tier, grade or line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.measures import Time, within
from crm.core.scope import Scope
from visits.queries.measures import CONTACT

# What the rows can be cut by: name → SQL; constants of this module. Credit follows decisions 6.
CUTS: dict[str, str] = {
    "manager": "r.manager_id",
    "unit": "r.unit_id",
    "tier": "r.tier_id",
    "grade": "COALESCE(s.grade, '')",
    "line": "COALESCE(s.line, '')",
}


@dataclass(frozen=True, slots=True)
class Compliance:
    """One line: how many contacts were owed and how many of them were met."""

    key: Any
    owed: int
    met: int

    @property
    def left(self) -> int:
        """Owed and not met: missed, or still open while the month runs."""
        return self.owed - self.met

    @property
    def per_cent(self) -> float | None:
        """CON-3: 4 of 5 → 80.0; nothing owed → no figure."""
        return round(100 * self.met / self.owed, 1) if self.owed else None


_SQL = """
SELECT {cut}, sum(r.denominator), sum(r.numerator)
FROM ({rows}) r JOIN accounts_customer c ON c.id = r.customer_id LEFT JOIN accounts_staff s ON s.id = r.manager_id
WHERE {scope} AND {within} GROUP BY 1 HAVING sum(r.denominator) > 0
"""


def compliance(
    scope: Scope, *, first: date, last: date, now: datetime, by: str, unit_ids: tuple[int, ...] = ()
) -> list[Compliance]:
    """CON-3, the rows of F14 and F15 whatever the tier: due in the month, owed all period (decisions 4), excused ones
    left out (decisions 6); the weakest line first.
    """
    if scope.is_empty:
        return []
    time = Time(first, last, timezone.localdate(now), now)
    where, params = within(scope)
    sql = _SQL.format(
        cut=CUTS[by],
        rows=CONTACT.sql,
        scope=where,
        within="r.unit_id = ANY(%(within)s)" if unit_ids else "TRUE",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, CONTACT.bound(time) | params | {"within": list(unit_ids)})
        lines = [Compliance(*row) for row in cursor.fetchall()]
    return sorted(lines, key=lambda line: (line.met / line.owed, -line.owed, str(line.key)))
