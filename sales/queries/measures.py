"""What was sold of what was to be sold, as rows (F39; SAL-3, SAL-7)."""

from __future__ import annotations

from crm.core.measures import Measure

_OWED = "qt.month BETWEEN %(first)s AND %(last)s AND qt.staff_id IS NOT NULL"


def counts_in(month: str, *, order: str = "o") -> str:
    """SAL-7: an order counts once it is in effect, in the month it took effect in; both names come from code.

    >>> counts_in("q.month")[:40]
    "o.state = 'effective' AND o.effective_on"
    """
    return (
        f"{order}.state = 'effective' AND {order}.effective_on >= {month}"
        f" AND {order}.effective_on < {month} + interval '1 month'"
    )


# Of the same thing, of the same manager, in the month of the quota.
_OF_QUOTA = (
    "o.staff_id = qt.staff_id AND o.metric = qt.metric AND o.product_id IS NOT DISTINCT FROM qt.product_id"
    f" AND {counts_in('qt.month')}"
)

QUOTA_DONE = Measure(
    name="quota_done",
    table="sales_salesorder",
    sources=("sales_quota", "sales_salesorder"),
    accrues=True,
    sql=f"""
SELECT qt.staff_id AS manager_id, o.unit_id, o.effective_on AS day, o.quantity::numeric AS numerator,
    0::numeric AS denominator, 0 AS excused, 0 AS mendable, o.id AS ref, o.customer_id
FROM sales_salesorder o JOIN sales_quota qt ON {_OF_QUOTA}
WHERE {_OWED} AND o.effective_on BETWEEN %(first)s AND %(until)s
UNION ALL
SELECT qt.staff_id, qt.unit_id, qt.month, 0, qt.target, 0,
    CASE WHEN %(today)s < qt.month + interval '1 month' THEN greatest(qt.target - coalesce(s.done, 0), 0) ELSE 0 END,
    -qt.id, NULL
FROM sales_quota qt LEFT JOIN LATERAL (
    SELECT sum(o.quantity)::int AS done FROM sales_salesorder o WHERE {_OF_QUOTA} AND o.effective_on <= %(until)s
) s ON true
WHERE {_OWED}
""",
)
"""F39: sold and in effect / quota of the managers; more than the quota counts in full.

Orders (`ref`) are the numerator, quotas (`-ref`) the denominator. Only what is in effect counts (SAL-7), in the month
it took effect, for who sold it, and only against a quota of the same thing: what nobody asked for fills no other quota.
`mendable` is how much is still to be sold before the month ends.
"""
