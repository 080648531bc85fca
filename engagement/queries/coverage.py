"""Whom a service policy is missing (ENG-5), and the rows of its coverage (F21, KPI-34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import customer_list, names
from accounts.queries.holders import holder_on
from accounts.queries.measures.profiles import served_on
from accounts.queries.names import TierView
from crm.core.measures import Measure, Nature
from crm.core.pages import Count
from crm.core.scope import Scope
from engagement.queries.policies import RUNNING, in_words


def covered(customer: str, day: str) -> str:
    """ENG-5: the customer enjoys a VIP service policy on the day; both are columns or marks of the statement."""
    return (
        "EXISTS (SELECT FROM engagement_policyenrolment e JOIN engagement_servicepolicy p ON p.id = e.policy_id"
        f" WHERE e.customer_id = {customer} AND p.kind = 'service' AND {RUNNING.format(day=day)})"
    )


IN_SERVICE = "c.kind = 'vip' AND c.state IN ('active', 'suspended')"
"""A customer `c` who ought to have one: a VIP in service."""
VIPS = "vips_in_service"
WITHOUT = "without_policy"
customer_list.add_filter(VIPS, lambda _value: (IN_SERVICE, []))
customer_list.add_filter(WITHOUT, lambda day: (f"{IN_SERVICE} AND NOT {covered('c.id', '%s')}", [day, day]))

_UNTIL = "%(until)s::date"
POLICY_COVERAGE = Measure(
    name="policy_coverage",
    table="accounts_customer",
    nature=Nature.STOCK,
    sources=(
        "accounts_customer", "accounts_assignment", "engagement_policyenrolment", "engagement_servicepolicy",
    ),
    sql=f"""
SELECT h.staff_id AS manager_id, c.unit_id, {_UNTIL} AS day, x.is_covered::int::numeric AS numerator,
  1::numeric AS denominator, 0 AS excused, (NOT x.is_covered AND %(today)s <= %(last)s)::int AS mendable,
  c.id AS ref, c.id AS customer_id
FROM accounts_customer c {holder_on("c.id", _UNTIL)}
CROSS JOIN LATERAL (SELECT {covered("c.id", _UNTIL)} AS is_covered) x
WHERE c.kind = 'vip' AND {served_on("c", _UNTIL)}
""",
)  # fmt: skip
"""F21 (KPI-34, ENG-5): VIPs who enjoy at least one VIP service policy on the day / VIPs."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A VIP without a service policy, and since when he has none."""

    id: int
    number: str
    name: str
    tier: TierView | None
    manager: str
    unit: str
    value: Decimal
    ended_on: date | None
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """So many VIPs have none, of so many."""

    without: Count
    vips: Count

    @property
    def per_cent(self) -> Decimal | None:
        """As the indicator rounds; None when there is nobody, or more than are counted."""
        if self.vips.is_capped or not self.vips.number:
            return None
        return round(Decimal(100 * (self.vips.number - self.without.number)) / self.vips.number, 1)


def coverage(scope: Scope, today: date) -> Coverage:
    """How far the customers in sight are covered; two statements, counted no further than 10,000."""
    return Coverage(
        customer_list.count_customers(scope, filters={WITHOUT: today}),
        customer_list.count_customers(scope, filters={VIPS: True}),
    )


_COLUMNS = "c.id, c.number, c.name, c.tier_id, c.manager_id, c.unit_id, s.value"
_ENDED = """
SELECT DISTINCT ON (e.customer_id) e.customer_id, e.ends_on, p.label_zh, p.label_en
FROM engagement_policyenrolment e JOIN engagement_servicepolicy p ON p.id = e.policy_id
WHERE e.customer_id = ANY(%s) AND p.kind = 'service' AND e.ends_on < %s
ORDER BY e.customer_id, e.ends_on DESC, e.id
"""


def uncovered(
    scope: Scope, today: date, *, filters: Mapping[str, Any], search: str = "", cursor: str = "", limit: int = 50
) -> tuple[list[Uncovered], str]:
    """ENG-5: VIPs without a service policy, the most valuable first, with the policy they had last."""
    page = customer_list.customer_page(
        scope, filters={**filters, WITHOUT: today}, search=search, cursor=cursor, limit=limit, columns=_COLUMNS
    )
    with connection.cursor() as db:
        db.execute(_ENDED, [[row[0] for row in page.rows], today])
        ended = {row[0]: (row[1], in_words(row[2], row[3])) for row in db.fetchall()}
    rows = [
        Uncovered(
            pk, number, name, names.tier(tier_id), names.staff_name(manager_id), names.unit_name(unit_id), value,
            *ended.get(pk, (None, "")),
        )
        for pk, number, name, tier_id, manager_id, unit_id, value in page.rows
    ]  # fmt: skip
    return rows, page.next
