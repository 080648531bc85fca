"""Policies and enrolments as REST clients read them: codes instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.core.pages import Keyset, narrowed, rows_by_id
from crm.core.scope import Scope
from engagement.queries.catalogue import policies

_RECORDS = """
SELECT e.id, e.customer_id, c.number, p.code, e.starts_on, e.ends_on, e.used_on, e.enrolled_at, e.ended_at
FROM engagement_policyenrolment e JOIN accounts_customer c ON c.id = e.customer_id
JOIN engagement_servicepolicy p ON p.id = e.policy_id
WHERE {where}
"""
RECORD = (
    "id", "customer", "customer_number", "policy", "starts_on", "ends_on", "used_on", "enrolled_at", "ended_at",
)  # fmt: skip
RECORD_FILTERS: dict[str, str] = {
    "ids": "e.id = ANY(%s)",
    "customer": "e.customer_id = %s",
    "policy": "p.code = %s",
    "running_on": "daterange(e.starts_on, e.ends_on, '[]') @> %s::date",
}


def enrolment_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """(enrolments by id, cursor of the next page)."""
    clause = narrowed(scope.sql("c"), RECORD_FILTERS, filters)
    rows, following = rows_by_id(_RECORDS, "e.id", clause, cursor=cursor, limit=limit)
    return [dict(zip(RECORD, row, strict=True)) for row in rows], following


def policy_records(
    today: date, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """(policies by id, cursor of the next page); the catalogue is short and read whole."""
    keyset = Keyset(("p.id",), limit, (int,))
    after = keyset.values(cursor)[0] if cursor else 0
    lines = sorted(policies(today, kind=filters.get("kind", "")), key=lambda line: line.id)
    wanted = [line for line in lines if line.id > after and filters.get("is_given", line.is_given) == line.is_given]
    shown, following = keyset.page(wanted[: limit + 1], lambda line: [line.id])
    return [
        {
            "id": line.id,
            "code": line.code,
            "kind": line.kind,
            "label_zh": line.label_zh,
            "label_en": line.label_en,
            "benefits_zh": line.benefits_zh,
            "benefits_en": line.benefits_en,
            "cost": line.cost,
            "tiers": [f"{tier.kind}:{tier.code}" for tier in line.tiers],
            "starts_on": line.starts_on,
            "ends_on": line.ends_on,
            "is_given": line.is_given,
        }
        for line in shown
    ], following
