"""Competitor intelligence by area, and what customers said of competitors on visits (RET-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.models import Attachment
from crm.core.scope import Scope
from retention.choices import IntelligenceKind, Reliability
from retention.models import CompetitorIntel

WRITES = "write_intelligence"
LIMIT = 50
VOICE_DAYS = 60


@dataclass(frozen=True, slots=True)
class IntelRow:
    """One piece of intelligence; a customer out of sight has no name."""

    id: int
    competitor_id: int
    kind: str
    customer_id: int | None
    customer: str | None
    about_customer: bool
    unit_id: int
    staff_id: int | None
    seen_on: date
    text: str
    reliability: str
    file_name: str | None
    from_visit: bool
    by: str
    at: datetime
    alert_id: int | None

    @property
    def kind_label(self) -> str:
        """What the competitor is doing."""
        return str(IntelligenceKind(self.kind).label)

    @property
    def reliability_label(self) -> str:
        """How far it can be trusted."""
        return str(Reliability(self.reliability).label)

    @property
    def unit(self) -> str:
        """The area."""
        return names.unit_name(self.unit_id)


_ROWS = """
SELECT i.id, i.competitor_id, i.kind, CASE WHEN {seen} THEN c.id END, CASE WHEN {seen} THEN c.name END,
  i.customer_id IS NOT NULL, i.unit_id, i.staff_id, i.seen_on, i.text, i.reliability, f.name, i.voice_id IS NOT NULL,
  u.name, i.at, CASE WHEN {seen} THEN a.id END
FROM retention_competitorintel i JOIN core_user u ON u.id = i.by_id
LEFT JOIN accounts_customer c ON c.id = i.customer_id LEFT JOIN core_attachment f ON f.id = i.file_id
LEFT JOIN retention_alert a ON a.customer_id = i.customer_id AND a.closed_at IS NULL
WHERE {where} ORDER BY i.seen_on DESC, i.id DESC LIMIT %s
"""
_FILTERS = {
    "unit_ids": "i.unit_id = ANY(%s)",
    "competitor_id": "i.competitor_id = %s",
    "kind": "i.kind = %s",
    "reliability": "i.reliability = %s",
    "customer_id": "i.customer_id = %s",
}


def intelligence(
    access: Access, filters: Mapping[str, Any], *, after: tuple[date, int] | None = None
) -> list[IntelRow]:
    """The latest first; at most one more than are shown."""
    where, params = access.scope_for(WRITES).sql_for(unit="i.unit_id", manager="i.staff_id")
    seen, seen_params = access.scope.sql("c")
    parts = [where]
    for name, value in filters.items():
        parts.append(_FILTERS[name])
        params = [*params, value]
    if "customer_id" in filters:
        parts.append(f"({seen})")
        params = [*params, *seen_params]
    if after is not None:
        parts.append("(i.seen_on, i.id) < (%s, %s)")
        params = [*params, *after]
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(seen=seen, where=" AND ".join(parts)), [*seen_params * 3, *params, LIMIT + 1])
        return [IntelRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What a customer said of a competitor on a visit, not yet taken over."""

    id: int
    customer_id: int
    customer: str
    text: str
    said_at: datetime
    by: str


_SAID = """
SELECT v.id, c.id, c.name, v.text, v.said_at, u.name FROM visits_customervoice v
JOIN accounts_customer c ON c.id = v.customer_id JOIN core_user u ON u.id = v.by_id
WHERE v.kind = 'competitor' AND v.said_at >= %s AND {where}
  AND NOT EXISTS (SELECT 1 FROM retention_competitorintel i WHERE i.voice_id = v.id)
ORDER BY v.said_at DESC, v.id DESC LIMIT %s
"""


def said_on_visits(scope: Scope, since: datetime, most: int = 5) -> list[SaidRow]:
    """The newest captures of kind competitor that nobody has taken over (CUS-21: written down once)."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_SAID.format(where=where), [since, *params, most])
        return [SaidRow(*row) for row in cursor.fetchall()]


def said_by_id(scope: Scope, voice_id: int) -> SaidRow:
    """One of them, to be taken over, or 404."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, c.id, c.name, v.text, v.said_at, u.name FROM visits_customervoice v"
            " JOIN accounts_customer c ON c.id = v.customer_id JOIN core_user u ON u.id = v.by_id"
            f" WHERE v.kind = 'competitor' AND v.id = %s AND {where}",
            [voice_id, *params],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return SaidRow(*row)


def file_of(access: Access, intel_id: int) -> Attachment:
    """The attachment of one in sight, or 404."""
    row = CompetitorIntel.visible_to(access.scope_for(WRITES)).select_related("file").filter(pk=intel_id).first()
    if row is None or row.file is None:
        raise NotFound
    return row.file
