"""Special visits (特殊访问记录, PLAN-8): what was found, when somebody was there, and how long it took (F29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.holders import holder_on
from crm.core.errors import NotFound
from crm.core.measure_sql import named, settings
from crm.core.measures import by_manager
from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.queries.catalogue import catalogue
from visits.queries.measures.work import FOUND_ON, SPECIAL_DUE_AT, SPECIAL_HOURS, SPECIAL_VISITS_IN_TIME, of_days

_FIELDS = (
    "x.id, x.customer_id, c.name, x.staff_id, x.trigger, x.found_at, x.visit_id, x.visited_at, x.facts, x.actions,"
    f" x.follow_up, x.created_at, x.version, {SPECIAL_DUE_AT}"
)
_SOURCE = "FROM visits_specialvisit x JOIN accounts_customer c ON c.id = x.customer_id"
ORDER = Keyset(order=("-x.found_at", "-x.id"), limit=50, types=(datetime, int))


@dataclass(frozen=True, slots=True)
class SpecialRow:
    """One record."""

    id: int
    customer_id: int
    customer_name: str
    staff_id: int
    trigger: str
    found_at: datetime
    visit_id: int | None
    visited_at: datetime | None
    facts: str
    actions: str
    follow_up: str
    created_at: datetime
    version: int
    # Until when it is in time, by the parameter of the day of discovery (ours: 24 hours).
    due_at: datetime

    @property
    def staff_name(self) -> str:
        """Who found it."""
        return names.staff_name(self.staff_id)

    def delay(self, now: datetime) -> timedelta:
        """From the discovery to the visit, or until now."""
        return (self.visited_at or now) - self.found_at

    def is_late(self, now: datetime) -> bool:
        """Not there by then: visited later, or not yet."""
        return (self.visited_at or now) > self.due_at

    def delay_text(self, now: datetime) -> str:
        """The delay in hours, in days when it is long."""
        hours = self.delay(now).total_seconds() / 3600
        if hours >= 72:
            return _("%(n)d days") % {"n": round(hours / 24)}
        return _("%(n)s h") % {"n": f"{hours:.1f}".removesuffix(".0")}


@dataclass(frozen=True, slots=True)
class SpecialFilters:
    """What the list is narrowed to."""

    state: str = ""
    staff_id: int | None = None
    customer_id: int | None = None
    first: date | None = None
    last: date | None = None
    manager_id: int | None = None
    """Who had the customer on the day of discovery: whose figure it is (F29)."""


STATES = {
    "open": "x.visited_at IS NULL",
    "timely": f"x.visited_at <= {SPECIAL_DUE_AT}",
    "late": f"coalesce(x.visited_at, %(now)s) > {SPECIAL_DUE_AT}",
}
_CREDITED = f"(SELECT h.staff_id FROM (SELECT 1) one {holder_on('x.customer_id', FOUND_ON)}) = %s"


def special_list(
    scope: Scope, filters: SpecialFilters, cursor: str | None, *, now: datetime
) -> tuple[Sequence[SpecialRow], str | None]:
    """Records of the customers in scope, newest first."""
    condition, params = scope.sql("c")
    parts = [condition]
    if filters.state:
        parts.append(STATES[filters.state])
    for text, value in (
        ("x.staff_id = %s", filters.staff_id),
        (_CREDITED, filters.manager_id),
        ("x.customer_id = %s", filters.customer_id),
        (f"{FOUND_ON} >= %s", filters.first),
        (f"{FOUND_ON} <= %s", filters.last),
    ):
        if value is not None:
            parts.append(text)
            params = [*params, value]
    after, place = ORDER.where(cursor)
    sql, bound = named(
        f"SELECT {_FIELDS} {_SOURCE} WHERE {' AND '.join(parts)} AND {after} ORDER BY {ORDER.order_sql} LIMIT %s",
        [*params, *place, ORDER.limit + 1],
    )
    with connection.cursor() as db:
        db.execute(sql, bound | settings(SPECIAL_HOURS) | {"now": now})
        rows = [SpecialRow(*row) for row in db.fetchall()]
    return ORDER.page(rows, lambda row: (row.found_at, row.id))


def special_for(scope: Scope, special_id: int) -> SpecialRow:
    """One record inside the scope; 404 otherwise."""
    condition, params = scope.sql("c")
    sql, bound = named(f"SELECT {_FIELDS} {_SOURCE} WHERE {condition} AND x.id = %s", [*params, special_id])
    with connection.cursor() as cursor:
        cursor.execute(sql, bound | settings(SPECIAL_HOURS))
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return SpecialRow(*row)


@dataclass(frozen=True, slots=True)
class SpecialCustomer:
    """For whom the form is, with the visits of the last days that may have been the special one."""

    id: int
    name: str
    kind: str
    unit_id: int
    visits: list[tuple[int, str]]


RECENT = timedelta(days=7)


def special_customer(scope: Scope, customer_id: int, *, now: datetime) -> SpecialCustomer:
    """A customer inside the scope; 404 otherwise."""
    condition, params = scope.sql("c")
    effective = [outcome.id for outcome in catalogue().outcomes.values() if outcome.is_effective]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.name, c.kind, c.unit_id FROM accounts_customer c WHERE {condition} AND c.id = %s",
            [*params, customer_id],
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound
        cursor.execute(
            "SELECT v.id, v.occurred_at, v.channel_id, v.staff_id FROM visits_visit v WHERE v.customer_id = %s"
            " AND v.occurred_at >= %s AND v.occurred_on >= %s AND v.undone_at IS NULL AND v.outcome_id = ANY(%s)"
            " ORDER BY v.occurred_at DESC LIMIT 10",
            [customer_id, now - RECENT, timezone.localdate(now - RECENT), effective],
        )
        visits = cursor.fetchall()
    name, kind, unit_id = row
    known = catalogue().channels_by_id
    return SpecialCustomer(
        customer_id,
        name,
        kind,
        unit_id,
        [
            (pk, f"{timezone.localtime(at):%m-%d %H:%M} {known[channel].label} {names.staff_name(staff)}")
            for pk, at, channel, staff in visits
        ],
    )


@dataclass(frozen=True, slots=True)
class SpecialRate:
    """F29 (特殊访问及时率): special visits within the time from their discovery, of all."""

    staff_id: int
    timely: int
    all: int


def special_rates(scope: Scope, *, first: date, last: date, today: date) -> list[SpecialRate]:
    """F29 by manager, by the day of discovery; one that still waits is not timely."""
    shares = by_manager(SPECIAL_VISITS_IN_TIME, scope, of_days(first, last, today))
    return [
        SpecialRate(staff_id, int(share.numerator), int(share.denominator))
        for staff_id, share in shares.items()
        if staff_id is not None
    ]
