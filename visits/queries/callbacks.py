"""Callbacks: the queue of those who call, what managers and supervisors read, and who judges (CON-34, KPI-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.queries import names
from accounts.queries.holders import was_manager
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.measures import by_manager, over
from crm.core.text import mask_phone
from visits.choices import CallbackReason, CallbackState
from visits.models import Callback, Reversal
from visits.queries.catalogue import catalogue
from visits.queries.measures import RECORDS_CONFIRMED
from visits.rules.freeze import last_day

OPEN = (CallbackState.WAITING, CallbackState.TRIED)
ANSWERED = (CallbackState.CONFIRMED, CallbackState.DENIED)
PAGE = 50

# Everybody below somebody: who reports to him, at any depth, and who works in a unit he heads.
_BELOW = """
WITH RECURSIVE line AS (
  SELECT %(me)s::bigint AS id UNION
  SELECT s.id FROM accounts_staff s JOIN line l ON s.supervisor_id = l.id
)
SELECT id FROM line UNION
SELECT s.id FROM accounts_staff s JOIN accounts_unit u ON u.id = s.unit_id
  JOIN accounts_unit top ON top.head_id = %(me)s AND u.path LIKE top.path || '%%'
"""


def own_line(staff_id: int | None) -> tuple[int, ...]:
    """Himself and everybody he leads: nobody asks customers about his own line (SEC-24)."""
    if staff_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"me": staff_id})
        return tuple(row[0] for row in cursor.fetchall())


_JUDGE = """
SELECT boss2.id FROM accounts_staff s JOIN accounts_staff boss ON boss.id = s.supervisor_id
  JOIN accounts_staff boss2 ON boss2.id = boss.supervisor_id AND boss2.is_active WHERE s.id = %(staff)s
UNION ALL
(SELECT h.id FROM accounts_staff s JOIN accounts_unit u ON u.id = s.unit_id
  JOIN accounts_unit top ON u.path LIKE top.path || '%%' JOIN accounts_staff h ON h.id = top.head_id AND h.is_active
  WHERE s.id = %(staff)s AND h.id <> s.id AND h.id IS DISTINCT FROM s.supervisor_id ORDER BY length(top.path) DESC)
UNION ALL
(SELECT d.id FROM accounts_post p JOIN accounts_staff d ON d.id = p.staff_id AND d.is_active
  WHERE p.role = 'director' AND p.ends_on IS NULL ORDER BY d.id)
LIMIT 1
"""


def judge_of(staff_id: int) -> int | None:
    """The supervisor's supervisor; where there is none, the head above, then the director (decisions 23)."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, {"staff": staff_id})
        row = cursor.fetchone()
    return int(row[0]) if row else None


def callbacks_in_sight(access: Access) -> QuerySet[Callback]:
    """The queue of who calls (never of his own line), the answered ones of one's team, one's own, those to judge."""
    parts = [Callback.unscoped.none()]
    if access.can("call_back_customers"):
        scope = access.scope_for("call_back_customers")
        parts.append(Callback.visible_to(scope).exclude(staff_id__in=own_line(access.staff_id)))
    if access.can("view_team"):
        parts.append(Callback.visible_to(access.scope_for("view_team")).filter(state__in=ANSWERED))
    if access.staff_id is not None:
        parts.append(Callback.unscoped.filter(Q(staff_id=access.staff_id, state__in=ANSWERED)))
        parts.append(Callback.unscoped.filter(judge_id=access.staff_id))
    return reduce(or_, parts)


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """One callback as pages show it; what was written about the contact is not for who calls."""

    id: int
    visit_id: int
    customer_id: int
    customer_name: str
    phone: str
    tier_id: int | None
    staff_id: int
    staff_name: str
    unit_name: str
    channel: str
    channel_code: str
    is_on_site: bool
    occurred_at: datetime
    drawn_on: date
    month: date
    reason: str
    state: str
    attempts: int
    tried_at: datetime | None
    satisfaction: int | None
    knows_manager: bool | None
    data_correct: bool | None
    badge_worn: bool | None
    remark: str
    answered_at: datetime | None
    answered_by: str
    objection: str
    objected_at: datetime | None
    judge_id: int | None
    judge_name: str
    is_upheld: bool | None
    ruling: str
    ruled_at: datetime | None
    version: int

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(CallbackState(self.state).label)

    @property
    def reason_label(self) -> str:
        """Why it was drawn, in words."""
        return str(CallbackReason(self.reason).label)

    @property
    def is_open(self) -> bool:
        """Whether the customer is still to be asked."""
        return self.state in OPEN

    @property
    def tier(self) -> names.TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)


def _row(row: Callback) -> CallbackRow:
    visit = row.visit
    customer = visit.customer
    channel = catalogue().channels_by_id[visit.channel_id]
    return CallbackRow(
        id=row.pk, visit_id=visit.pk, customer_id=customer.pk, customer_name=customer.name,
        phone=mask_phone(customer.phone), tier_id=customer.tier_id, staff_id=row.staff_id,
        staff_name=names.staff_name(row.staff_id), unit_name=names.unit_name(row.unit_id), channel=channel.label,
        channel_code=channel.code, is_on_site=channel.is_on_site, occurred_at=visit.occurred_at,
        drawn_on=row.drawn_on, month=row.month, reason=row.reason, state=row.state, attempts=row.attempts,
        tried_at=row.tried_at, satisfaction=row.satisfaction, knows_manager=row.knows_manager,
        data_correct=row.data_correct, badge_worn=row.badge_worn, remark=row.remark, answered_at=row.answered_at,
        answered_by=row.answered_by.name if row.answered_by else "", objection=row.objection,
        objected_at=row.objected_at, judge_id=row.judge_id, judge_name=names.staff_name(row.judge_id),
        is_upheld=row.is_upheld, ruling=row.ruling, ruled_at=row.ruled_at, version=row.version,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallbackFilters:
    """What the address of the list asks for."""

    state: str = ""
    staff_id: int | None = None
    month: date | None = None


def callbacks(
    access: Access, filters: CallbackFilters, *, before: int | None = None, limit: int = PAGE
) -> tuple[Sequence[CallbackRow], int | None]:
    """The list: for who calls the queue first (oldest on top is page one), else newest first."""
    rows = _filtered(callbacks_in_sight(access), filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("visit__customer", "answered_by").order_by("-pk")[: limit + 1])
    shown = [_row(row) for row in found[:limit]]
    return shown, (shown[-1].id if len(found) > limit else None)


def _filtered(rows: QuerySet[Callback], filters: CallbackFilters) -> QuerySet[Callback]:
    if filters.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.state == "answered":
        rows = rows.filter(state__in=ANSWERED)
    elif filters.state == "drawn":
        rows = rows.exclude(state=CallbackState.CANCELLED)
    elif filters.state == "true":
        rows = rows.filter(Q(state=CallbackState.CONFIRMED) | Q(state=CallbackState.DENIED, is_upheld=True))
    elif filters.state == "objected":
        rows = rows.filter(objected_at__isnull=False, ruled_at=None)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.staff_id is not None:
        rows = rows.filter(staff_id=filters.staff_id)
    if filters.month is not None:
        rows = rows.filter(month=filters.month)
    return rows


def callback_row(access: Access, callback_id: int) -> CallbackRow:
    """One callback; 404 where it is out of sight."""
    rows = callbacks_in_sight(access).filter(pk=callback_id).select_related("visit__customer", "answered_by")
    found = rows.first()
    if found is None:
        raise NotFound
    return _row(found)


@dataclass(frozen=True, slots=True)
class TruthRow:
    """F49 of one person and month: callbacks that confirm the contact, of those that were answered."""

    staff_id: int
    name: str
    drawn: int
    answered: int
    confirmed: int
    satisfaction: float | None

    @property
    def per_cent(self) -> float | None:
        """F49, one decimal."""
        return round(100 * self.confirmed / self.answered, 1) if self.answered else None


# Of the people whose own contacts are measured; F49 itself is the measure's.
_DRAWN = f"""
SELECT k.staff_id, count(*), round(avg(k.satisfaction), 1)::float8
FROM visits_callback k JOIN visits_visit v ON v.id = k.visit_id
WHERE {{scope}} AND k.month = %s AND k.state <> 'cancelled' AND {was_manager("k.staff_id", "v.occurred_on")} GROUP BY 1
"""


def record_truth(access: Access, month: date) -> list[TruthRow]:
    """F49 (CON-34) by person; an objection that was upheld confirms the contact."""
    scope = access.scope_for("view_team").union(access.scope_for("call_back_customers"))
    shares = by_manager(RECORDS_CONFIRMED, scope, over(month, last_day(month)))
    condition, params = scope.sql_for(unit="k.unit_id", manager="k.staff_id")
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN.replace("{scope}", condition), [*params, month])
        drawn = cursor.fetchall()
    rows = [
        TruthRow(
            staff_id, names.staff_name(staff_id), number,
            int(shares[staff_id].denominator) if staff_id in shares else 0,
            int(shares[staff_id].numerator) if staff_id in shares else 0, satisfaction,
        )
        for staff_id, number, satisfaction in drawn
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (100.0 if row.per_cent is None else row.per_cent, row.name))


def reversal_of(visit_id: int) -> Reversal | None:
    """The last row that took this visit out of the count or put it back."""
    rows = Reversal.unscoped.filter(visit_id=visit_id).select_related("callback")
    return rows.order_by("-at", "-pk").first()
