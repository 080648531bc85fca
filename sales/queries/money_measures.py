"""What was paid of overdue bills, as rows (F41, SAL-23)."""

from __future__ import annotations

from accounts.queries.holders import holder_on
from crm.core.measures import Measure, Nature

# What was paid of a bill before it counted here is nobody's success; known only of bills that have payments.
_KNOWN = """CROSS JOIN LATERAL (
  SELECT least(b.amount, coalesce(sum(m.amount) FILTER (
      WHERE m.paid_on < greatest(%(first)s::date, b.due_on + 1)), 0)) AS before,
    least(b.amount, coalesce(sum(m.amount) FILTER (WHERE m.paid_on <= %(until)s), 0)) AS paid
  FROM sales_payment m WHERE b.told_amount IS NOT NULL AND m.bill_id = b.id
) k"""
# A bill is overdue from the day after its due day until it is paid in full.
_WHILE = "b.due_on < %(until)s AND (b.paid_on IS NULL OR b.paid_on >= greatest(%(first)s::date, b.due_on + 1))"
_PAID = """CASE WHEN b.told_amount IS NOT NULL THEN k.paid - k.before
    WHEN b.paid_on <= %(until)s THEN b.amount WHEN b.paid_on IS NULL THEN least(b.paid_amount, b.amount) ELSE 0 END"""
_OWED = "b.amount - k.before"

ARREARS_COLLECTED = Measure(
    name="arrears_collected",
    table="sales_bill",
    sources=("sales_bill", "sales_payment", "accounts_assignment"),
    nature=Nature.STOCK,
    sql=f"""
SELECT h.staff_id AS manager_id, c.unit_id, %(until)s::date AS day, {_PAID} AS numerator,
  {_OWED} AS denominator, 0 AS excused, CASE WHEN %(today)s <= %(last)s THEN {_OWED} - ({_PAID}) ELSE 0 END AS mendable,
  b.id AS ref, b.customer_id
FROM sales_bill b JOIN accounts_customer c ON c.id = b.customer_id
{holder_on("b.customer_id", "%(until)s")}
{_KNOWN}
WHERE {_WHILE} AND b.amount > 0
""",
)
"""F41, 欠费回收率: of what was overdue on any day of the period, what is paid by its end, in CNY.

Each bill once; credit: the manager of record at the end. A bill with payments counts by their days, with what was
still open when the month began or it became overdue. Of a bill without any, only the day on which it was paid in full
is known: it counts with its whole amount, and what is paid in part counts while it is open.
"""
