"""Outings against visits: on site without an outing, out without a contact, and the share (SEC-7, SEC-8, F47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from conduct.queries.measures import BELONGS, ON_SITE, OUTINGS_REGISTERED, slack
from conduct.queries.outings import reading_scope
from crm.core.abilities import Access
from crm.core.measures import Time, by_manager, over, within

PAGE = 200

_UNCOVERED = f"""
SELECT v.id, v.staff_id, v.customer_id, c.name, v.occurred_at, v.place,
  (c.unit_id = ANY(%(see_units)s) OR c.manager_id = ANY(%(see_managers)s) OR %(see_all)s)
FROM ({ON_SITE}) r JOIN visits_visit v ON v.id = r.ref JOIN accounts_customer c ON c.id = v.customer_id
WHERE {{scope}} AND r.numerator = 0 AND (%(staff)s::bigint IS NULL OR r.manager_id = %(staff)s)
ORDER BY v.occurred_at DESC, v.id DESC LIMIT {PAGE}
"""
_EMPTY = f"""
SELECT o.id, o.staff_id, o.day, o.left_at, o.back_at, o.destination, o.purpose
FROM conduct_outing o JOIN accounts_staff s ON s.id = o.staff_id
WHERE {{scope}} AND o.day BETWEEN %(first)s AND %(last)s AND o.state = 'back'
  AND (%(staff)s::bigint IS NULL OR o.staff_id = %(staff)s)
  AND NOT EXISTS (SELECT 1 FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id
    WHERE v.staff_id = o.staff_id AND v.undone_at IS NULL AND h.is_face_to_face AND {BELONGS})
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


def _rows(
    sql: str, access: Access, where: tuple[str, dict[str, Any]], time: Time, staff_id: int | None
) -> Sequence[Any]:
    seen = access.scope
    condition, named = where
    params = {
        "first": time.first, "last": time.last, "staff": staff_id, "see_units": list(seen.unit_ids),
        "see_managers": list(seen.manager_ids), "see_all": seen.everything, **slack(time), **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{scope}", condition), params)
        found: Sequence[Any] = cursor.fetchall()
        return found


def uncovered_visits(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[UncoveredVisit]:
    """SEC-7: visits on site with no outing listed."""
    where = within(reading_scope(access))
    return [
        UncoveredVisit(visit_id, names.staff_name(person), name if seen else "", at, place if seen else "", seen)
        for visit_id, person, _customer, name, at, place, seen in _rows(
            _UNCOVERED, access, where, over(first, last), staff_id
        )
    ]


def empty_outings(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[EmptyOuting]:
    """SEC-8: outings without any contact."""
    where = within(reading_scope(access), unit="s.unit_id", manager="s.id")
    return [
        EmptyOuting(row[0], names.staff_name(row[1]), *row[2:])
        for row in _rows(_EMPTY, access, where, over(first, last), staff_id)
    ]


def outing_shares(access: Access, *, first: date, last: date, staff_id: int | None = None) -> list[OutingShare]:
    """F47 by person, the lowest first."""
    found = by_manager(OUTINGS_REGISTERED, reading_scope(access), over(first, last))
    rows = [
        OutingShare(person, names.staff_name(person), int(share.denominator), int(share.numerator))
        for person, share in found.items()
        if person is not None and staff_id in (None, person)
    ]
    return sorted(rows, key=lambda row: (row.per_cent or 0.0, row.name))
