"""客户反映 (CON-15…18, PLAN-20): what customers said and what was learned, newest first, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.measures import COLUMNS, by_manager, over, refs
from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.choices import Reliability, VoiceKind, VoiceSource, VoiceTopic
from visits.queries.measures import KEY_CHANGE_DELAY
from visits.rules.voices import Delay

ORDER = Keyset(order=("-o.said_at", "-o.id"), limit=50, types=(datetime, int))


@dataclass(frozen=True, slots=True)
class VoiceFilters:
    """Which of them."""

    kind: str = ""
    topic: str = ""
    first: date | None = None
    last: date | None = None
    customer_id: int | None = None
    search: str = ""
    staff_id: int | None = None
    """Who wrote it down."""
    reported: tuple[date, date] | None = None
    """Key changes found and reported in these days (F50)."""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One thing a customer said or that was learned."""

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
    topic: str
    source: str
    reliability: str
    suggestion: str
    found_on: date | None
    reported_at: datetime | None
    dispatch_id: int | None
    dispatch_state: str | None
    dispatch_unit_id: int | None
    reply: str | None
    escalation_id: int | None
    escalation_state: str | None
    manager_id: int | None

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return str(VoiceKind(self.kind).label)

    @property
    def topic_label(self) -> str:
        """What it is about, in words."""
        return str(VoiceTopic(self.topic).label) if self.topic else ""

    @property
    def source_label(self) -> str:
        """Where it comes from, in words."""
        return str(VoiceSource(self.source).label)

    @property
    def reliability_label(self) -> str:
        """How sure it is, in words."""
        return str(Reliability(self.reliability).label) if self.reliability else ""

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def unit_name(self) -> str:
        """The customer's unit."""
        return names.unit_name(self.unit_id)

    @property
    def dispatch_unit(self) -> str:
        """Who was asked."""
        return names.unit_name(self.dispatch_unit_id)


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One page of the list."""

    rows: Sequence[VoiceRow]
    next_cursor: str | None


_ROWS = """
SELECT o.id, o.kind, o.text, o.said_at, c.id, c.name, c.tier_id, c.unit_id, o.visit_id, u.name, o.topic, o.source,
    o.reliability, o.suggestion, o.found_on, o.reported_at, d.id, d.state, d.to_unit_id, d.reply, e.id, e.state,
    c.manager_id
FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id JOIN core_user u ON u.id = o.by_id
LEFT JOIN LATERAL (SELECT * FROM accounts_dispatch x WHERE x.origin_table = 'visits_customervoice'
    AND x.origin_id = o.id ORDER BY x.id DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT y.id, y.state FROM accounts_escalation y WHERE y.origin_table = 'visits_customervoice'
    AND y.origin_id = o.id ORDER BY y.id DESC LIMIT 1) e ON true
WHERE {where}
"""


def _where(scope: Scope, filters: VoiceFilters) -> tuple[str, list[Any]]:
    condition, params = scope.sql("c")
    parts = [condition]
    for column, wanted in (
        ("o.kind = %s", filters.kind or None),
        ("o.topic = %s", filters.topic or None),
        ("o.said_at >= %s::date::timestamp AT TIME ZONE 'Asia/Shanghai'", filters.first),
        ("o.said_at < (%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'", filters.last),
        ("o.customer_id = %s", filters.customer_id),
        ("o.by_id = (SELECT s.user_id FROM accounts_staff s WHERE s.id = %s)", filters.staff_id),
        ("position(lower(%s) in lower(o.text || ' ' || o.suggestion)) > 0", filters.search or None),
    ):
        if wanted is not None:
            parts.append(column)
            params = [*params, wanted]
    if filters.reported is not None:
        place = COLUMNS.index("ref")
        parts.append("o.id = ANY(%s)")
        params = [*params, [row[place] for row in refs(KEY_CHANGE_DELAY, scope, over(*filters.reported))]]
    return " AND ".join(parts), params


def voice_list(
    scope: Scope, filters: VoiceFilters | None = None, *, cursor: str | None = None, limit: int = 50
) -> VoicePage:
    """What the customers in scope said."""
    keyset = replace(ORDER, limit=limit)
    where, params = _where(scope, filters or VoiceFilters())
    after, place = keyset.where(cursor)
    sql = _ROWS.format(where=f"{where} AND {after} ORDER BY {keyset.order_sql} LIMIT %s")
    with connection.cursor() as db:
        db.execute(sql, [*params, *place, limit + 1])
        rows = [VoiceRow(*record) for record in db.fetchall()]
    shown, next_cursor = keyset.page(rows, lambda row: (row.said_at, row.id))
    return VoicePage(shown, next_cursor)


def voice_for(scope: Scope, voice_id: int) -> VoiceRow | None:
    """One of them, inside the scope."""
    condition, params = scope.sql("c")
    with connection.cursor() as db:
        db.execute(_ROWS.format(where=f"{condition} AND o.id = %s"), [*params, voice_id])
        rows = [VoiceRow(*record) for record in db.fetchall()]
    return rows[0] if rows else None


def voice_counts(scope: Scope, filters: VoiceFilters) -> list[tuple[str, int]]:
    """PLAN-20: how many of each kind, as the same filters see them but for the kind."""
    where, params = _where(scope, replace(filters, kind=""))
    with connection.cursor() as db:
        db.execute(
            "SELECT o.kind, count(*) FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id"
            f" WHERE {where} GROUP BY o.kind",
            params,
        )
        found = dict(db.fetchall())
    return [(kind, found[kind]) for kind in VoiceKind.values if kind in found]


@dataclass(frozen=True, slots=True)
class StaffDelay:
    """F50 of one person: working days from found to reported, over the key changes he reported."""

    staff_id: int
    delay: Delay


def key_change_delays(scope: Scope, first: date, last: date) -> list[StaffDelay]:
    """F50, CUS-20: of the key changes reported in a period, by who reported them."""
    return [
        StaffDelay(staff_id, Delay(int(share.numerator), int(share.denominator)))
        for staff_id, share in by_manager(KEY_CHANGE_DELAY, scope, over(first, last)).items()
        if staff_id is not None
    ]


def key_change_delay(scope: Scope, first: date, last: date) -> Delay:
    """The same for all of them together."""
    people = [row.delay for row in key_change_delays(scope, first, last)]
    return Delay(sum(one.working_days for one in people), sum(one.changes for one in people))
