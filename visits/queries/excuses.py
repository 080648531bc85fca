"""Excuses and the attempts behind them: what a supervisor sees before he decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.choices import DutyState, ExcuseKind, ExcuseState
from visits.models import Duty
from visits.queries.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Attempt:
    """One failed attempt to reach the customer."""

    visit_id: int
    occurred_at: datetime
    occurred_on: date
    channel: str
    outcome: str
    staff_name: str
    content: str
    is_backdated: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The attempts of a duty's window, and what "unreachable" asks for."""

    attempts: tuple[Attempt, ...]
    days: int
    channels: int
    needed_attempts: int
    needed_days: int
    needed_channels: int

    @property
    def is_enough(self) -> bool:
        """Three attempts on three days by two channels (issue 2, 3)."""
        return (
            len(self.attempts) >= self.needed_attempts
            and self.days >= self.needed_days
            and self.channels >= self.needed_channels
        )


@dataclass(frozen=True, slots=True)
class ExcuseRow:
    """One request waiting for a decision, with its attempts in view."""

    id: int
    kind: str
    text: str
    customer_id: int
    customer_name: str
    tier_id: int | None
    unit_name: str
    duty_id: int
    due_on: date
    duty_state: str
    manager_name: str
    requested_by_id: int
    requested_by_name: str
    requested_at: datetime
    evidence: Evidence | None
    state: str
    remark: str
    # The reader asked himself, or it is his own duty: he sees it and may not decide (SEC-24).
    is_own: bool

    @property
    def kind_label(self) -> str:
        """The reason in words."""
        return str(ExcuseKind(self.kind).label)

    @property
    def state_label(self) -> str:
        """Where the request stands."""
        return str(ExcuseState(self.state).label)

    @property
    def is_waiting(self) -> bool:
        """Not decided yet."""
        return self.state == ExcuseState.REQUESTED


@dataclass(frozen=True, slots=True)
class ExcuseAsk:
    """What stands beside the form that asks for an excuse."""

    duty_id: int
    customer_id: int
    customer_name: str
    tier_id: int | None
    starts_on: date
    due_on: date
    is_open: bool
    is_asked: bool
    evidence: Evidence

    @property
    def suggested_kind(self) -> str:
        """ "Unreachable" once the attempts are enough: then asking is one tap."""
        return ExcuseKind.UNREACHABLE if self.evidence.is_enough else ExcuseKind.NO_CONTACT


_ATTEMPTS = """
SELECT w.duty_id, v.id, v.occurred_at, v.occurred_on, v.channel_id, v.outcome_id, v.staff_id, v.content,
    v.is_backdated
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[]) AS w(duty_id, customer_id, first, last)
JOIN visits_visit v ON v.customer_id = w.customer_id AND v.occurred_on BETWEEN w.first AND w.last
JOIN visits_outcome o ON o.id = v.outcome_id
WHERE v.undone_at IS NULL AND o.is_failed_attempt AND v.direction = 'outbound' AND NOT v.is_bulk
ORDER BY v.occurred_at
"""

Window = tuple[int, int, date, date]
"""Duty, customer, first and last day."""


def evidence_of(duty: Duty) -> Evidence:
    """The failed attempts within the duty's window; the caller has checked that the duty is visible."""
    return _evidence([(duty.pk, duty.customer_id, duty.starts_on, duty.due_on)])[duty.pk]


def excuse_evidence(scope: Scope, duty_id: int) -> Evidence | None:
    """The same by id, through the scope; None when the duty is not visible."""
    duty = Duty.visible_to(scope).only("customer_id", "starts_on", "due_on").filter(pk=duty_id).first()
    return evidence_of(duty) if duty else None


def excuse_ask(scope: Scope, duty_id: int) -> ExcuseAsk:
    """A duty somebody wants to be excused from; 404 outside the scope."""
    duty = Duty.visible_to(scope).select_related("customer").filter(pk=duty_id).first()
    if duty is None:
        raise NotFound(_("There is no such duty."))
    return ExcuseAsk(
        duty_id=duty.pk,
        customer_id=duty.customer_id,
        customer_name=duty.customer.name,
        tier_id=duty.customer.tier_id,
        starts_on=duty.starts_on,
        due_on=duty.due_on,
        is_open=duty.state in (DutyState.OPEN, DutyState.PROVISIONAL) and duty.frozen_at is None,
        is_asked=duty.excuses.filter(state=ExcuseState.REQUESTED).exists(),
        evidence=evidence_of(duty),
    )


def _evidence(windows: Sequence[Window]) -> dict[int, Evidence]:
    """Duty → the failed attempts within its window; one statement for all of them."""
    if not windows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, [list(column) for column in zip(*windows, strict=True)])
        rows = cursor.fetchall()
    return {duty_id: _proof([row for row in rows if row[0] == duty_id], last) for duty_id, _id, _first, last in windows}


def _proof(rows: Sequence[tuple[Any, ...]], last: date) -> Evidence:
    """The attempts of one duty, and what its time asked for."""
    known = catalogue()
    attempts = tuple(
        Attempt(
            visit_id=row[1],
            occurred_at=row[2],
            occurred_on=row[3],
            channel=known.channels_by_id[row[4]].label,
            outcome=known.outcomes_by_id[row[5]].label,
            staff_name=names.staff_name(row[6]),
            content=row[7],
            is_backdated=row[8],
        )
        for row in rows
    )
    return Evidence(
        attempts=attempts,
        days=len({row[3] for row in rows}),
        channels=len({row[4] for row in rows}),
        needed_attempts=int(parameters.value("unreachable_attempts", last)),
        needed_days=int(parameters.value("unreachable_days", last)),
        needed_channels=int(parameters.value("unreachable_channels", last)),
    )


_INBOX = """
SELECT e.id, e.kind, e.text, c.id, c.name, c.tier_id, c.unit_id, d.id, d.starts_on, d.due_on, d.state, d.manager_id,
    e.requested_by_id, u.name, e.requested_at, e.state, e.remark
FROM visits_excuse e JOIN visits_duty d ON d.id = e.duty_id JOIN accounts_customer c ON c.id = d.customer_id
JOIN core_user u ON u.id = e.requested_by_id
WHERE {scope} AND {only}
ORDER BY d.due_on, e.id LIMIT %s
"""


def excuse_inbox(scope: Scope, *, user_id: int | None, staff_id: int | None, limit: int = 100) -> list[ExcuseRow]:
    """Requests waiting in the scope of `decide_excuses`, the nearest due day first, attempts included."""
    return _excuse_rows(scope, "e.state = 'requested'", [], limit, user_id, staff_id)


def excuse_row(scope: Scope, excuse_id: int, *, user_id: int | None, staff_id: int | None) -> ExcuseRow:
    """One request, decided or not; 404 outside the scope."""
    rows = _excuse_rows(scope, "e.id = %s", [excuse_id], 1, user_id, staff_id)
    if not rows:
        raise NotFound(_("There is no such request."))
    return rows[0]


def _excuse_rows(
    scope: Scope, only: str, own: list[Any], limit: int, user_id: int | None, staff_id: int | None
) -> list[ExcuseRow]:
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_INBOX.format(scope=condition, only=only), [*params, *own, limit])
        rows = cursor.fetchall()
    proofs = _evidence([(row[7], row[3], row[8], row[9]) for row in rows if row[1] == ExcuseKind.UNREACHABLE])
    return [
        ExcuseRow(
            id=row[0], kind=row[1], text=row[2], customer_id=row[3], customer_name=row[4], tier_id=row[5],
            unit_name=names.unit_name(row[6]), duty_id=row[7], due_on=row[9], duty_state=row[10],
            manager_name=names.staff_name(row[11]), requested_by_id=row[12], requested_by_name=row[13],
            requested_at=row[14], state=row[15], remark=row[16],
            evidence=proofs.get(row[7]),
            is_own=row[12] == user_id or (row[11] is not None and row[11] == staff_id),
        )
        for row in rows
    ]  # fmt: skip


def excuse_count(scope: Scope) -> int:
    """How many wait; for the badge."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM visits_excuse e JOIN visits_duty d ON d.id = e.duty_id"
            " JOIN accounts_customer c ON c.id = d.customer_id WHERE e.state = 'requested' AND " + condition,
            params,
        )
        return int(cursor.fetchone()[0])
