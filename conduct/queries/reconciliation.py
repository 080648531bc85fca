"""Outings against visits: on site without an outing, out without a contact, and the share (SEC-7, SEC-8, F47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from conduct.queries.day_plans import AGREED, REGISTERS
from conduct.queries.outings import reading_scope
from crm.core import parameters
from crm.core.abilities import Access

PAGE = 200

# A visit is covered by an outing that was begun, or by the accepted plan of the day, which is the registration.
_COVERED = f"""
(EXISTS (SELECT 1 FROM conduct_outing o WHERE o.staff_id = v.staff_id AND o.left_at IS NOT NULL
    AND v.occurred_at BETWEEN o.left_at - make_interval(mins => %(slack)s)
      AND coalesce(o.back_at, greatest(o.returns_at, o.left_at)) + make_interval(mins => %(slack)s))
  OR EXISTS (SELECT 1 FROM {REGISTERS}
    WHERE p.staff_id = v.staff_id AND i.customer_id = v.customer_id AND i.planned_on = v.occurred_on AND {AGREED}))
"""
_ON_SITE = """
FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id AND h.is_on_site
JOIN accounts_staff s ON s.id = v.staff_id JOIN accounts_customer c ON c.id = v.customer_id
WHERE {scope} AND v.occurred_on BETWEEN %(first)s AND %(last)s AND v.undone_at IS NULL
  AND (%(staff)s::bigint IS NULL OR v.staff_id = %(staff)s)
"""
_UNCOVERED = f"""
SELECT v.id, v.staff_id, v.customer_id, c.name, v.occurred_at, v.place,
  (c.unit_id = ANY(%(see_units)s) OR c.manager_id = ANY(%(see_managers)s) OR %(see_all)s)
{_ON_SITE} AND NOT {_COVERED} ORDER BY v.occurred_at DESC, v.id DESC LIMIT {PAGE}
"""
_SHARES = f"SELECT v.staff_id, count(*), count(*) FILTER (WHERE {_COVERED}) {_ON_SITE} GROUP BY 1"
_EMPTY = f"""
SELECT o.id, o.staff_id, o.day, o.left_at, o.back_at, o.destination, o.purpose
FROM conduct_outing o JOIN accounts_staff s ON s.id = o.staff_id
WHERE {{scope}} AND o.day BETWEEN %(first)s AND %(last)s AND o.state = 'back'
  AND (%(staff)s::bigint IS NULL OR o.staff_id = %(staff)s)
  AND NOT EXISTS (SELECT 1 FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id
    WHERE v.staff_id = o.staff_id AND v.undone_at IS NULL AND h.is_face_to_face
      AND v.occurred_at BETWEEN o.left_at - make_interval(mins => %(slack)s)
        AND coalesce(o.back_at, greatest(o.returns_at, o.left_at)) + make_interval(mins => %(slack)s))
ORDER BY o.day DESC, o.id DESC LIMIT {PAGE}
"""


@dataclass(frozen=True, slots=True)
class UncoveredVisit:
    """SEC-7: on site, and no outing was registered. Without name where the customer is not visible any more."""

    visit_id: int
    staff_name: str
    customer_name: str
    occurred_at: datetime
    place: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class EmptyOuting:
    """SEC-8: out, and met nobody."""

    id: int
    name: str
    day: date
    left_at: datetime
    back_at: datetime | None
    destination: str
    purpose: str


@dataclass(frozen=True, slots=True)
class OutingShare:
    """F47 of one person: on-site visits covered by an outing, of all on-site visits."""

    staff_id: int
    name: str
    visits: int
    covered: int

    @property
    def uncovered(self) -> int:
        """Those without an outing: the rows of the first list."""
        return self.visits - self.covered

    @property
    def per_cent(self) -> float | None:
        """One decimal."""
        return round(100 * self.covered / self.visits, 1) if self.visits else None


def _params(access: Access, first: date, last: date, staff_id: int | None) -> tuple[str, dict[str, Any]]:
    condition, bound = reading_scope(access).sql_for(unit="s.unit_id", manager="s.id")
    named = {f"scope{place}": value for place, value in enumerate(bound)}
    marks = tuple(f"%(scope{place})s" for place in range(len(bound)))
    seen = access.scope
    return (condition % marks if marks else condition), {
        "first": first, "last": last, "staff": staff_id, "slack": int(parameters.value("outing_slack_minutes", last)),
        "see_units": list(seen.unit_ids), "see_managers": list(seen.manager_ids), "see_all": seen.everything, **named,
    }  # fmt: skip


def _rows(sql: str, access: Access, first: date, last: date, staff_id: int | None) -> Sequence[Any]:
    condition, params = _params(access, first, last, staff_id)
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{scope}", condition), params)
        found: Sequence[Any] = cursor.fetchall()
        return found


def uncovered_visits(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[UncoveredVisit]:
    """SEC-7: visits on site with no outing listed."""
    return [
        UncoveredVisit(visit_id, names.staff_name(person), name if seen else "", at, place if seen else "", seen)
        for visit_id, person, _customer, name, at, place, seen in _rows(_UNCOVERED, access, first, last, staff_id)
    ]


def empty_outings(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[EmptyOuting]:
    """SEC-8: outings without any contact."""
    return [
        EmptyOuting(row[0], names.staff_name(row[1]), *row[2:]) for row in _rows(_EMPTY, access, first, last, staff_id)
    ]


def outing_shares(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[OutingShare]:
    """F47 by person, the lowest first."""
    rows = [OutingShare(row[0], names.staff_name(row[0]), row[1], row[2])
            for row in _rows(_SHARES, access, first, last, staff_id)]  # fmt: skip
    return sorted(rows, key=lambda row: (row.per_cent or 0.0, row.name))
