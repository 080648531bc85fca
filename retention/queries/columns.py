"""Imported columns and how far they reach (RET-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from retention.models import RiskColumn
from retention.rules.losses import GONE

# Only who is still here counts: a score looks at nobody else.
_COVERAGE = """
SELECT v.column_id, count(*), max(v.as_of), min(v.number), max(v.number)
FROM retention_columnvalue v JOIN accounts_customer c ON c.id = v.customer_id
WHERE c.state <> 'prospect' AND c.state <> ALL(%(gone)s) GROUP BY 1
"""
_EVERYBODY = "SELECT count(*) FROM accounts_customer c WHERE c.state <> 'prospect' AND c.state <> ALL(%(gone)s)"


@dataclass(frozen=True, slots=True)
class Reach:
    """Of how many customers a column is known, how fresh it is, and from where to where it goes."""

    customers: int
    newest: date
    least: float | None
    most: float | None


def columns_with_reach() -> tuple[list[tuple[RiskColumn, Reach | None]], int]:
    """Every column by name with its reach, and how many customers there are; three statements."""
    with connection.cursor() as db:
        db.execute(_COVERAGE, {"gone": list(GONE)})
        reach = {row[0]: Reach(*row[1:]) for row in db.fetchall()}
        db.execute(_EVERYBODY, {"gone": list(GONE)})
        everybody = int(db.fetchone()[0])
    return [(row, reach.get(row.pk)) for row in RiskColumn.objects.order_by("code")], everybody
