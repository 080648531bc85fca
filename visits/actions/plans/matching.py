"""Visits find their plan items by themselves (PLAN-7): on the day or near it, in the week of the visit.

A visit does one item, an item is done by one visit; the nearest pairs win, the earlier item first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from crm.core.prepared import run
from visits.actions.facts import ITEM, WAITS

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

LOOK_BACK = timedelta(days=21)
"""How far back the night looks for what was brought in late."""

_MATCH = """
WITH v AS MATERIALIZED (
  SELECT v.id, v.customer_id, v.occurred_on, v.occurred_at, v.staff_id, v.manager_id,
    v.occurred_on - (extract(isodow FROM v.occurred_on)::int - 1) AS monday
  FROM visits_visit v JOIN visits_outcome o ON o.id = v.outcome_id
  WHERE {which} AND v.undone_at IS NULL AND o.is_effective
    AND NOT EXISTS (SELECT 1 FROM visits_planitem t WHERE t.visit_id = v.id)
), pairs AS (
  SELECT v.id AS visit_id, i.id AS item_id,
    row_number() OVER (PARTITION BY v.id ORDER BY abs(i.planned_on - v.occurred_on), i.planned_on, i.id) AS of_visit,
    row_number() OVER (PARTITION BY i.id ORDER BY abs(i.planned_on - v.occurred_on), v.occurred_at, v.id) AS of_item
  FROM v JOIN visits_planitem i ON i.customer_id = v.customer_id AND i.state IN ('planned', 'missed')
    AND i.planned_on BETWEEN v.monday AND v.monday + 6
  JOIN visits_plan p ON p.id = i.plan_id AND p.period = 'week' AND p.staff_id IN (v.staff_id, v.manager_id)
)
UPDATE visits_planitem i SET state = 'done', visit_id = pairs.visit_id FROM pairs
WHERE i.id = pairs.item_id AND pairs.of_visit = 1 AND pairs.of_item = 1
"""
_OF_VISITS = _MATCH.format(which="v.id = ANY(%(visits)s)")
_OF_LATE = _MATCH.format(which="v.occurred_at >= %(since)s AND v.occurred_on <= %(today)s")
_LOOSEN = """
UPDATE visits_planitem i SET visit_id = NULL,
  state = CASE WHEN i.planned_on < %(today)s THEN 'missed' ELSE 'planned' END
FROM visits_visit v JOIN visits_outcome o ON o.id = v.outcome_id
WHERE i.visit_id = v.id AND {which}
"""
_LOOSEN_UNDONE = _LOOSEN.format(which="i.visit_id = ANY(%(visits)s)")
_LOOSEN_CHANGED = _LOOSEN.format(
    which="(v.undone_at IS NOT NULL OR NOT o.is_effective OR v.occurred_on - extract(isodow FROM v.occurred_on)::int"
    " <> i.planned_on - extract(isodow FROM i.planned_on)::int)"
    " AND i.plan_id IN (SELECT p.id FROM visits_plan p WHERE p.period = 'week' AND p.starts_on >= %(since)s)"
)


def follow_visits(
    *, visits: Sequence[Visit], today: date, now: datetime, by: User, waits: Collection[str] = WAITS
) -> None:
    """In the transaction that logs a visit: its item is done."""
    if ITEM not in waits:
        return
    _repeat(_OF_VISITS, {"visits": [visit.pk for visit in visits]}, {"visits": "bigint[]"}, most=len(visits))


def follow_undo(*, visit_ids: Sequence[int], today: date, now: datetime, by: User) -> None:
    """An undone visit did nothing: its item is planned again, or missed when its day is over."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOSEN_UNDONE, {"visits": list(visit_ids), "today": today})


def follow_mend(*, visit: Visit, today: date, now: datetime, by: User) -> None:
    """A mended visit finds its item anew: another day may be nearer to another one, and who was not met did none."""
    follow_undo(visit_ids=[visit.pk], today=today, now=now, by=by)
    follow_visits(visits=[visit], today=today, now=now, by=by)


def match_late_visits(*, today: date, now: datetime) -> int:
    """What came in by other ways, or was mended after it was matched."""
    since = today - LOOK_BACK
    with connection.cursor() as cursor:
        cursor.execute(_LOOSEN_CHANGED, {"today": today, "since": since})
        loosened = int(cursor.rowcount)
    return loosened + _repeat(_OF_LATE, {"since": since, "today": today}, {"since": "date", "today": "date"}, most=99)


def _repeat(sql: str, params: dict[str, Any], types: dict[str, str], *, most: int) -> int:
    """Pair what is nearest, then what is left, until nothing is."""
    done = 0
    with connection.cursor() as cursor:
        for _round in range(most):
            run(cursor, sql, params, types)
            if not cursor.rowcount:
                break
            done += int(cursor.rowcount)
    return done


_MISSED = """
UPDATE visits_planitem i SET state = 'missed' FROM visits_plan p
WHERE p.id = i.plan_id AND p.period = 'week' AND i.state = 'planned' AND i.planned_on < %s
"""


def miss_items(*, today: date) -> int:
    """PLAN-7: an item of Tuesday without a contact is missed on Wednesday at 00:30."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, [today])
        return int(cursor.rowcount)
