"""What follows from bills: dunning cases and their stages, tasks, credit accounts, arrears in lists (SAL-23).

`follow_bills` is called by whoever stores bills, in his transaction; the night calls `follow_all` because days pass by
themselves. Both are the same statements, so either may run at any time and any number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actions.standing import write_standings
from accounts.queries.spans import Span
from crm.core import parameters
from crm.core.db import write
from crm.core.measure_sql import day_of
from crm.core.sweeps import LOCK_SPACE, lock_number
from sales.actions.settling import settle_customers
from sales.money_rules import DunningDays
from sales.queries.credit import LIMIT

ORIGIN = "accounts_customer"
"""One task for a customer, whatever he owes for."""

OVERDUE = "b.paid_on IS NULL AND b.due_on < %(today)s"
"""Arrears: a bill that is not paid in full and past its due day."""
_CLOSE = """
UPDATE sales_dunningcase d SET state = CASE WHEN b.paid_on IS NULL THEN 'withdrawn' ELSE 'paid' END,
  closed_on = coalesce(b.paid_on, %(today)s), next_on = NULL
FROM sales_bill b WHERE b.id = d.bill_id AND d.closed_on IS NULL AND (b.paid_on IS NOT NULL OR b.due_on >= %(today)s)
  AND {d}
"""
_OPEN = f"""
INSERT INTO sales_dunningcase (customer_id, bill_id, stage, state, opened_on, stage_on)
SELECT b.customer_id, b.id, 1, 'open', %(today)s, %(today)s FROM sales_bill b WHERE {OVERDUE} AND {{b}}
  AND NOT EXISTS (SELECT 1 FROM sales_dunningcase d WHERE d.bill_id = b.id) ORDER BY b.id
ON CONFLICT (bill_id) DO NOTHING
"""
_OPEN_AGAIN = f"""
UPDATE sales_dunningcase d SET state = 'open', closed_on = NULL, promised_on = NULL, stage_on = %(today)s
FROM sales_bill b WHERE b.id = d.bill_id AND d.closed_on IS NOT NULL AND {OVERDUE} AND {{d}}
"""
_BY_DAYS = """CASE WHEN %(today)s - b.due_on >= %(stop)s THEN 4 WHEN %(today)s - b.due_on >= %(visit)s THEN 3
    WHEN %(today)s - b.due_on >= %(call)s THEN 2 ELSE 1 END"""
# A promise holds the stage until its day has passed; a broken one asks for something to be done at once.
_ADVANCE = f"""
UPDATE sales_dunningcase d SET stage = v.stage, state = v.state,
  promised_on = CASE WHEN v.state = 'promised' THEN d.promised_on END,
  stage_on = CASE WHEN v.stage <> d.stage OR v.state <> d.state THEN %(today)s ELSE d.stage_on END,
  next_on = CASE WHEN v.state = 'promised' THEN d.promised_on + 1 ELSE
    v.due_on + CASE v.stage WHEN 1 THEN %(call)s WHEN 2 THEN %(visit)s WHEN 3 THEN %(stop)s END END
FROM (
  SELECT x.*, CASE WHEN x.state = 'promised' THEN x.was ELSE greatest(x.was, x.by_days) END AS stage FROM (
    SELECT d.id, d.stage AS was, b.due_on, {_BY_DAYS} AS by_days,
      CASE WHEN d.state = 'promised' AND d.promised_on >= %(today)s THEN 'promised' ELSE 'open' END AS state
    FROM sales_dunningcase d JOIN sales_bill b ON b.id = d.bill_id WHERE d.closed_on IS NULL AND {{d}}) x
) v
WHERE v.id = d.id AND (d.stage, d.state, d.next_on) IS DISTINCT FROM (v.stage, v.state,
  CASE WHEN v.state = 'promised' THEN d.promised_on + 1 ELSE
    v.due_on + CASE v.stage WHEN 1 THEN %(call)s WHEN 2 THEN %(visit)s WHEN 3 THEN %(stop)s END END)
"""
# Something is to be done about a bill while nobody has asked for it since its stage began.
_WANTED = f"""
SELECT d.customer_id, c.manager_id, min(d.stage_on) FILTER (WHERE d.state = 'open' AND NOT EXISTS (
    SELECT 1 FROM sales_dunningaction a WHERE a.customer_id = d.customer_id AND {day_of("a.at")} >= d.stage_on
  )) + %(task_days)s AS due_on,
  '¥' || to_char(sum(b.amount - b.paid_amount), 'FM999,999,999,990.00') || ' · '
    || string_agg(DISTINCT to_char(b.month, 'YYYY-MM'), ', ' ORDER BY to_char(b.month, 'YYYY-MM')) AS reason
FROM sales_dunningcase d JOIN sales_bill b ON b.id = d.bill_id JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.closed_on IS NULL AND c.manager_id IS NOT NULL AND {{d}} GROUP BY 1, 2
"""
_TASKS = f"""
WITH w AS MATERIALIZED (SELECT * FROM ({_WANTED}) x WHERE x.due_on IS NOT NULL),
ended AS (
  UPDATE accounts_task t SET state = 'done', closed_at = %(now)s, closed_by_id = %(by)s
  WHERE t.kind = 'dunning' AND t.origin_table = %(origin)s AND t.state = 'open' AND {{t}}
    AND NOT EXISTS (SELECT 1 FROM w WHERE w.customer_id = t.customer_id)
), kept AS (
  UPDATE accounts_task t SET reason = w.reason, due_on = w.due_on FROM w
  WHERE t.customer_id = w.customer_id AND t.kind = 'dunning' AND t.origin_table = %(origin)s AND t.state = 'open'
    AND (t.reason, t.due_on) IS DISTINCT FROM (w.reason, w.due_on)
)
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, origin_table, origin_id, state,
  created_at, created_by_id)
SELECT 'dunning', w.customer_id, w.manager_id, '', w.reason, w.due_on, %(origin)s, w.customer_id, 'open', %(now)s, NULL
FROM w WHERE NOT EXISTS (SELECT 1 FROM accounts_task t WHERE t.customer_id = w.customer_id AND t.kind = 'dunning'
  AND t.origin_table = %(origin)s AND t.state = 'open')
ORDER BY w.customer_id ON CONFLICT DO NOTHING
"""
_ACCOUNTS = """
INSERT INTO sales_creditaccount (customer_id) SELECT DISTINCT b.customer_id FROM sales_bill b
WHERE {b} AND NOT EXISTS (SELECT 1 FROM sales_creditaccount a WHERE a.customer_id = b.customer_id)
ORDER BY 1 ON CONFLICT (customer_id) DO NOTHING
"""
_CREDIT = f"""
UPDATE sales_creditaccount a SET used = v.used, score = v.score, state = v.state, extra = v.extra,
  extra_until = v.extra_until
FROM (
  SELECT x.*, CASE WHEN x.overdue > 0 THEN 'arrears' WHEN x.used > x.ceiling + x.extra THEN 'over' ELSE 'good' END
    AS state
  FROM (
    SELECT a.id, coalesce(o.used, 0) AS used, coalesce(o.overdue, 0) AS overdue, {LIMIT} AS ceiling, s.score,
      CASE WHEN a.extra_until >= %(today)s THEN a.extra ELSE 0 END AS extra,
      CASE WHEN a.extra_until >= %(today)s THEN a.extra_until END AS extra_until
    FROM sales_creditaccount a JOIN accounts_customer c ON c.id = a.customer_id
    LEFT JOIN sales_tiercredit t ON t.tier_id = c.tier_id
    LEFT JOIN (SELECT b.customer_id, sum(b.amount - b.paid_amount) AS used,
        sum(b.amount - b.paid_amount) FILTER (WHERE b.due_on < %(today)s) AS overdue
      FROM sales_bill b WHERE b.paid_on IS NULL AND {{b}} GROUP BY 1) o ON o.customer_id = a.customer_id
    LEFT JOIN (SELECT b.customer_id, (200 * count(*) FILTER (WHERE b.paid_on <= b.due_on) + count(*))
        / (2 * count(*)) AS score
      FROM sales_bill b WHERE b.due_on < %(today)s AND b.due_on >= %(today)s - 365 AND {{b}} GROUP BY 1
    ) s ON s.customer_id = a.customer_id
    WHERE {{a}}
  ) x
) v
WHERE v.id = a.id AND (a.used, a.score, a.state, a.extra, a.extra_until) IS DISTINCT FROM
  (v.used, v.score, v.state, v.extra, v.extra_until)
"""
_ARREARS = f"""
SELECT s.customer_id, coalesce(o.owed, 0) AS arrears FROM accounts_standing s
LEFT JOIN (SELECT b.customer_id, sum(b.amount - b.paid_amount) AS owed FROM sales_bill b
  WHERE {OVERDUE} AND {{b}} GROUP BY 1) o ON o.customer_id = s.customer_id WHERE {{s}}
"""
_STEPS: tuple[tuple[str, str], ...] = (
    ("closed", _CLOSE),
    ("opened", _OPEN),
    ("again", _OPEN_AGAIN),
    ("moved", _ADVANCE),
    ("tasks", _TASKS),
    ("accounts", _ACCOUNTS),
    ("credit", _CREDIT),
)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose bills: the condition on a column, and its values."""

    where: Callable[[str], str]
    params: Mapping[str, Any]

    def mark(self, statement: str) -> str:
        """A statement with the condition on each of its tables put in."""
        aliases = {alias: self.where(f"{alias}.customer_id") for alias in ("a", "b", "d", "s", "t")}
        return statement.format(**aliases)


def follow_bills(customer_ids: Iterable[int], now: datetime) -> dict[str, int]:
    """Bills of these customers have changed: paid → closed at once; what is overdue is asked for (SAL-23)."""
    ids = sorted(set(customer_ids))
    if not ids:
        return {}
    return _follow(_Whose(lambda column: f"{column} = ANY(%(ids)s)", {"ids": ids}), timezone.localdate(now), now)


def follow_all(span: Span, today: date, now: datetime) -> dict[str, int]:
    """The same for everybody, or for a part of the base: a day has passed."""
    return _follow(_Whose(lambda column: span.where(customer=column), span.params), today, now)


def follow_merge(*, customer_ids: Iterable[int], now: datetime, **_more: Any) -> None:
    """Two customers became one, or apart again: arrears and credit follow from the bills each has."""
    follow_rows(customer_ids, now)


def follow_rows(customer_ids: Iterable[int], now: datetime) -> None:
    """Bills or payments of these customers came or went by themselves: what is paid of which is seen first."""
    ids = sorted(set(customer_ids))
    settle_customers(ids, now=now)
    follow_bills(ids, now)


def follow_one(customer_id: int, *, now: datetime, by_id: int | None) -> None:
    """After a deed on one customer; what it settles was settled by that person."""
    whose = _Whose(lambda column: f"{column} = ANY(%(ids)s)", {"ids": [customer_id]})
    _run(whose, _values(timezone.localdate(now), now, by_id))


def _follow(whose: _Whose, today: date, now: datetime) -> dict[str, int]:
    with write(label="system:arrears"):
        # Two who follow many customers at once would wait for each other's rows in different orders.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, lock_number("sales:dunning")])
        return _run(whose, _values(today, now, None))


def _values(today: date, now: datetime, by_id: int | None) -> dict[str, Any]:
    days = DunningDays.on(today)
    return {
        "today": today,
        "now": now,
        "by": by_id,
        "origin": ORIGIN,
        "call": days.call,
        "visit": days.visit,
        "stop": days.stop,
        "task_days": int(parameters.value("dunning_task_days", today)),
        "without_tier": int(parameters.value("credit_without_tier", today)),
    }


def _run(whose: _Whose, values: Mapping[str, Any]) -> dict[str, int]:
    params = {**values, **whose.params}
    done = {}
    with connection.cursor() as cursor:
        for name, statement in _STEPS:
            cursor.execute(whose.mark(statement), params)
            done[name] = int(cursor.rowcount)
    done["standings"] = write_standings(whose.mark(_ARREARS), params, columns=["arrears"])
    return done
