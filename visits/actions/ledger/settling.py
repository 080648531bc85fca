"""What visits do to duties: settle them at once, or recompute them either way (CON-8; decisions 2 and 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from accounts import actions as accounts
from accounts.choices import TaskKind
from crm.core.models import User
from crm.core.prepared import run
from visits.actions.ledger.facts import write_facts
from visits.actions.sheet import SettledDuty

if TYPE_CHECKING:
    from visits.models import Visit

DONE_BY_A_VISIT = (TaskKind.INTRODUCTION, TaskKind.CALL_BACK)

# The earliest valid visit of a row's window wins; of two at once, the one that saw the row as it still is.
_SETTLE = """
WITH v AS MATERIALIZED (
  SELECT w.id, w.customer_id, w.occurred_at, w.occurred_on, w.manager_id, w.unit_id, h.is_face_to_face
  FROM visits_visit w JOIN visits_channel h ON h.id = w.channel_id
  WHERE w.id = ANY(%s) AND w.counts AND w.undone_at IS NULL
), x AS MATERIALIZED (
  SELECT DISTINCT ON (d.id) d.id AS duty_id, d.state AS was, d.met_by_id AS was_met_by,
    v.id, v.occurred_on, v.manager_id, v.unit_id
  FROM v JOIN visits_duty d ON d.customer_id = v.customer_id AND v.occurred_on BETWEEN d.owed_from AND d.due_on
    AND d.frozen_at IS NULL AND d.state <> 'void' AND (d.purpose = 'contact' OR v.is_face_to_face)
  LEFT JOIN visits_visit m ON m.id = d.met_by_id
  WHERE m.id IS NULL OR (v.occurred_at, v.id) < (m.occurred_at, m.id)
  ORDER BY d.id, v.occurred_at, v.id
)
UPDATE visits_duty d SET state = 'met', met_by_id = x.id, met_on = x.occurred_on, manager_id = x.manager_id,
  unit_id = x.unit_id, closed_at = %s
FROM x WHERE d.id = x.duty_id AND d.state = x.was AND d.met_by_id IS NOT DISTINCT FROM x.was_met_by
RETURNING d.id, d.customer_id, d.met_by_id, d.purpose, d.due_on
"""

LONGEST_HOLDER = """
(SELECT a.staff_id FROM accounts_assignment a
  WHERE a.customer_id = d.customer_id AND a.valid_from <= d.due_on AND coalesce(a.valid_to, 'infinity') > d.owed_from
    AND a.valid_from < coalesce(a.valid_to, 'infinity')
  GROUP BY a.staff_id
  ORDER BY sum(least(coalesce(a.valid_to, d.due_on + 1), d.due_on + 1) - greatest(a.valid_from, d.owed_from)) DESC,
    max(least(coalesce(a.valid_to, d.due_on + 1), d.due_on + 1)) DESC, a.staff_id LIMIT 1)
"""
"""Decisions 6 for a duty `d`; the pure rule is `visits.rules.credit_of_miss`."""

_RESTATE = f"""
UPDATE visits_duty d SET state = x.state, met_by_id = x.visit_id, met_on = x.occurred_on, manager_id = x.manager_id,
  unit_id = x.unit_id,
  closed_at = CASE WHEN x.state = 'open' THEN NULL WHEN x.state = d.state THEN d.closed_at ELSE %(now)s END
FROM (
  SELECT d.id, v.id AS visit_id, v.occurred_on,
    CASE WHEN v.id IS NOT NULL THEN 'met' WHEN e.id IS NOT NULL THEN 'excused'
      WHEN d.due_on < %(today)s THEN 'provisional' ELSE 'open' END AS state,
    CASE WHEN v.id IS NOT NULL THEN v.manager_id WHEN d.due_on < %(today)s THEN {LONGEST_HOLDER}
      ELSE c.manager_id END AS manager_id,
    CASE WHEN v.id IS NOT NULL THEN v.unit_id ELSE c.unit_id END AS unit_id
  FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
  LEFT JOIN LATERAL (
    SELECT w.id, w.occurred_on, w.manager_id, w.unit_id
    FROM visits_visit w JOIN visits_channel h ON h.id = w.channel_id
    WHERE w.customer_id = d.customer_id AND w.occurred_on BETWEEN d.owed_from AND d.due_on AND w.counts
      AND w.undone_at IS NULL AND (d.purpose = 'contact' OR h.is_face_to_face)
    ORDER BY w.occurred_at, w.id LIMIT 1
  ) v ON true
  LEFT JOIN LATERAL (
    SELECT g.id FROM visits_excuse g WHERE g.duty_id = d.id AND g.state = 'granted' LIMIT 1
  ) e ON true
  WHERE d.customer_id = ANY(%(customers)s) AND d.frozen_at IS NULL AND d.state <> 'void'
) x
WHERE d.id = x.id AND (d.state, d.met_by_id, d.met_on, d.manager_id, d.unit_id)
  IS DISTINCT FROM (x.state, x.visit_id, x.occurred_on, x.manager_id, x.unit_id)
"""


def settle(visits: Sequence[Visit], *, today: date, now: datetime, has_tasks: bool = True) -> list[SettledDuty]:
    """CON-1: a visit settles the duty at once; also last month's, when it was logged late (a provisional miss).

    Called in the transaction that writes the visits; two or three statements (`has_tasks`: whether any task is open
    there), none for a visit that does not count.
    """
    valid = [visit for visit in visits if visit.counts]
    if not valid:
        return []
    customer_ids = [visit.customer_id for visit in valid]
    with connection.cursor() as cursor:
        run(cursor, _SETTLE, [[visit.pk for visit in valid], now], ("bigint[]", "timestamptz"))
        settled = [SettledDuty(*row) for row in cursor.fetchall()]
    write_facts(customer_ids, today=today)
    if has_tasks:
        close_tasks_of(valid, now=now)
    return settled


def close_tasks_of(visits: Iterable[Visit], *, now: datetime) -> None:
    """CON-37: the first valid visit is the introduction; it also answers a call-back."""
    by_author: dict[int, list[int]] = defaultdict(list)
    for visit in visits:
        by_author[visit.logged_by_id].append(visit.customer_id)
    for author_id, customer_ids in by_author.items():
        accounts.close_tasks(customer_ids=customer_ids, kinds=DONE_BY_A_VISIT, by=User(pk=author_id), now=now)


def restate_tasks_of(visit: Visit) -> None:
    """A mended visit: what it had done is open again, what it does now is done, at the moment it was logged."""
    reopen_tasks_of([visit])
    if visit.counts:
        close_tasks_of([visit], now=visit.logged_at)


def reopen_tasks_of(visits: Iterable[Visit]) -> None:
    """An undone visit did not introduce anybody and answered no call: the tasks it closed are open again."""
    for visit in visits:
        accounts.reopen_tasks(customer_ids=[visit.customer_id], kinds=DONE_BY_A_VISIT, closed_at=visit.logged_at)


def recompute(customer_ids: Sequence[int], *, today: date, now: datetime) -> int:
    """Decisions 2: rows that are not frozen follow from visits and excuses, either way; answers how many changed."""
    changed = restate(customer_ids, today=today, now=now)
    write_facts(customer_ids, today=today)
    return changed


def restate(customer_ids: Sequence[int], *, today: date, now: datetime) -> int:
    """The duties only, without the standings."""
    if not customer_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RESTATE, {"customers": list(customer_ids), "today": today, "now": now})
        return int(cursor.rowcount)
