"""Give a day to every open duty that has none: new, left undone, or on a day when its manager is away (design 4).

The rule is `visits.rules.level`; here it is fed for all managers by two reads and written by one UPDATE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.actions.standing import write_standings
from accounts.choices import Purpose
from accounts.queries.spans import SPAN, Span
from crm.core import working_days
from crm.core.rules import Calendar
from visits.rules import Item, level
from visits.rules.pace import FACE_TO_FACE_SLOTS

NO_DAY = date(1900, 1, 1)
"""Stands in `suggested_on` until the duty has a day."""
BATCH = 50_000
Leaves = Mapping[int | None, Sequence[tuple[date, date]]]

_UNPLACED = """
d.state = 'open' AND d.due_on >= %(today)s AND (d.suggested_on > d.due_on OR d.postponed_at IS NULL AND (
  d.suggested_on < %(today)s OR d.suggested_on = ANY(%(off)s) OR EXISTS (SELECT 1 FROM accounts_leave l
    WHERE l.staff_id = d.manager_id AND d.suggested_on BETWEEN l.starts_on AND l.ends_on)))
"""
_MANAGERS = f"SELECT d.manager_id, count(*) FROM visits_duty d WHERE {_UNPLACED} GROUP BY 1 ORDER BY 1 NULLS FIRST"
_OF_MANAGERS = "(d.manager_id = ANY(%(managers)s) OR %(nobody)s AND d.manager_id IS NULL)"
_ITEMS = f"""
SELECT d.manager_id, d.suggested_on, d.id, d.customer_id, d.owed_from, d.due_on, s.last_visit_on,
  (SELECT min(b.day) FROM (
    SELECT visits_next_birthday(p.birthday, p.is_lunar_birthday, greatest(d.owed_from, %(today)s)) AS day
    FROM accounts_personprofile p WHERE p.customer_id = d.customer_id AND p.birthday IS NOT NULL
    UNION ALL
    SELECT visits_next_birthday(p.birthday, greatest(d.owed_from, %(today)s)) FROM accounts_contactperson p
    WHERE p.customer_id = d.customer_id AND p.birthday IS NOT NULL AND p.is_active) b),
  d.purpose
FROM visits_duty d JOIN accounts_standing s ON s.customer_id = d.customer_id
WHERE {_UNPLACED} AND {_OF_MANAGERS} AND {SPAN}
"""
_LOADS = f"""
SELECT d.manager_id, d.suggested_on, sum(CASE d.purpose WHEN 'face_to_face' THEN %(double)s ELSE 1 END)
FROM visits_duty d WHERE d.state = 'open' AND d.suggested_on >= %(today)s AND {_OF_MANAGERS} GROUP BY 1, 2
"""
_WRITE = """
UPDATE visits_duty d SET suggested_on = u.day FROM unnest(%s::bigint[], %s::date[]) AS u(id, day)
WHERE d.id = u.id AND d.suggested_on IS DISTINCT FROM u.day RETURNING d.customer_id
"""
_FIRST_SUGGESTION = (
    "SELECT d.customer_id, min(d.suggested_on) AS suggested_on FROM visits_duty d"
    " WHERE d.customer_id = ANY(%s) AND d.state = 'open' GROUP BY 1"
)


def place(*, today: date, manager_ids: Iterable[int | None] | None = None, part: Span | None = None) -> int:
    """Place what has no day, of these managers, of a part of the base, or of all; answers how many got another day.

    What somebody postponed by hand stays where he put it (never past its due day).
    """
    calendar = working_days.calendar()
    part = part or Span()
    params = {"today": today, "off": _days_off(calendar, today), "double": FACE_TO_FACE_SLOTS} | part.params
    moved = 0
    if part.is_everything:
        batches = _batches(params, manager_ids)
    else:
        batches = iter([[None] if part.is_nobody else list(part.managers)])
    for batch in batches:
        params |= {"managers": [staff_id for staff_id in batch if staff_id is not None], "nobody": None in batch}
        moved += write_days(_level(params, part, calendar, today))
    return moved


def to_place(today: date) -> list[tuple[int | None, int]]:
    """How many duties of each manager have no day, or no longer a good one."""
    with connection.cursor() as cursor:
        cursor.execute(_MANAGERS, {"today": today, "off": _days_off(working_days.calendar(), today)})
        return list(cursor.fetchall())


def _days_off(calendar: Calendar, today: date) -> list[date]:
    """The days of the coming year on which nobody works."""
    year = (today + timedelta(days=offset) for offset in range(366))
    return [day for day in year if not calendar.is_working(day)]


def _batches(params: Mapping[str, Any], manager_ids: Iterable[int | None] | None) -> Iterator[list[int | None]]:
    """Managers with something to place, so many at a time that memory stays flat."""
    if manager_ids is not None:
        yield list(set(manager_ids))
        return
    batch: list[int | None] = []
    size = 0
    for staff_id, count in to_place(params["today"]):
        batch.append(staff_id)
        size += count
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _level(params: Mapping[str, Any], part: Span, calendar: Calendar, today: date) -> dict[int, date]:
    """The day of every unplaced duty of a batch of managers."""
    items, loads = _read(params, part, today)
    leaves = leaves_from(today)
    placed: dict[int, date] = {}
    for staff_id, mine in items.items():
        placed |= level(mine, loads[staff_id], calendar=calendar, today=today, leaves=leaves.get(staff_id, ()))
    return placed


def _read(
    params: Mapping[str, Any], part: Span, today: date
) -> tuple[dict[int | None, list[Item]], dict[int | None, dict[date, int]]]:
    items: dict[int | None, list[Item]] = defaultdict(list)
    loads: dict[int | None, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, params)
        for staff_id, day, taken in cursor.fetchall():
            loads[staff_id][day] = int(taken)
        cursor.execute(_ITEMS.replace(SPAN, part.where(manager="d.manager_id", customer="d.customer_id")), params)
        for (
            staff_id,
            suggested_on,
            duty_id,
            customer_id,
            owed_from,
            due_on,
            seen_on,
            birthday,
            purpose,
        ) in cursor.fetchall():
            slots = FACE_TO_FACE_SLOTS if purpose == Purpose.FACE_TO_FACE else 1
            items[staff_id].append(Item(duty_id, customer_id, owed_from, due_on, seen_on, birthday, slots))
            if suggested_on >= today:
                loads[staff_id][suggested_on] -= slots
    return items, loads


def leaves_from(today: date) -> Leaves:
    """Who is away when, from today on."""
    leaves: dict[int | None, list[tuple[date, date]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT staff_id, starts_on, ends_on FROM accounts_leave WHERE ends_on >= %s ORDER BY starts_on", [today]
        )
        for staff_id, starts_on, ends_on in cursor.fetchall():
            leaves[staff_id].append((starts_on, ends_on))
    return leaves


def write_days(placed: Mapping[int, date]) -> int:
    """Give duties their days, and the standings their next suggestion; answers how many got another day."""
    if not placed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(placed), list(placed.values())])
        moved = [row[0] for row in cursor.fetchall()]
    write_standings(_FIRST_SUGGESTION, [moved], columns=["suggested_on"])
    return len(moved)
