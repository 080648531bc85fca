"""Special visits (特殊访问记录, PLAN-8): what was found, when somebody was there, and how long it took (F29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.queries.catalogue import catalogue

_FIELDS = (
    "x.id, x.customer_id, c.name, x.staff_id, x.trigger, x.found_at, x.visit_id, x.visited_at, x.facts, x.actions,"
    " x.follow_up, x.created_at, x.version"
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

    @property
    def staff_name(self) -> str:
        """Who found it."""
        return names.staff_name(self.staff_id)

    def delay(self, now: datetime) -> timedelta:
        """From the discovery to the visit, or until now."""
        return (self.visited_at or now) - self.found_at

    def is_late(self, now: datetime) -> bool:
        """Longer than the parameter allows (ours: 24 hours)."""
        return self.delay(now) > allowed(self.found_at)

    def delay_text(self, now: datetime) -> str:
        """The delay in hours, in days when it is long."""
        hours = self.delay(now).total_seconds() / 3600
        if hours >= 72:
            return _("%(n)d days") % {"n": round(hours / 24)}
        return _("%(n)s h") % {"n": f"{hours:.1f}".removesuffix(".0")}


def allowed(found_at: datetime) -> timedelta:
    """How long a special visit may take, by the parameter of the day of discovery."""
    return timedelta(hours=int(parameters.value("special_visit_hours", timezone.localdate(found_at))))


@dataclass(frozen=True, slots=True)
class SpecialFilters:
    """What the list is narrowed to."""

    state: str = ""
    staff_id: int | None = None
    customer_id: int | None = None
    first: date | None = None
    last: date | None = None


STATES = {
    "open": "x.visited_at IS NULL",
    "timely": "x.visited_at <= x.found_at + make_interval(hours => %s)",
    "late": "coalesce(x.visited_at, %s) > x.found_at + make_interval(hours => %s)",
}


def special_list(
    scope: Scope, filters: SpecialFilters, cursor: str | None, *, now: datetime
) -> tuple[Sequence[SpecialRow], str | None]:
    """Records of the customers in scope, newest first."""
    condition, params = scope.sql("c")
    parts = [condition]
    hours = int(parameters.value("special_visit_hours"))
    if filters.state:
        parts.append(STATES[filters.state])
        bound: dict[str, list[Any]] = {"open": [], "timely": [hours], "late": [now, hours]}
        params = [*params, *bound[filters.state]]
    zone = timezone.get_default_timezone_name()
    for text, values in (
        ("x.staff_id = %s", [filters.staff_id]),
        ("x.customer_id = %s", [filters.customer_id]),
        ("(x.found_at AT TIME ZONE %s)::date >= %s", [zone, filters.first]),
        ("(x.found_at AT TIME ZONE %s)::date <= %s", [zone, filters.last]),
    ):
        if values[-1] is not None:
            parts.append(text)
            params = [*params, *values]
    after, place = ORDER.where(cursor)
    with connection.cursor() as db:
        db.execute(
            f"SELECT {_FIELDS} {_SOURCE} WHERE {' AND '.join(parts)} AND {after} ORDER BY {ORDER.order_sql} LIMIT %s",
            [*params, *place, ORDER.limit + 1],
        )
        rows = [SpecialRow(*row) for row in db.fetchall()]
    return ORDER.page(rows, lambda row: (row.found_at, row.id))


def special_for(scope: Scope, special_id: int) -> SpecialRow:
    """One record inside the scope; 404 otherwise."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FIELDS} {_SOURCE} WHERE {condition} AND x.id = %s", [*params, special_id])
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


def special_rates(scope: Scope, *, first: date, last: date) -> list[SpecialRate]:
    """F29 by manager, by the day of discovery; one that still waits is not timely."""
    condition, params = scope.sql("c")
    begin = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x.staff_id, count(*) FILTER (WHERE x.visited_at <= x.found_at + make_interval(hours => %s)),"
            f" count(*) {_SOURCE} WHERE {condition} AND x.found_at >= %s AND x.found_at < %s GROUP BY 1 ORDER BY 1",
            [int(parameters.value("special_visit_hours", first)), *params, begin, end],
        )
        return [SpecialRate(*row) for row in cursor.fetchall()]
