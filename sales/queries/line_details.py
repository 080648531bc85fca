"""What is known of one line in one month: the details that may be printed when they are registered (SEC-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

# A member's uses are his line's. A customer's own figures are the line's only where he had no other line that month.
_SQL = """
WITH one AS (
    SELECT l.id, l.customer_id, l.member_id, NOT EXISTS (
        SELECT 1 FROM accounts_line o WHERE o.customer_id = l.customer_id AND o.id <> l.id
        AND o.opened_on < (%(month)s::date + interval '1 month')
        AND (o.closed_on IS NULL OR o.closed_on > %(month)s::date)) AS is_only
    FROM accounts_line l WHERE l.id = %(line)s
)
SELECT p.id, 'uses', mu.uses::numeric FROM one JOIN sales_memberuse mu ON mu.member_id = one.member_id
    AND mu.month = %(month)s JOIN accounts_product p ON p.id = mu.product_id
UNION ALL
SELECT um.product_id, f.name, f.figure FROM one JOIN sales_usagemonth um ON um.customer_id = one.customer_id
    AND um.month = %(month)s
CROSS JOIN LATERAL (VALUES ('voice_minutes', um.voice_minutes::numeric), ('messages', um.messages::numeric),
    ('data_mb', um.data_mb::numeric), ('volume', um.volume), ('revenue', um.revenue)) AS f (name, figure)
WHERE one.is_only AND one.member_id IS NULL AND f.figure IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class LineDetail:
    """One figure of a line; without a product it is of all of them."""

    product_id: int | None
    name: str
    figure: Decimal


def line_details(line_id: int, month: date) -> list[LineDetail]:
    """The figures of a line in a month, in the order of the products."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"line": line_id, "month": month})
        found = [LineDetail(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda detail: (detail.product_id is not None, detail.product_id or 0, detail.name))
