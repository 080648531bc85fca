"""Contact compliance (CON-3): the share of a month's duties that was met, by manager, unit, tier, grade or line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from crm.core.scope import Scope

# What the duties can be cut by: name → SQL; constants of this module. Credit follows decisions 6.
CUTS: dict[str, str] = {
    "manager": "d.manager_id",
    "unit": "COALESCE(s.unit_id, c.unit_id)",
    "tier": "d.tier_id",
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
SELECT {cut}, count(*), count(*) FILTER (WHERE d.state = 'met')
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id LEFT JOIN accounts_staff s ON s.id = d.manager_id
WHERE d.purpose = 'contact' AND d.due_on BETWEEN %(first)s AND %(last)s AND {scope} AND {within}
    AND d.state IN ('open', 'met', 'provisional', 'missed')
    AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
        AND n.starts_on = d.starts_on AND n.revision > d.revision)
GROUP BY 1
"""


def compliance(scope: Scope, *, first: date, last: date, by: str, unit_ids: tuple[int, ...] = ()) -> list[Compliance]:
    """The duties that fell due in the month, excused ones left out (decisions 6); the weakest line first."""
    if scope.is_empty:
        return []
    params: dict[str, Any] = {"first": first, "last": last, "within": list(unit_ids)}
    sql = _SQL.format(
        cut=CUTS[by],
        scope=_scope(scope, params),
        within="COALESCE(s.unit_id, c.unit_id) = ANY(%(within)s)" if unit_ids else "TRUE",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        lines = [Compliance(*row) for row in cursor.fetchall()]
    return sorted(lines, key=lambda line: (line.met / line.owed, -line.owed, str(line.key)))


def _scope(scope: Scope, params: dict[str, Any]) -> str:
    if scope.everything:
        return "TRUE"
    params["units"], params["people"] = list(scope.unit_ids), list(scope.manager_ids)
    return "(COALESCE(s.unit_id, c.unit_id) = ANY(%(units)s) OR s.id = ANY(%(people)s))"
