"""What is paid of a bill, from its payments; without any it is what was told with the bill (SAL-23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from sales.models import Bill

# Paid in full on the day on which the payments together reached the amount.
_SETTLE = """
UPDATE sales_bill b SET paid_amount = v.paid, paid_on = v.done_on, told_amount = v.told_amount, told_on = v.told_on,
  updated_at = %(now)s
FROM (
  SELECT k.id, coalesce(p.paid, k.told_amount, k.paid_amount) AS paid,
    CASE WHEN p.bill_id IS NOT NULL THEN p.done_on WHEN k.told_amount IS NULL THEN k.paid_on ELSE k.told_on END
      AS done_on,
    CASE WHEN p.bill_id IS NOT NULL THEN coalesce(k.told_amount, k.paid_amount) END AS told_amount,
    CASE WHEN p.bill_id IS NOT NULL THEN CASE WHEN k.told_amount IS NULL THEN k.paid_on ELSE k.told_on END END
      AS told_on
  FROM sales_bill k LEFT JOIN (
    SELECT x.bill_id, max(x.so_far) AS paid, min(x.paid_on) FILTER (WHERE x.so_far >= x.whole) AS done_on
    FROM (
      SELECT m.bill_id, m.paid_on, o.amount AS whole,
        sum(m.amount) OVER (PARTITION BY m.bill_id ORDER BY m.paid_on, m.id) AS so_far
      FROM sales_payment m JOIN sales_bill o ON o.id = m.bill_id WHERE m.bill_id = ANY(%(ids)s)
    ) x GROUP BY 1
  ) p ON p.bill_id = k.id
  WHERE k.id = ANY(%(ids)s)
) v
WHERE v.id = b.id AND (b.paid_amount, b.paid_on, b.told_amount, b.told_on) IS DISTINCT FROM
  (v.paid, v.done_on, v.told_amount, v.told_on)
"""
_OF_CUSTOMERS = """
SELECT b.id FROM sales_bill b WHERE b.customer_id = ANY(%s)
  AND (b.told_amount IS NOT NULL OR EXISTS (SELECT 1 FROM sales_payment p WHERE p.bill_id = b.id))
"""


def settle_bills(bill_ids: Sequence[int], *, now: datetime) -> int:
    """Bring what is paid of these bills in line with their payments; answers how many differed."""
    if not bill_ids:
        return 0
    with connection.cursor() as cursor:
        # First the bills, in order: who waited here reads the payments of whom he waited for.
        cursor.execute("SELECT id FROM sales_bill WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(bill_ids)])
        cursor.execute(_SETTLE, {"ids": list(bill_ids), "now": now})
        return int(cursor.rowcount)


def settle_customers(customer_ids: Iterable[int], *, now: datetime) -> int:
    """The same for all bills of these customers that have, or had, payments: rows of them came or went."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CUSTOMERS, [sorted(set(customer_ids))])
        found = [row[0] for row in cursor.fetchall()]
    return settle_bills(found, now=now)


def told_of_payment(bill: Bill, clean: dict[str, Any]) -> dict[str, Any]:
    """What a row of billing says of the payment of a bill that has payments: set aside, and the payments stay.

    The days in it are mended by `settle_bills`, which knows the payments.
    """
    is_paid = bill.paid_amount >= clean["amount"]
    return {
        "told_amount": clean["paid_amount"],
        "told_on": clean["paid_on"],
        "paid_amount": bill.paid_amount,
        "paid_on": (bill.paid_on or clean["due_on"]) if is_paid else None,
    }
