"""Bulletins: what is current, whom it reached, who is not informed yet, how fast (CON-17, CON-26, CON-27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from visits.choices import BulletinKind

Condition = tuple[str, Sequence[Any]]
"""What a bulletin's filter means: SQL over c (customer) and s (standing), with its parameters."""
MOST_ON_A_SHEET = 20


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """A bulletin on a list or its page."""

    id: int
    kind: str
    title: str
    body: str
    query: str
    published_at: datetime
    published_by: str
    deadline_on: date
    withdrawn_at: datetime | None

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(BulletinKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a bulletin concerns and reached; `first_at`: its first delivery."""

    targets: int
    informed: int
    first_at: datetime | None = None

    @property
    def left(self) -> int:
        """Not informed yet."""
        return self.targets - self.informed

    @property
    def percent(self) -> int | None:
        """CON-17: reach in per cent; None when it concerns nobody."""
        return self.informed * 100 // self.targets if self.targets else None


@dataclass(frozen=True, slots=True)
class ManagerReach:
    """The same for one manager."""

    staff_id: int | None
    reach: Reach

    @property
    def name(self) -> str:
        """The manager's name."""
        return names.staff_name(self.staff_id)


_BULLETINS = """
SELECT b.id, b.kind, b.title, b.body, b.query, b.published_at, u.name, b.deadline_on, b.withdrawn_at
FROM visits_bulletin b JOIN core_user u ON u.id = b.published_by_id
"""


def bulletins(*, is_open: bool | None, before: int | None = None, limit: int = 50) -> list[BulletinRow]:
    """Newest first; only those still to be passed on, only those withdrawn, or all (None)."""
    parts, params = ["TRUE"], []
    if is_open is not None:
        parts.append("b.withdrawn_at IS NULL" if is_open else "b.withdrawn_at IS NOT NULL")
    if before is not None:
        parts.append("b.id < %s")
        params.append(before)
    with connection.cursor() as cursor:
        cursor.execute(f"{_BULLETINS} WHERE {' AND '.join(parts)} ORDER BY b.id DESC LIMIT %s", [*params, limit])
        return [BulletinRow(*row) for row in cursor.fetchall()]


def bulletin(bulletin_id: int) -> BulletinRow | None:
    """One bulletin."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_BULLETINS} WHERE b.id = %s", [bulletin_id])
        row = cursor.fetchone()
    return BulletinRow(*row) if row else None


_TARGETS = """
FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN visits_bulletindelivery v ON v.bulletin_id = %s AND v.customer_id = c.id
WHERE {wanted} AND c.state = 'active'
"""
_REACH = "SELECT count(*), count(v.id), min(v.delivered_at) "
_BY_MANAGER = "SELECT c.manager_id, count(*), count(v.id), min(v.delivered_at) "


def reach(bulletin_id: int, condition: Condition) -> Reach:
    """Whom it concerns in the reader's scope, and how many of them know (the condition carries the scope)."""
    wanted, params = condition
    with connection.cursor() as cursor:
        cursor.execute(_REACH + _TARGETS.format(wanted=wanted), [bulletin_id, *params])
        return Reach(*cursor.fetchone())


def reach_of_each(asked: Sequence[tuple[int, Condition]]) -> dict[int, Reach]:
    """The same for several bulletins, in one statement."""
    if not asked:
        return {}
    parts, params = [], []
    for bulletin_id, (wanted, own) in asked:
        parts.append("SELECT %s::bigint, count(*), count(v.id), min(v.delivered_at) " + _TARGETS.format(wanted=wanted))
        params += [bulletin_id, bulletin_id, *own]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return {row[0]: Reach(*row[1:]) for row in cursor.fetchall()}


def reach_by_manager(bulletin_id: int, condition: Condition) -> list[ManagerReach]:
    """CON-17: reach % per manager, the furthest behind first."""
    wanted, params = condition
    with connection.cursor() as cursor:
        cursor.execute(_BY_MANAGER + _TARGETS.format(wanted=wanted) + " GROUP BY c.manager_id",
                       [bulletin_id, *params])  # fmt: skip
        rows = [ManagerReach(row[0], Reach(*row[1:])) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (-row.reach.left, row.name))


def not_informed(bulletin_id: int, condition: Condition, *, limit: int = 50) -> list[tuple[int, str, int | None]]:
    """CON-27: customers it concerns who do not know yet: id, name, manager; the list shrinks as visits tick it."""
    wanted, params = condition
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.name, c.manager_id " + _TARGETS.format(wanted=wanted)
            + " AND v.id IS NULL ORDER BY s.suggested_on, c.id LIMIT %s",
            [bulletin_id, *params, limit],
        )  # fmt: skip
        return list(cursor.fetchall())


def managers_to_tell(condition: Condition) -> list[int]:
    """Users of the managers whose customers it concerns."""
    wanted, params = condition
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.user_id FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id"
            f" JOIN accounts_staff t ON t.id = c.manager_id AND t.is_active WHERE {wanted}",
            params,
        )
        return [row[0] for row in cursor.fetchall()]


def open_for(conditions: Sequence[tuple[int, Condition]], customer_ids: Sequence[int]) -> set[int]:
    """Which of these bulletins concern one of the customers who does not know it yet; one statement."""
    if not conditions or not customer_ids:
        return set()
    parts, params = [], []
    for bulletin_id, (wanted, own) in conditions:
        parts.append(
            "SELECT %s::bigint FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id"
            f" WHERE c.id = ANY(%s) AND {wanted} AND NOT EXISTS (SELECT 1 FROM visits_bulletindelivery v"
            " WHERE v.bulletin_id = %s AND v.customer_id = c.id)"
        )
        params += [bulletin_id, list(customer_ids), *own, bulletin_id]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), params)
        return {row[0] for row in cursor.fetchall()}


def speed_days(row: BulletinRow, found: Reach) -> int | None:
    """CON-26: whole days from publishing to the first delivery."""
    return None if found.first_at is None else max(0, (found.first_at - row.published_at).days)
