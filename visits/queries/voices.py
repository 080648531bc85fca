"""Customer voice (CON-15, CON-16): opinions and problems, newest first, with the visit they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.choices import VoiceKind

ORDER = Keyset(order=("-o.said_at", "-o.id"), limit=50, types=(datetime, int))


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One thing a customer said."""

    id: int
    kind: str
    text: str
    said_at: datetime
    customer_id: int
    customer_name: str
    tier_id: int | None
    unit_id: int
    visit_id: int | None
    by: str

    @property
    def kind_label(self) -> str:
        """Opinion or problem, in words."""
        return str(VoiceKind(self.kind).label)

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def unit_name(self) -> str:
        """The customer's unit."""
        return names.unit_name(self.unit_id)


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One page of the list."""

    rows: Sequence[VoiceRow]
    next_cursor: str | None


def voice_list(
    scope: Scope,
    *,
    kind: str = "",
    first: date | None = None,
    last: date | None = None,
    customer_id: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> VoicePage:
    """What the customers in scope said."""
    condition, params = scope.sql("c")
    keyset = replace(ORDER, limit=limit)
    after, place = keyset.where(cursor)
    parts = []
    for column, wanted in (
        ("o.kind = %s", kind or None),
        ("o.said_at >= %s::date::timestamp AT TIME ZONE 'Asia/Shanghai'", first),
        ("o.said_at < (%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'", last),
        ("o.customer_id = %s", customer_id),
    ):
        if wanted is not None:
            parts.append(column)
            params = [*params, wanted]
    wanted_sql = " AND ".join(parts) or "TRUE"
    with connection.cursor() as db:
        db.execute(
            "SELECT o.id, o.kind, o.text, o.said_at, c.id, c.name, c.tier_id, c.unit_id, o.visit_id, u.name"
            " FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id"
            " JOIN core_user u ON u.id = o.by_id"
            f" WHERE {condition} AND {wanted_sql} AND {after} ORDER BY {keyset.order_sql} LIMIT %s",
            [*params, *place, limit + 1],
        )
        rows = [VoiceRow(*record) for record in db.fetchall()]
    shown, next_cursor = keyset.page(rows, lambda row: (row.said_at, row.id))
    return VoicePage(shown, next_cursor)
