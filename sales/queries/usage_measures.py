"""Members that use what their group subscribed to, as rows (F40; SAL-6)."""

from __future__ import annotations

from accounts.queries.holders import holder_on
from crm.core.measures import Measure
from sales.usage_rules import active_sql

_LAST = "least((um.month + interval '1 month - 1 day')::date, %(until)s::date)"

ACTIVE_MEMBERS = Measure(
    name="active_members",
    table="sales_usagemonth",
    sources=(
        "sales_usagemonth", "sales_memberuse", "sales_subscription", "accounts_product", "accounts_groupmember",
        "accounts_assignment",
    ),
    sql=f"""
SELECT h.staff_id AS manager_id, c.unit_id, um.month AS day, least(n.active, n.members)::numeric AS numerator,
    n.members::numeric AS denominator, 0 AS excused,
    CASE WHEN %(today)s < um.month + interval '1 month' THEN greatest(n.members - n.active, 0) ELSE 0 END AS mendable,
    um.id AS ref, um.customer_id
FROM sales_usagemonth um
JOIN accounts_product p ON p.id = um.product_id AND p.min_uses_per_member IS NOT NULL
JOIN accounts_customer c ON c.id = um.customer_id
{holder_on("um.customer_id", _LAST)}
CROSS JOIN LATERAL (
    SELECT count(*)::int AS told, (count(*) FILTER (WHERE {active_sql("mu", "p")}))::int AS active
    FROM sales_memberuse mu JOIN accounts_groupmember m ON m.id = mu.member_id
    WHERE m.customer_id = um.customer_id AND mu.product_id = um.product_id AND mu.month = um.month) u
CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.quantity), 0)::int AS members FROM sales_subscription s
    WHERE s.customer_id = um.customer_id AND s.product_id = um.product_id
      AND s.started_on < um.month + interval '1 month' AND (s.ended_on IS NULL OR s.ended_on >= um.month)) s
CROSS JOIN LATERAL (
    SELECT greatest(s.members, u.told) AS members,
      CASE WHEN u.told > 0 THEN u.active ELSE um.active_members END AS active) n
WHERE um.month BETWEEN %(first)s AND %(until)s AND n.active IS NOT NULL AND n.members > 0
""",
)  # fmt: skip
"""F40: members that reach the least number of uses / members subscribed; one row per customer, product and month.

Only products with such a rule count. Where the uses of members were told they are counted, else the figure that billing
gave; a month nobody told anything of is no row: it is not known, not nothing. `mendable`: who may still reach it.
"""
