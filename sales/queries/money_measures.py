"""What was paid of overdue bills, as rows (F41, SAL-23)."""

from __future__ import annotations

from accounts.queries.holders import holder_on
from crm.core.measures import Measure, Nature

# A bill is overdue from the day after its due day until it is paid in full.
_WHILE = "b.due_on < %(until)s AND (b.paid_on IS NULL OR b.paid_on >= greatest(%(first)s::date, b.due_on + 1))"
_PAID = """CASE WHEN b.paid_on <= %(until)s THEN b.amount WHEN b.paid_on IS NULL THEN least(b.paid_amount, b.amount)
    ELSE 0 END"""

ARREARS_COLLECTED = Measure(
    name="arrears_collected",
    table="sales_bill",
    sources=("sales_bill", "accounts_assignment"),
    nature=Nature.STOCK,
    sql=f"""
SELECT h.staff_id AS manager_id, c.unit_id, %(until)s::date AS day, {_PAID} AS numerator, b.amount AS denominator,
  0 AS excused, CASE WHEN %(today)s <= %(last)s THEN b.amount - ({_PAID}) ELSE 0 END AS mendable, b.id AS ref,
  b.customer_id
FROM sales_bill b JOIN accounts_customer c ON c.id = b.customer_id
{holder_on("b.customer_id", "%(until)s")}
WHERE {_WHILE} AND b.amount > 0
""",
)
"""F41, 欠费回收率: of what was overdue on any day of the period, what is paid by its end, in CNY.

Each bill once, with its whole amount; credit: the manager of record at the end. A payment in part counts while the
bill is open; bills tell only the day on which they were paid in full.
"""
