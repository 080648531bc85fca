"""Customers won, lost and handed over in a month, manager by manager (RET-18).

At the beginning + won − lost + taken over − handed on = at the end, for every manager and month: what is not won or
lost by him came from somebody or went to somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.holders import holder_on
from crm.core.measures import Time, within
from crm.core.scope import Scope
from retention.queries.measures import FIRST_HOLDER, LOST, WON

WAYS = ("opening", "won", "lost", "taken", "given", "closing")
LIMIT = 50


def _held(day: str, which: str = "") -> str:
    """Customers in service on a day, with who has them."""
    return f"""
SELECT c.id AS customer_id, h.staff_id FROM accounts_customer c {holder_on("c.id", day).replace("LEFT JOIN", "JOIN")}
WHERE c.kind <> 'ordinary' AND c.state <> 'prospect' AND (c.joined_on IS NULL OR c.joined_on <= {day})
  AND NOT EXISTS (SELECT 1 FROM retention_churnrecord g WHERE g.customer_id = c.id AND NOT g.is_void
    AND g.lost_on <= {day} AND (g.returned_on IS NULL OR g.returned_on > {day})){which}
"""


_BEFORE, _UNTIL = "%(before)s::date", "%(until)s::date"
_OF_TOUCHED = " AND c.id = ANY(ARRAY(SELECT customer_id FROM touched))"
# Only who was won, lost or handed over in the month has another place at its end than at its beginning; of these, one
# line per customer and step: who had him before, who has him after it; nobody is null.
# won → first holder; lost ← holder then; otherwise who had him at the beginning and who has him at the end.
_LINES = f"""
WITH won AS MATERIALIZED (SELECT w.customer_id, f.staff_id FROM ({WON}) w {FIRST_HOLDER}),
lost AS MATERIALIZED (SELECT DISTINCT ON (l.customer_id) l.customer_id, l.manager_id AS staff_id FROM ({LOST}) l
  ORDER BY l.customer_id, l.lost_on DESC, l.id DESC),
touched AS MATERIALIZED (
  SELECT customer_id FROM won UNION SELECT customer_id FROM lost UNION
  SELECT customer_id FROM accounts_assignment
  WHERE valid_from BETWEEN %(first)s AND %(until)s OR valid_to BETWEEN %(first)s AND %(until)s
),
opening AS ({_held(_BEFORE, _OF_TOUCHED)}), closing AS ({_held(_UNTIL, _OF_TOUCHED)}),
path AS (
  SELECT customer_id, o.staff_id AS opening, e.staff_id AS closing, w.staff_id AS won, l.staff_id AS lost,
    w.customer_id IS NOT NULL AS is_won, l.customer_id IS NOT NULL AS is_lost
  FROM touched LEFT JOIN opening o USING (customer_id) LEFT JOIN closing e USING (customer_id)
  LEFT JOIN won w USING (customer_id) LEFT JOIN lost l USING (customer_id)
),
line AS (
  SELECT customer_id, 'opening' AS way, opening AS staff_id FROM path WHERE opening IS NOT NULL
  UNION ALL SELECT customer_id, 'closing', closing FROM path WHERE closing IS NOT NULL
  UNION ALL SELECT customer_id, 'won', won FROM path WHERE is_won
  UNION ALL SELECT customer_id, 'lost', lost FROM path WHERE is_lost
  UNION ALL
  SELECT p.customer_id, s.way, s.staff_id FROM path p CROSS JOIN LATERAL (VALUES
      (CASE WHEN p.is_won AND p.opening IS NULL THEN p.won ELSE p.opening END,
       CASE WHEN p.is_lost THEN p.lost WHEN p.is_won AND p.opening IS NOT NULL THEN NULL ELSE p.closing END, TRUE),
      (p.won, p.closing, p.is_won AND p.is_lost AND (p.opening IS NOT NULL OR p.closing IS NOT NULL))
    ) AS hop(source, sink, is_there)
  CROSS JOIN LATERAL (VALUES ('given', hop.source), ('taken', hop.sink)) AS s(way, staff_id)
  WHERE hop.is_there AND hop.source IS DISTINCT FROM hop.sink AND s.staff_id IS NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """RET-18: one manager and month."""

    staff_id: int | None
    opening: int
    won: int
    lost: int
    taken: int
    given: int
    closing: int

    @property
    def name(self) -> str:
        """The manager."""
        return names.staff_name(self.staff_id)

    @property
    def net(self) -> int:
        """F45: won less lost."""
        return self.won - self.lost

    @property
    def holds(self) -> bool:
        """The identity of RET-18."""
        return self.opening + self.won - self.lost + self.taken - self.given == self.closing


def _bound(time: Time) -> dict[str, Any]:
    return {"first": time.first, "until": time.until, "before": time.first - timedelta(days=1)}


def _placed(scope: Scope, unit_ids: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """Managers inside the scope: by the unit of the person, whose portfolio this is."""
    where, params = within(scope, unit="t.unit_id", manager="t.id")
    if unit_ids:
        where, params = f"{where} AND t.unit_id = ANY(%(_units)s)", params | {"_units": list(unit_ids)}
    return where, params


# Who is not touched has the same place at both ends.
_MOVEMENTS = f"""{_LINES},
held AS (SELECT x.staff_id, count(*) AS n FROM ({_held(_UNTIL)}) x
  WHERE x.staff_id IN (SELECT t.id FROM accounts_staff t WHERE {{where}}) GROUP BY 1),
moved AS (SELECT l.staff_id, {", ".join(f"count(*) FILTER (WHERE l.way = '{way}') AS {way}" for way in WAYS)}
  FROM line l GROUP BY 1),
k AS (
  SELECT coalesce(h.staff_id, m.staff_id) AS staff_id,
    coalesce(h.n, 0) - coalesce(m.closing, 0) + coalesce(m.opening, 0) AS opening, coalesce(m.won, 0) AS won,
    coalesce(m.lost, 0) AS lost, coalesce(m.taken, 0) AS taken, coalesce(m.given, 0) AS given, coalesce(h.n, 0) AS n
  FROM held h FULL JOIN moved m ON m.staff_id = h.staff_id
)
SELECT k.staff_id, k.opening, k.won, k.lost, k.taken, k.given, k.n
FROM k LEFT JOIN accounts_staff t ON t.id = k.staff_id LEFT JOIN accounts_unit u ON u.id = t.unit_id
WHERE (t.id IS NOT NULL AND {{where}}){{nobody}}
  AND (k.opening, k.won, k.lost, k.taken, k.given, k.n) <> (0, 0, 0, 0, 0, 0)
ORDER BY u.path NULLS LAST, t.pinyin, k.staff_id
"""


def movements(scope: Scope, time: Time, unit_ids: Sequence[int] = ()) -> list[Movement]:
    """Every manager who had, won or lost customers in the month; those of nobody last, for who sees everything."""
    where, params = _placed(scope, unit_ids)
    nobody = " OR k.staff_id IS NULL" if scope.everything and not unit_ids else ""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS.format(where=where, nobody=nobody), _bound(time) | params)
        return [Movement(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Moved:
    """A customer behind a number of a movement."""

    customer_id: int
    name: str | None
    number: str | None
    tier_id: int | None
    manager_id: int | None
    joined_on: date | None


def moved(
    scope: Scope, seen: Scope, time: Time, way: str, staff_id: int | None, *, after: int = 0, limit: int = LIMIT
) -> list[Moved]:
    """The customers behind one number; a name shows to who may see the customer today."""
    where, params = _placed(scope, ())
    whose = f"l.staff_id = %(_staff)s AND {where}" if staff_id is not None else "l.staff_id IS NULL"
    if staff_id is None and not scope.everything:
        return []
    is_seen, seen_params = within(seen, unit="c.unit_id", manager="c.manager_id")
    for place, name in enumerate(sorted(seen_params)):
        is_seen = is_seen.replace(f"%({name})s", f"%(_seen{place})s")
    values: dict[str, Any] = {f"_seen{place}": seen_params[name] for place, name in enumerate(sorted(seen_params))}
    source = f"{_LINES} SELECT l.customer_id, l.staff_id, l.way FROM line l"
    if way in ("opening", "closing"):
        held = _held(_BEFORE if way == "opening" else _UNTIL)
        source = f"SELECT x.customer_id, x.staff_id, %(_way)s AS way FROM ({held}) x"
    sql = (
        f"SELECT c.id, CASE WHEN {is_seen} THEN c.name END, CASE WHEN {is_seen} THEN c.number END, c.tier_id,"
        f" c.manager_id, c.joined_on FROM ({source}) l JOIN accounts_customer c ON c.id = l.customer_id"
        " LEFT JOIN accounts_staff t ON t.id = l.staff_id"
        f" WHERE l.way = %(_way)s AND {whose} AND c.id > %(_after)s ORDER BY c.id LIMIT %(_limit)s"
    )
    more = {"_way": way, "_staff": staff_id, "_after": after, "_limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(sql, _bound(time) | params | values | more)
        return [Moved(*row) for row in cursor.fetchall()]
