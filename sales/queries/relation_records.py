"""Needs, credit accounts and guarantees as REST clients read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from sales.queries.credit import LIMIT, without_tier
from sales.queries.records import number_of

Record = dict[str, Any]
_CUSTOMER = {"customer": "c.number = %s"}
NEED_FILTERS: dict[str, str] = _CUSTOMER | {
    "ids": "x.id = ANY(%s)",
    "type": "t.code = %s",
    "stage": "x.stage = %s",
    "found_from": "x.found_on >= %s",
    "found_to": "x.found_on <= %s",
    "updated_since": "x.updated_at >= %s",
}
CREDIT_FILTERS: dict[str, str] = _CUSTOMER | {"ids": "x.id = ANY(%s)", "state": "x.state = %s"}
GUARANTEE_FILTERS: dict[str, str] = _CUSTOMER | {
    "ids": "x.id = ANY(%s)",
    "state": "x.state = %s",
    "papers_due_from": "x.papers_due_on >= %s",
    "papers_due_to": "x.papers_due_on <= %s",
}
_NEEDS = """
SELECT x.id, c.number, t.code, x.found_on, x.text, x.pain, x.budget, d.name, x.wanted_on, x.competitor, x.stage,
  x.stage_on, r.code, x.updated_at, x.version
FROM sales_need x JOIN accounts_customer c ON c.id = x.customer_id JOIN sales_needtype t ON t.id = x.type_id
LEFT JOIN accounts_contactperson d ON d.id = x.decision_maker_id LEFT JOIN accounts_unit r ON r.id = x.routed_to_id
WHERE {where}
"""
_NEED = (
    "id", "customer", "type", "found_on", "text", "pain", "budget", "decision_maker", "wanted_on", "competitor",
    "stage", "stage_on", "routed_to", "updated_at", "version",
)  # fmt: skip
_CREDITS = f"""
SELECT x.id, c.number, {LIMIT.replace("a.limit", "x.limit").replace("%(without_tier)s", "%s")}, x.limit IS NOT NULL,
  x.extra, x.extra_until, x.used, x.score, x.state
FROM sales_creditaccount x JOIN accounts_customer c ON c.id = x.customer_id
LEFT JOIN sales_tiercredit t ON t.tier_id = c.tier_id
WHERE {{where}}
"""
_CREDIT = ("id", "customer", "limit", "is_own_limit", "extra", "extra_until", "used", "paid_in_time", "state")
_GUARANTEES = """
SELECT x.id, c.number, x.staff_id, x.business, x.amount, x.reason, x.papers, x.papers_due_on, x.papers_on, x.state,
  x.requested_at, x.decided_at, x.active_on, x.released_on, x.version
FROM sales_guarantee x JOIN accounts_customer c ON c.id = x.customer_id
WHERE {where}
"""
_GUARANTEE = (
    "id", "customer", "staff", "business", "amount", "reason", "papers", "papers_due_on", "papers_on", "state",
    "requested_at", "decided_at", "active_on", "released_on", "version",
)  # fmt: skip


def need_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(needs in sight by id, cursor of the next page)."""
    return _page(_NEEDS, _NEED, NEED_FILTERS, scope, filters, cursor, limit)


def credit_records(
    scope: Scope, *, filters: Mapping[str, Any], day: date, cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(credit accounts in sight by id, cursor of the next page); the limit is the one that holds on a day."""
    return _page(_CREDITS, _CREDIT, CREDIT_FILTERS, scope, filters, cursor, limit, before=[without_tier(day)])


def guarantee_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(guarantees in sight by id, cursor of the next page)."""
    rows, following = _page(_GUARANTEES, _GUARANTEE, GUARANTEE_FILTERS, scope, filters, cursor, limit)
    for row in rows:
        row["staff"] = number_of(row["staff"])
    return rows, following


def _page(
    sql: str, names: tuple[str, ...], known: Mapping[str, str], scope: Scope, filters: Mapping[str, Any], cursor: str,
    limit: int, *, before: list[Any] | None = None,
) -> tuple[list[Record], str | None]:  # fmt: skip
    clause = narrowed(scope.sql("c"), known, filters)
    rows, following = rows_by_id(sql, "x.id", clause, cursor=cursor, limit=limit, before=before or ())
    return [dict(zip(names, row, strict=True)) for row in rows], following
