"""Who owes what since when, how far asking for it has come, and what was said (SAL-23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.money_choices import DunningChannel, DunningResult, DunningStage, DunningState
from sales.usage_rules import left_of

ORDER = Keyset(("x.since", "x.customer_id"), 50, (date, int))
SHOWN = 24
"""Bills and calls that the page of one customer shows."""
_DEBTORS = """
SELECT c.id AS customer_id, c.name, c.tier_id, c.unit_id, c.manager_id, sum(b.amount - b.paid_amount) AS owed,
  count(*) AS bills, min(b.due_on) AS since, max(d.stage) AS stage, bool_and(d.state = 'promised') AS is_promised,
  min(d.promised_on) FILTER (WHERE d.state = 'promised') AS promised_on, min(d.next_on) AS next_on
FROM sales_dunningcase d JOIN sales_bill b ON b.id = d.bill_id JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.closed_on IS NULL AND {where} GROUP BY c.id
"""
_LAST = """
SELECT DISTINCT ON (a.customer_id) a.customer_id, a.at, a.channel, a.result FROM sales_dunningaction a
WHERE a.customer_id = ANY(%s) ORDER BY a.customer_id, a.at DESC, a.id DESC
"""
_BILLS = """
SELECT b.id, l.number, b.month, b.amount, b.due_on, b.paid_amount, b.paid_on, d.stage, d.state, d.promised_on, d.next_on
FROM sales_bill b LEFT JOIN accounts_line l ON l.id = b.line_id LEFT JOIN sales_dunningcase d ON d.bill_id = b.id
WHERE b.customer_id = %s ORDER BY b.paid_on IS NULL DESC, b.month DESC, b.id DESC LIMIT %s
"""
_ACTIONS = """
SELECT a.at, a.channel, a.stage, a.amount, a.result, a.promise_on, a.note, u.name FROM sales_dunningaction a
JOIN core_user u ON u.id = a.by_id WHERE a.customer_id = %s ORDER BY a.at DESC, a.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LastAction:
    """When a customer was last asked, and what came of it."""

    at: datetime
    channel: str
    result: str

    @property
    def words(self) -> str:
        """Both in words."""
        return f"{DunningChannel(self.channel).label} · {DunningResult(self.result).label}"


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer with what he owes past the due day."""

    customer_id: int
    name: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    owed: Decimal
    bills: int
    since: date
    stage: int
    is_promised: bool
    promised_on: date | None
    next_on: date | None
    last: LastAction | None = None

    @property
    def tier(self) -> TierView | None:
        """His tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Whose customer he is."""
        return names.staff_name(self.manager_id)

    @property
    def stage_label(self) -> str:
        """The furthest stage of his bills, in words."""
        return str(DunningStage(self.stage).label)


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill with where asking for it stands."""

    id: int
    line: str | None
    month: date
    amount: Decimal
    due_on: date
    paid_amount: Decimal
    paid_on: date | None
    stage: int | None
    state: str | None
    promised_on: date | None
    next_on: date | None

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return left_of(self.amount, self.paid_amount)

    @property
    def is_paid_in_part(self) -> bool:
        """Something is paid, something is open."""
        return self.paid_on is None and self.paid_amount > 0

    @property
    def stage_label(self) -> str:
        """The stage, in words."""
        return str(DunningStage(self.stage).label) if self.stage else ""

    @property
    def is_promised(self) -> bool:
        """Payment is promised for a day to come."""
        return self.state == DunningState.PROMISED


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One time a customer was asked."""

    at: datetime
    channel: str
    stage: int
    amount: Decimal
    result: str
    promise_on: date | None
    note: str
    by: str

    @property
    def channel_label(self) -> str:
        """How, in words."""
        return str(DunningChannel(self.channel).label)

    @property
    def icon(self) -> str:
        """Of the channel: ti-message-2 ti-phone ti-walk ti-mail ti-cash-off."""
        return {"message": "message-2", "call": "phone", "visit": "walk", "letter": "mail"}.get(
            self.channel, "cash-off"
        )

    @property
    def result_label(self) -> str:
        """What came of it, in words."""
        return str(DunningResult(self.result).label)


@dataclass(frozen=True, slots=True)
class ArrearsSum:
    """Over all in sight: what is owed, by how many, how many at each stage, how many have promised."""

    owed: Decimal
    customers: int
    stages: dict[int, int]
    promised: int


def _where(scope: Scope, filters: Mapping[str, Any]) -> tuple[str, list[Any]]:
    where, params = scope.sql("c")
    parts = [where]
    if "unit_ids" in filters:
        parts.append("c.unit_id = ANY(%s)")
        params = [*params, filters["unit_ids"]]
    if "manager_id" in filters:
        parts.append("c.manager_id = %s")
        params = [*params, filters["manager_id"]]
    if "q" in filters:
        parts.append("c.name ILIKE %s")
        params = [*params, f"%{filters['q']}%"]
    return " AND ".join(parts), params


def debtors(scope: Scope, filters: Mapping[str, Any], *, cursor: str = "") -> tuple[list[Debtor], str | None]:
    """(customers in arrears, whose debt is oldest first, cursor of the next page)."""
    where, params = _where(scope, filters)
    after, place = ORDER.where(cursor)
    parts = [after]
    if "stage" in filters:
        parts.append("x.stage = %s")
        place = [*place, filters["stage"]]
    if "is_promised" in filters:
        parts.append("x.is_promised")
    sql = f"SELECT x.* FROM ({_DEBTORS.format(where=where)}) x WHERE {' AND '.join(parts)}"
    with connection.cursor() as db:
        db.execute(f"{sql} ORDER BY {ORDER.order_sql} LIMIT %s", [*params, *place, ORDER.limit + 1])
        rows, following = ORDER.page(db.fetchall(), lambda row: (row[7], row[0]))
        db.execute(_LAST, [[row[0] for row in rows]])
        last = {row[0]: LastAction(*row[1:]) for row in db.fetchall()}
    return [Debtor(*[*row, last.get(row[0])]) for row in rows], following


def arrears_sum(scope: Scope, filters: Mapping[str, Any]) -> ArrearsSum:
    """What the figures over the list say: over the whole of it, whatever stage is looked at."""
    where, params = _where(scope, filters)
    sql = "SELECT x.stage, count(*), sum(x.owed), count(*) FILTER (WHERE x.is_promised)"
    with connection.cursor() as db:
        db.execute(f"{sql} FROM ({_DEBTORS.format(where=where)}) x GROUP BY 1", params)
        rows = db.fetchall()
    return ArrearsSum(
        sum((row[2] for row in rows), Decimal(0)),
        sum(row[1] for row in rows),
        {row[0]: row[1] for row in rows},
        sum(row[3] for row in rows),
    )


def bills_of(customer_id: int) -> list[BillRow]:
    """Bills of a customer who is in sight: the open ones first, then the newest."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, [customer_id, SHOWN])
        return [BillRow(*row) for row in cursor.fetchall()]


def actions_of(customer_id: int) -> list[ActionRow]:
    """When he was asked, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIONS, [customer_id, SHOWN])
        return [ActionRow(*row) for row in cursor.fetchall()]
