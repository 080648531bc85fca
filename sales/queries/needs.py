"""Needs: the list, one with its history, the pipeline by stage, the analysis by type and industry (SAL-10, PLAN-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.errors import NotFound
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.choices import NeedStage
from sales.models import Need, NeedStep, NeedType

SEES, EDITS = "view_sales", "edit_sales"
LIMIT = 50
NEWEST = Keyset(("-n.found_on", "-n.id"), LIMIT, (date, int))
OPEN = "n.stage IN ('found', 'routed', 'proposed')"
# What he needed of this type before (CUS-14): the next older entry of the same customer.
_BEFORE = """
LEFT JOIN LATERAL (SELECT b.text, b.found_on FROM sales_need b WHERE b.customer_id = n.customer_id
    AND b.type_id = n.type_id AND (b.found_on, b.id) < (n.found_on, n.id)
    ORDER BY b.found_on DESC, b.id DESC LIMIT 1) before ON TRUE
"""
_LIST = """
SELECT n.id, n.type_id, n.found_on, n.text, n.budget, n.wanted_on, n.competitor, n.stage, n.stage_on, n.routed_to_id,
    d.name, before.text, before.found_on, c.id, c.name, c.tier_id, c.manager_id, c.unit_id, c.industry
FROM sales_need n JOIN accounts_customer c ON c.id = n.customer_id
LEFT JOIN accounts_contactperson d ON d.id = n.decision_maker_id
{before}
WHERE {where} ORDER BY {order} LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need on a list, with what was needed of its type before."""

    id: int
    type_id: int
    found_on: date
    text: str
    budget: Decimal | None
    wanted_on: date | None
    competitor: str
    stage: str
    stage_on: date
    routed_to_id: int | None
    decision_maker: str | None
    before: str | None
    before_on: date | None
    customer_id: int
    customer: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    industry: str

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Who looks after the customer."""
        return names.staff_name(self.manager_id)

    @property
    def routed_to(self) -> str:
        """The department it was passed on to."""
        return names.unit_name(self.routed_to_id)


def type_labels(*, only_active: bool = False) -> dict[int, tuple[str, str]]:
    """Types of need: id → (code, label in the language of the moment), in their order."""
    english = (get_language() or "").startswith("en")
    rows = NeedType.objects.order_by("position", "id")
    return {
        row.pk: (row.code, row.label_en if english else row.label_zh)
        for row in rows
        if row.is_active or not only_active
    }


def needs(conditions: tuple[list[str], list[Any]], cursor: str = "") -> tuple[list[NeedRow], str | None]:
    """The page of a list, newest first."""
    after, place = NEWEST.where(cursor)
    sql = _LIST.format(before=_BEFORE, where=" AND ".join([*conditions[0], after]), order=NEWEST.order_sql)
    with connection.cursor() as db:
        db.execute(sql, [*conditions[1], *place, LIMIT + 1])
        found = [NeedRow(*row) for row in db.fetchall()]
    rows, following = NEWEST.page(found, lambda row: [row.found_on, row.id])
    return list(rows), following


def needs_of(scope: Scope, customer_id: int) -> list[NeedRow]:
    """The needs file of one customer, newest first (CUS-14)."""
    where, params = scope.sql("c")
    return needs((["n.customer_id = %s", where], [customer_id, *params]))[0]


def need_for(scope: Scope, need_id: int) -> Need:
    """One need with what its page names, or 404."""
    rows = Need.visible_to(scope).select_related("customer", "decision_maker", "by")
    row = rows.filter(pk=need_id).first()
    if row is None:
        raise NotFound
    return row


def steps_of(need_id: int) -> list[NeedStep]:
    """Its history, newest first."""
    return list(NeedStep.unscoped.filter(need_id=need_id).select_related("by").order_by("-pk"))


def same_type(need: Need) -> list[Need]:
    """What the customer needed of this type, newest first: a change each (CUS-14)."""
    rows = Need.unscoped.filter(customer_id=need.customer_id, type_id=need.type_id)
    return list(rows.order_by("-found_on", "-pk")[:LIMIT])


# --- The pipeline (SAL-10)

_STAGES = """
SELECT n.stage, count(*), coalesce(sum(n.budget), 0), count(DISTINCT n.customer_id)
FROM sales_need n JOIN accounts_customer c ON c.id = n.customer_id WHERE {where} GROUP BY 1
"""
_DAYS_TO_PROPOSAL = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest((s.at AT TIME ZONE 'Asia/Shanghai')::date - n.found_on, 0)),
    count(*)
FROM sales_need n JOIN accounts_customer c ON c.id = n.customer_id
JOIN LATERAL (SELECT min(x.at) AS at FROM sales_needstep x WHERE x.need_id = n.id AND x.to_stage = 'proposed'
    AND x.from_stage <> 'proposed') s ON s.at IS NOT NULL
WHERE {where}
"""


@dataclass(frozen=True, slots=True)
class StageCount:
    """One stage of the pipeline."""

    stage: str
    count: int
    budget: Decimal
    customers: int

    @property
    def label(self) -> str:
        """The stage in words."""
        return str(NeedStage(self.stage).label)


def pipeline(conditions: tuple[list[str], list[Any]]) -> list[StageCount]:
    """How many needs stand at each stage, and what they are worth; every stage is there."""
    with connection.cursor() as db:
        db.execute(_STAGES.format(where=" AND ".join(conditions[0])), conditions[1])
        found = {row[0]: StageCount(*row) for row in db.fetchall()}
    return [found.get(stage, StageCount(stage, 0, Decimal(0), 0)) for stage in NeedStage.values]


def days_to_proposal(conditions: tuple[list[str], list[Any]]) -> tuple[int | None, int]:
    """(median days from finding a need to proposing, of how many)."""
    with connection.cursor() as db:
        db.execute(_DAYS_TO_PROPOSAL.format(where=" AND ".join(conditions[0])), conditions[1])
        row: tuple[int | None, int] = db.fetchone()
        return row


# --- The analysis (PLAN-21)

_ANALYSIS = f"""
SELECT n.type_id, left(c.industry, 1), count(*), count(DISTINCT n.customer_id), count(*) FILTER (WHERE {OPEN}),
    count(*) FILTER (WHERE n.stage = 'met'), count(*) FILTER (WHERE n.stage = 'lost'), coalesce(sum(n.budget), 0)
FROM sales_need n JOIN accounts_customer c ON c.id = n.customer_id WHERE {{where}}
GROUP BY GROUPING SETS ((1, 2), (1), ())
"""


@dataclass(frozen=True, slots=True)
class AnalysisLine:
    """A line of the analysis: a type, an industry within it, or (both None) the whole."""

    type_id: int | None
    industry: str | None
    count: int
    customers: int
    open: int
    met: int
    lost: int
    budget: Decimal


def analysis(conditions: tuple[list[str], list[Any]]) -> list[AnalysisLine]:
    """PLAN-21: each type with its industries, the most frequent first, and the whole at the end."""
    with connection.cursor() as db:
        db.execute(_ANALYSIS.format(where=" AND ".join(conditions[0])), conditions[1])
        lines = [AnalysisLine(*row) for row in db.fetchall()]
    whole = [line for line in lines if line.type_id is None]
    types = sorted(
        (line for line in lines if line.type_id is not None and line.industry is None),
        key=lambda line: (-line.count, line.type_id),
    )
    ordered: list[AnalysisLine] = []
    for line in types:
        within = [one for one in lines if one.type_id == line.type_id and one.industry is not None]
        ordered += [line, *sorted(within, key=lambda one: (-one.count, one.industry))]
    return ordered + whole
