"""What complaints say when they are counted: causes, products, managers, repeats, speed, work (issue: analysis).

Every number is counted over the rows that the board shows for the same question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.queries import names
from complaints.rules.board import BUCKETS
from complaints.rules.cases import OPEN
from crm.core.scope import Scope

REPEAT_DAYS = 90
REPEATS_SHOWN = 20
_COUNTED = "k.state <> 'merged' AND {scope} AND k.received_at >= %s AND k.received_at < %s"


@dataclass(frozen=True)
class Asked:
    """Whose cases, of which months and units."""

    scope: Scope
    first: datetime
    end: datetime
    now: datetime
    unit_ids: Sequence[int] | None = None

    def where(self, text: str) -> tuple[str, list[Any]]:
        """A condition with the scope and units put in, and their parameters."""
        scope, params = self.scope.sql("c")
        if self.unit_ids is not None:
            scope, params = f"{scope} AND k.unit_id = ANY(%s)", [*params, list(self.unit_ids)]
        return text.format(scope=scope), list(params)


@dataclass(frozen=True, slots=True)
class Cut:
    """One line of a cut: how many complaints, how many of them justified, caused by a contact."""

    key: Any
    count: int
    justified: int
    caused: int


@dataclass(frozen=True, slots=True)
class Cuts:
    """Complaints of a month in all, and cut five ways; the largest first."""

    total: Cut
    categories: list[Cut] = field(default_factory=list)
    causes: list[Cut] = field(default_factory=list)
    products: list[Cut] = field(default_factory=list)
    managers: list[Cut] = field(default_factory=list)


_CUTS = """
SELECT grouping(k.category_id), grouping(k.cause), grouping(k.product_id), grouping(k.manager_id),
  k.category_id, k.cause, k.product_id, k.manager_id, count(*),
  count(*) FILTER (WHERE k.judgement = 'justified'), count(k.caused_by_id)
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
WHERE k.kind = 'complaint' AND {where}
GROUP BY GROUPING SETS ((), (k.category_id), (k.cause), (k.product_id), (k.manager_id))
ORDER BY 9 DESC, 5, 6, 7, 8
"""


def cuts(asked: Asked) -> Cuts:
    """CMP-26, CMP-4, CON-10: complaints received in a period by category, cause, product and manager."""
    where, params = asked.where(_COUNTED)
    total = Cut(None, 0, 0, 0)
    found: tuple[list[Cut], ...] = ([], [], [], [])
    with connection.cursor() as db:
        db.execute(_CUTS.format(where=where), [*params, asked.first, asked.end])
        for row in db.fetchall():
            place = next((place for place in range(4) if row[place] == 0), None)
            if place is None:
                total = Cut(None, *row[8:])
            else:
                found[place].append(Cut(row[4 + place], *row[8:]))
    return Cuts(total, *found)


@dataclass(frozen=True, slots=True)
class Speed:
    """One of the two lengths of CMP-36: cases in each class, and the median of those that are there."""

    classes: dict[str, int]
    median: float | None


_SPEED = """
SELECT width_bucket(extract(epoch FROM k.{column} - k.received_at) / 60, %s) AS class, count(*)
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id WHERE {where} GROUP BY 1
"""
_MEDIANS = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM k.first_reply_at - k.received_at) / 60),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM k.first_action_at - k.received_at) / 60)
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id WHERE {where}
"""
_CODES = tuple(BUCKETS)
_EDGES = [float(low) for low, _high in list(BUCKETS.values())[1:]]


def speeds(asked: Asked) -> tuple[Speed, Speed]:
    """CMP-36: from the receipt to our first word and to the first deed, over every kind of case."""
    where, params = asked.where(_COUNTED)
    values = [*params, asked.first, asked.end]
    found: list[dict[str, int]] = []
    with connection.cursor() as db:
        for column in ("first_reply_at", "first_action_at"):
            db.execute(_SPEED.format(column=column, where=where), [_EDGES, *values])
            rows = db.fetchall()
            found.append({"none" if place is None else _CODES[place]: count for place, count in rows})
        db.execute(_MEDIANS.format(where=where), values)
        medians = db.fetchone()
    return Speed(found[0], medians[0]), Speed(found[1], medians[1])


@dataclass(frozen=True, slots=True)
class Repeat:
    """A customer who complained more than once within 90 days."""

    customer_id: int
    customer: str
    tier_id: int | None
    manager_id: int | None
    count: int
    last_at: datetime


_REPEATS = """
SELECT c.id, c.name, c.tier_id, c.manager_id, count(*) AS n, max(k.received_at), count(*) OVER ()
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
WHERE k.kind = 'complaint' AND {where} GROUP BY c.id HAVING count(*) > 1 ORDER BY n DESC, 6 DESC, c.id LIMIT %s
"""


def repeats(asked: Asked) -> tuple[list[Repeat], int]:
    """Customers with two or more complaints in the 90 days up to the end of the period, and how many there are."""
    where, params = asked.where(_COUNTED)
    since = asked.end - timedelta(days=REPEAT_DAYS)
    with connection.cursor() as db:
        db.execute(_REPEATS.format(where=where), [*params, since, asked.end, REPEATS_SHOWN])
        rows = db.fetchall()
    return [Repeat(*row[:6]) for row in rows], rows[0][6] if rows else 0


@dataclass(frozen=True, slots=True)
class Load:
    """SKL-7: what one person carries now, and what he closed in the period."""

    staff_id: int | None
    open: int
    late: int
    complaints: int
    closed: int


_LOADS = """
SELECT k.owner_id, count(*) FILTER (WHERE k.state = ANY(%s)) AS open,
  count(*) FILTER (WHERE k.state = ANY(%s) AND k.next_due_at <= %s),
  count(*) FILTER (WHERE k.state = ANY(%s) AND k.kind = 'complaint'),
  count(*) FILTER (WHERE k.closed_at >= %s AND k.closed_at < %s)
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
WHERE {where} GROUP BY 1 ORDER BY open DESC, 1
"""


def loads(asked: Asked) -> list[Load]:
    """SKL-7: the work of each person who answers for cases: open and late today, closed in the period."""
    is_open, period = list(OPEN), [asked.first, asked.end]
    scope, params = asked.where("{scope}")
    where = f"(k.state = ANY(%s) OR (k.closed_at >= %s AND k.closed_at < %s)) AND {scope}"
    with connection.cursor() as db:
        db.execute(
            _LOADS.format(where=where),
            [is_open, is_open, asked.now, is_open, *period, is_open, *period, *params],
        )
        return [Load(*row) for row in db.fetchall()]


@dataclass(frozen=True, slots=True)
class Department:
    """SKL-16: how one unit answered what was sent to it."""

    unit_id: int
    sent: int
    replied: int
    late: int
    waiting: int
    hours: float | None

    @property
    def name(self) -> str:
        """The unit's name."""
        return names.unit_name(self.unit_id)


_DEPARTMENTS = """
SELECT d.to_unit_id, count(*), count(d.replied_at), count(*) FILTER (WHERE d.replied_at > d.reply_due_at),
  count(*) FILTER (WHERE d.replied_at IS NULL),
  (avg(extract(epoch FROM d.replied_at - d.sent_at)) / 3600)::float
FROM accounts_dispatch d JOIN complaints_case k ON k.id = d.origin_id
JOIN accounts_customer c ON c.id = k.customer_id
WHERE d.origin_table = 'complaints_case' AND d.state <> 'withdrawn' AND k.state <> 'merged' AND {scope}
  AND d.sent_at >= %s AND d.sent_at < %s GROUP BY 1 ORDER BY 2 DESC, 1
"""


def departments(asked: Asked) -> list[Department]:
    """SKL-16: reply time of each department on cases sent to it in the period."""
    where, params = asked.where(_DEPARTMENTS)
    with connection.cursor() as db:
        db.execute(where, [*params, asked.first, asked.end])
        return [Department(*row) for row in db.fetchall()]


_LABELS = "SELECT id, code, {label} FROM complaints_category"


def category_labels(*, english: bool) -> dict[int, tuple[str, str]]:
    """Code and label of every category, also of those that are not given any more."""
    with connection.cursor() as db:
        db.execute(_LABELS.format(label="label_en" if english else "label_zh"))
        return {row[0]: (row[1], row[2]) for row in db.fetchall()}


def product_labels(product_ids: Sequence[int]) -> dict[int, str]:
    """Names of products."""
    with connection.cursor() as db:
        db.execute("SELECT id, name FROM accounts_product WHERE id = ANY(%s)", [list(product_ids)])
        return defaultdict(str, db.fetchall())
