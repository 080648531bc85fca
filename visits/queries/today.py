"""Today (screens 1): one row per customer with all its reasons, in the order of what cannot wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.choices import TaskKind
from crm.core import parameters
from crm.core.prepared import run
from visits.choices import DutyState
from visits.queries.occasions import OccasionFacts, suggest_occasions

MAX_ROWS = 300
FAR = date(9999, 12, 31)

# Groups in the order of the page.
CLOCK, PROMISED, PLANNED, OVERDUE, SUGGESTED = "clock", "promised", "planned", "overdue", "suggested"
GROUPS = (CLOCK, PROMISED, PLANNED, OVERDUE, SUGGESTED)
_GROUP_OF = {
    "call_back": CLOCK,
    "case": CLOCK,
    "introduction": PROMISED,
    "follow_up": PROMISED,
    "assigned": PROMISED,
    "attention": PROMISED,
    "dunning": PROMISED,
    "papers": PROMISED,
    "care": PROMISED,
    "planned": PLANNED,
    "overdue": OVERDUE,
    "provisional": OVERDUE,
    "at_risk": SUGGESTED,
    "suggested": SUGGESTED,
    "face_to_face": SUGGESTED,
    # Seen weeks ahead: alone it is no more than a suggestion.
    "agreement": SUGGESTED,
    # Somebody else works on it: never the reason to be here.
    "case_beside": SUGGESTED,
}
_ORDER = {kind: position for position, kind in enumerate(_GROUP_OF)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One chip: why the customer is on the list. `on` is the day it is due (or was missed)."""

    kind: str
    on: date | None = None
    text: str = ""
    task_id: int | None = None
    duty_id: int | None = None
    # A clock in hours (CON-13).
    at: datetime | None = None
    # What a care task is about; the kind of a case.
    topic: str = ""
    case_id: int | None = None
    warn_at: datetime | None = None

    @property
    def group(self) -> str:
        """The part of the page it belongs to."""
        return _GROUP_OF[self.kind]


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One customer to contact today; CON-14: preferred time, place and channel stand beside it."""

    customer_id: int
    name: str
    kind: str
    tier_id: int | None
    manager_id: int | None
    district: str
    address: str
    has_phone: bool
    preferred_channel: str
    preferred_time: str
    dnd_from: time | None
    dnd_to: time | None
    no_marketing: bool
    is_important: bool
    last_visit_on: date | None
    next_due_on: date | None
    suggested_on: date | None
    duty_state: str
    is_overdue: bool
    # The open contact duty: what postpone and excuse are about.
    duty_id: int | None
    reasons: tuple[Reason, ...]
    occasions: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The most urgent of its reasons decides where it stands."""
        return self.reasons[0].group


_FACTS = tuple(field.name for field in fields(TodayRow))[:15]
"""The first columns of the SELECT below, as they are."""


@dataclass(frozen=True, slots=True)
class PendingDial:
    """Dialled, not logged (已拨未记)."""

    tap_id: int
    customer_id: int
    customer_name: str
    person_id: int | None
    person_name: str
    tapped_at: datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """A final miss: small and grey. Without name when the customer is no longer visible (decisions 6)."""

    duty_id: int
    customer_id: int | None
    name: str
    purpose: str
    starts_on: date
    due_on: date


@dataclass
class _Reasons:
    """Collects the chips of each customer."""

    by_customer: dict[int, list[Reason]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[int, list[Reason]] = field(default_factory=dict)

    def add(self, customer_id: int, reason: Reason) -> None:
        self.by_customer[customer_id].append(reason)

    def of(self, customer_id: int) -> tuple[Reason, ...]:
        """Most urgent first."""
        return tuple(sorted(self.by_customer[customer_id] + self.beside.get(customer_id, []), key=_place))


_REASONS = """
SELECT 't', t.id, t.customer_id, t.kind, t.due_on, COALESCE(NULLIF(t.title, ''), t.reason), false, t.due_at, t.topic
FROM accounts_task t
WHERE t.staff_id = ANY(%(managers)s) AND t.state = 'open' AND t.due_on <= %(today)s
UNION ALL
SELECT 't', t.id, t.customer_id, t.kind, t.due_on, COALESCE(NULLIF(t.title, ''), t.reason), false, t.due_at, t.topic
FROM accounts_task t
WHERE t.staff_id = ANY(%(managers)s) AND t.state = 'open' AND t.due_on > %(today)s AND t.shown_from <= %(today)s
UNION ALL
SELECT 'd', d.id, d.customer_id, d.purpose, d.due_on, d.state, d.is_introduction, NULL::timestamptz, ''
FROM visits_duty d
WHERE d.manager_id = ANY(%(managers)s) AND d.state = 'open' AND d.suggested_on <= %(today)s
UNION ALL
SELECT 'd', d.id, d.customer_id, d.purpose, d.due_on, d.state, d.is_introduction, NULL::timestamptz, ''
FROM visits_duty d
WHERE d.manager_id = ANY(%(managers)s) AND d.state = 'provisional' AND d.due_on >= %(mendable)s
    AND d.due_on < %(today)s
UNION ALL
SELECT 'p', i.id, i.customer_id, 'planned', i.planned_on, i.purpose, false, NULL::timestamptz, ''
FROM visits_plan p JOIN visits_planitem i ON i.plan_id = p.id AND i.planned_on = %(today)s AND i.state = 'planned'
WHERE p.staff_id = ANY(%(managers)s) AND p.period = 'week' AND p.starts_on = %(monday)s AND i.customer_id IS NOT NULL
"""
_CUSTOMERS = """
WITH s AS MATERIALIZED (
    SELECT customer_id, last_visit_on, next_due_on, suggested_on, duty_state, is_overdue, tier_rank
    FROM accounts_standing WHERE manager_id = ANY(%(managers)s) AND (is_overdue OR customer_id = ANY(%(ids)s))
), n AS MATERIALIZED (SELECT * FROM s ORDER BY next_due_on, customer_id LIMIT %(limit)s)
SELECT c.id, c.name, c.kind, c.tier_id, c.manager_id, c.district, c.business_address, c.phone <> '',
    c.preferred_channel, c.preferred_time, c.dnd_from, c.dnd_to, c.no_marketing, c.is_important,
    n.last_visit_on, n.next_due_on, n.suggested_on, n.duty_state, n.is_overdue,
    (SELECT d.id FROM visits_duty d WHERE d.customer_id = c.id AND d.state = 'open' AND d.purpose = 'contact'
        ORDER BY d.due_on LIMIT 1),
    c.sim_kind, p.birthday, p.is_lunar_birthday, n.tier_rank
FROM n JOIN accounts_customer c ON c.id = n.customer_id
LEFT JOIN accounts_personprofile p ON p.customer_id = c.id
"""


def today_rows(
    manager_ids: Sequence[int],
    today: date,
    *,
    now: datetime | None = None,
    limit: int = MAX_ROWS,
    more: Mapping[int, Sequence[Reason]] | None = None,
    beside: Mapping[int, Sequence[Reason]] | None = None,
) -> list[TodayRow]:
    """What a manager (with those he covers) does today, in order: clock, promised, planned, overdue, suggested.

    Apps above bring reasons of their own: `more` puts a customer on the list, `beside` stands with those who are on it.
    """
    if not manager_ids:
        return []
    mendable = today - timedelta(days=int(parameters.value("back_dating_days", today)))
    params: dict[str, Any] = {
        "managers": list(manager_ids),
        "today": today,
        "mendable": mendable,
        "monday": today - timedelta(days=today.weekday()),
        "limit": limit,
    }
    reasons = _Reasons()
    with connection.cursor() as cursor:
        types = {"managers": "bigint[]", "today": "date", "mendable": "date", "monday": "date"}
        run(cursor, _REASONS, params, types)
        for source, row_id, customer_id, kind, on, text, is_introduction, at, topic in cursor.fetchall():
            if customer_id is None:
                continue  # an assigned task without a customer stands above the list
            if source == "t":
                reasons.add(customer_id, Reason(_task_kind(kind), on, text, task_id=row_id, at=at, topic=topic))
            elif source == "p":
                reasons.add(customer_id, Reason("planned", on, text))
            else:
                reasons.add(customer_id, _duty_reason(row_id, kind, on, text, is_introduction, today))
        for customer_id, found in (more or {}).items():
            reasons.by_customer[customer_id] += found
        params["ids"] = list(reasons.by_customer)
        run(cursor, _CUSTOMERS, params, {"managers": "bigint[]", "ids": "bigint[]", "limit": "bigint"})
        told = cursor.fetchall()
    for row in told:
        reasons.beside[row[0]] = list((beside or {}).get(row[0], ()))
    rows = [_today_row(row, reasons, today) for row in told]
    return [row for __, row in sorted(rows, key=lambda pair: pair[0])]


def _place(reason: Reason) -> tuple[int, date, float]:
    return _ORDER[reason.kind], reason.on or FAR, _clock(reason)


def _task_kind(kind: str) -> str:
    return kind if kind in _GROUP_OF else TaskKind.FOLLOW_UP.value


def _duty_reason(duty_id: int, purpose: str, on: date, state: str, is_introduction: bool, today: date) -> Reason:
    if state == DutyState.PROVISIONAL:
        return Reason("provisional", on, duty_id=duty_id)
    if is_introduction:
        return Reason("introduction", on, duty_id=duty_id)
    if purpose != "contact":
        return Reason("face_to_face", on, duty_id=duty_id)
    near = on <= today + timedelta(days=int(parameters.value("due_soon_days", today)))
    return Reason("at_risk" if near else "suggested", on, duty_id=duty_id)


def _today_row(row: Sequence[Any], reasons: _Reasons, today: date) -> tuple[tuple[Any, ...], TodayRow]:
    """The row and what it is sorted by."""
    customer_id, is_overdue, next_due_on = row[0], row[18], row[15]
    if is_overdue:
        reasons.add(customer_id, Reason("overdue", row[14], duty_id=row[19]))
    found = _without_twins(reasons.of(customer_id))
    occasions = suggest_occasions(
        OccasionFacts(
            kinds=frozenset(reason.kind for reason in found),
            sim_kind=row[20],
            birthday=row[21],
            is_lunar_birthday=bool(row[22]),
            no_marketing=row[12],
            last_visit_on=row[14],
        ),
        today,
    )
    made = TodayRow(
        **dict(zip(_FACTS, row, strict=False)),
        next_due_on=None if next_due_on == FAR else next_due_on,
        suggested_on=None if row[16] == FAR else row[16],
        duty_state=row[17],
        is_overdue=is_overdue,
        duty_id=row[19],
        reasons=found,
        occasions=occasions,
    )
    first = found[0]
    return (GROUPS.index(first.group), first.on or FAR, _clock(first), row[23], customer_id), made


def _clock(reason: Reason) -> float:
    """What is due by the hour comes before what is due by the day."""
    return reason.at.timestamp() if reason.at is not None else float("inf")


def _without_twins(found: Iterable[Reason]) -> tuple[Reason, ...]:
    """An overdue customer is not also "suggested"; the introduction task and its duty are one chip."""
    kept: list[Reason] = []
    kinds: set[str] = set()
    for reason in found:
        if reason.kind == "introduction" and "introduction" in kinds:
            continue
        if reason.kind in ("suggested", "at_risk") and kinds & {"overdue", "introduction"}:
            continue
        if reason.kind == "suggested" and "planned" in kinds:
            continue
        kinds.add(reason.kind)
        kept.append(reason)
    return tuple(kept)


_PENDING = """
SELECT DISTINCT ON (t.customer_id) t.id, t.customer_id, c.name, t.person_id, COALESCE(p.name, ''), t.tapped_at
FROM visits_dialtap t JOIN accounts_customer c ON c.id = t.customer_id
LEFT JOIN accounts_contactperson p ON p.id = t.person_id
WHERE t.staff_id = %s AND t.tapped_at >= %s AND t.tapped_at <= %s AND t.visit_id IS NULL AND t.dismissed_at IS NULL
    AND c.manager_id = ANY(%s)
ORDER BY t.customer_id, t.tapped_at DESC
"""


def pending_dials(staff_id: int, now: datetime, *, manager_ids: Sequence[int] | None = None) -> list[PendingDial]:
    """Dialled, not logged: the last tap per customer, as far back as it may still be logged, newest first."""
    days = int(parameters.value("back_dating_days", timezone.localdate(now)))
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        run(
            cursor,
            _PENDING,
            [staff_id, midnight - timedelta(days=days), now, list(manager_ids or [staff_id])],
            ("bigint", "timestamptz", "timestamptz", "bigint[]"),
        )
        rows = [PendingDial(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: row.tapped_at, reverse=True)


_MISSES = """
SELECT d.id, CASE WHEN c.manager_id = ANY(%(managers)s) THEN c.id END,
    CASE WHEN c.manager_id = ANY(%(managers)s) THEN c.name ELSE '' END, d.purpose, d.starts_on, d.due_on
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.manager_id = ANY(%(managers)s) AND d.state = 'missed' AND d.due_on >= %(since)s
    AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
        AND n.starts_on = d.starts_on AND n.revision > d.revision)
ORDER BY d.due_on DESC, d.id LIMIT %(limit)s
"""


def recent_misses(manager_ids: Sequence[int], today: date, *, limit: int = 20) -> list[Miss]:
    """Final misses of the last months, for the small grey line at the bottom ("June missed, final")."""
    since = (today.replace(day=1) - timedelta(days=62)).replace(day=1)
    with connection.cursor() as cursor:
        run(
            cursor,
            _MISSES,
            {"managers": list(manager_ids), "since": since, "limit": limit},
            {"managers": "bigint[]", "since": "date", "limit": "bigint"},
        )
        return [Miss(*row) for row in cursor.fetchall()]
