"""Plans of months and years (PLAN-1): contacts owed by tier with what was done, and what was put in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.rules import add_months
from crm.core.scope import Scope
from visits.models import Plan
from visits.queries.plans.cards import tier_mark
from visits.rules.plans import period_last

_SQL = """
SELECT i.id, i.tier_id, i.customer_id, CASE WHEN {sees} THEN c.name END, g.name, i.purpose, i.planned_on, i.target,
  i.reason, CASE
    WHEN i.tier_id IS NOT NULL THEN (SELECT count(*) FROM visits_duty d WHERE d.manager_id = p.staff_id
      AND d.tier_id = i.tier_id AND d.state = 'met' AND d.purpose = 'contact' AND d.due_on >= i.planned_on
      AND d.met_on BETWEEN i.planned_on AND x.last)
    WHEN i.customer_id IS NOT NULL AND {sees} THEN (SELECT count(*) FROM visits_visit v
      WHERE v.customer_id = i.customer_id AND v.staff_id = p.staff_id AND v.undone_at IS NULL AND v.counts
      AND v.occurred_on BETWEEN p.starts_on AND x.last) END
FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id LEFT JOIN accounts_customer c ON c.id = i.customer_id
LEFT JOIN accounts_segment g ON g.id = i.segment_id
CROSS JOIN LATERAL (SELECT CASE WHEN i.tier_id IS NOT NULL AND p.period = 'year'
  THEN (i.planned_on + interval '3 months')::date - 1 ELSE %s::date END AS last) x
WHERE i.plan_id = %s AND i.state <> 'cancelled' ORDER BY i.planned_on, i.reason = 'own', i.position, i.id
"""


@dataclass(frozen=True, slots=True)
class LongRow:
    """One line: a tier with its figures, or something of one's own."""

    id: int
    what: str
    tier: SafeString | str
    url: str
    when: str
    purpose: str
    target: int
    done: int | None
    per_cent: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class LongPlan:
    """Everything a month or year shows."""

    rows: list[LongRow]
    target: int
    done: int
    weeks: list[tuple[str, str]]

    @property
    def per_cent(self) -> int:
        """Share of what is owed by tier that is done."""
        return min(100, 100 * self.done // self.target) if self.target else 0


def long_plan(scope: Scope, plan: Plan, *, today: date, can_edit: bool) -> LongPlan:
    """The rows of a month or year; one statement."""
    condition, params = scope.sql("c")
    last = period_last(plan.period, plan.starts_on)
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(sees=condition), [*params, *params, last, plan.pk])
        found = cursor.fetchall()
    rows = []
    for item_id, tier_id, customer_id, name, segment, purpose, on, target, reason, done in found:
        is_own = reason == "own"
        rows.append(
            LongRow(
                item_id, name or segment or (_("handed over") if customer_id else ""), tier_mark(tier_id),
                f"/customers/{customer_id}/" if name else "", _when(plan, on, is_own), purpose, target, done,
                min(100, 100 * (done or 0) // target) if target else 0, is_own,
            )
        )  # fmt: skip
    of_tiers = [row for row in rows if not row.is_own]
    return LongPlan(rows, sum(row.target for row in of_tiers), sum(row.done or 0 for row in of_tiers), _parts(plan))


def _when(plan: Plan, on: date, is_own: bool) -> str:
    if is_own:
        return date_format(on, "MONTH_DAY_FORMAT")
    if plan.period == "month":
        return date_format(on, "YEAR_MONTH_FORMAT")
    return _("Quarter %(n)d") % {"n": (on.month + 2) // 3}


def _parts(plan: Plan) -> list[tuple[str, str]]:
    """A year's months, as (day, words), to go on from."""
    if plan.period != "year":
        return []
    months = [add_months(plan.starts_on, number) for number in range(12)]
    return [(month.isoformat(), date_format(month, "F")) for month in months]
