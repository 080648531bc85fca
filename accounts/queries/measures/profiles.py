"""What the base is like on a day, as rows: profiles (F19), quality customers (Q1), the revenue of the top fifth (F44).

Profiles and monthly spend have no dated history: they are read as they stand when the statement runs, and stay what
they were once the month is frozen with its evidence (KPI-4). Who was a customer, of whom and of what tier is dated.
"""

from __future__ import annotations

from typing import Any

from accounts.choices import CustomerKind
from accounts.queries.completeness import fields_of, fill_select
from accounts.queries.holders import holder_on, tier_on
from crm.core.measures import Measure, Nature, Time

TOP_PER_CENT = 20
"""The "eighty twenty" of CUS-22: the revenue of this share of the customers."""
QUALITY_RANK = 2
"""ORG-30: groups whose value nobody has judged are of quality by this level or better (docs/decisions/010)."""
QUALITY_CLASSES = "('A', 'B')"
"""CUS-16, ORG-30: the classes of quality customers."""

_UNTIL = "%(until)s::date"

SERVED_ON = (
    "({c}.state IN ('active', 'suspended') OR {c}.exited_on > {day})"
    " AND ({c}.joined_on IS NULL OR {c}.joined_on <= {day})"
)
"""Who was a customer on a day: joined, and not gone yet. Prospects never."""


def served_on(customer: str, day: str) -> str:
    """The condition over a table or alias of customers; both names come from code.

    >>> served_on("c", "d.day")[:40]
    "(c.state IN ('active', 'suspended') OR c"
    """
    return SERVED_ON.format(c=customer, day=day)


def _vip_fields(_time: Time) -> dict[str, Any]:
    return {"fields": fields_of(CustomerKind.VIP)}


_FILL = fill_select(
    CustomerKind.VIP,
    _UNTIL,
    also="c.id, c.unit_id, held.staff_id",
    joins=f"{holder_on('c.id', _UNTIL, alias='held')} WHERE c.kind = 'vip' AND {served_on('c', _UNTIL)}",
)

PROFILE_COMPLETE = Measure(
    name="profile_complete",
    table="accounts_customer",
    nature=Nature.STOCK,
    sources=(
        "accounts_customer", "accounts_personprofile", "accounts_privateprofile", "accounts_familymember",
        "accounts_contactperson", "accounts_assignment", "accounts_requiredfield",
    ),
    params=_vip_fields,
    is_of_today=True,
    sql=f"""
SELECT f.staff_id AS manager_id, f.unit_id, {_UNTIL} AS day, f.filled::numeric AS numerator,
    f.required::numeric AS denominator, 0 AS excused,
    CASE WHEN %(today)s <= %(last)s THEN f.required - f.filled ELSE 0 END AS mendable, f.id AS ref, f.id AS customer_id
FROM ({_FILL}) f
WHERE f.required > 0
""",
)  # fmt: skip
"""F19 (KPI-32, CUS-9): required fields that are filled / required fields × VIPs; one row per VIP.

`mendable` is how many fields are still to be filled before the month ends.
"""

QUALITY_CUSTOMERS = Measure(
    name="quality_customers",
    table="accounts_customer",
    nature=Nature.STOCK,
    sources=("accounts_customer", "accounts_assignment", "accounts_tierhistory", "accounts_valueassessment"),
    sql=f"""
SELECT h.staff_id AS manager_id, c.unit_id, {_UNTIL} AS day, 1::numeric AS numerator, 0::numeric AS denominator,
    0 AS excused, 0 AS mendable, c.id AS ref, c.id AS customer_id
FROM accounts_customer c {holder_on("c.id", _UNTIL)} {tier_on("c.id", _UNTIL)}
LEFT JOIN accounts_tier t ON t.id = th.tier_id
LEFT JOIN LATERAL (SELECT a.value_class FROM accounts_valueassessment a
    WHERE a.customer_id = c.id AND a.assessed_on <= {_UNTIL} ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1) v ON TRUE
WHERE {served_on("c", _UNTIL)} AND CASE WHEN c.kind = 'vip' THEN t.id IS NOT NULL
    WHEN c.kind <> 'group' THEN FALSE WHEN v.value_class IS NOT NULL THEN v.value_class IN {QUALITY_CLASSES}
    ELSE t.rank <= {QUALITY_RANK} END
""",
)
"""Q1 (ORG-30): VIP customers with a tier, and groups of value A or B (CUS-16) by the last judgement up to the day;
a group nobody has judged by its level, 1 or 2."""


def ranked_revenue(customers: str, *, per: str = "") -> str:
    """Customers by monthly spend, the greatest first: `place` of `many` within each `per`, and what they bring.

    `customers` is a SELECT of (id, spend) and of the column `per`. Who brings how much is not known is left out.
    """
    within = f"PARTITION BY k.{per} " if per else ""
    columns = "k.id, k.spend" + (f", k.{per}" if per else "")
    return (
        f"SELECT {columns}, row_number() OVER ({within}ORDER BY k.spend DESC, k.id) AS place,"
        f" count(*) OVER ({within}) AS many FROM ({customers}) k"
    )


def is_top(ranked: str) -> str:
    """CUS-22: among the first ceil(20 % of n).

    >>> is_top("r")
    'r.place <= (r.many * 20 + 99) / 100'
    """
    return f"{ranked}.place <= ({ranked}.many * {TOP_PER_CENT} + 99) / 100"


_REVENUE_OF_UNITS = f"""
SELECT c.id, c.monthly_spend AS spend, u.id AS unit_id
FROM accounts_unit u JOIN accounts_unit below ON starts_with(below.path, u.path)
JOIN accounts_customer c ON c.unit_id = below.id
WHERE c.monthly_spend IS NOT NULL AND {served_on("c", _UNTIL)}
"""

REVENUE_OF_TOP_FIFTH = Measure(
    name="revenue_of_top_fifth",
    table="accounts_customer",
    nature=Nature.UNIT,
    sources=("accounts_customer",),
    is_of_today=True,
    sql=f"""
SELECT NULL::bigint AS manager_id, r.unit_id, {_UNTIL} AS day,
    CASE WHEN {is_top("r")} THEN r.spend ELSE 0 END AS numerator, r.spend AS denominator,
    0 AS excused, 0 AS mendable, r.id AS ref, r.id AS customer_id
FROM ({ranked_revenue(_REVENUE_OF_UNITS, per="unit_id")}) r
""",
)
"""F44 (CUS-22): what the top fifth of a unit's customers bring a month, of what all of them bring.

One set of rows per unit of the tree, over all below it: the top fifth of a city is not the sum of its branches' fifths.
"""
