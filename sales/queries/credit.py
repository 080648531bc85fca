"""Credit accounts and the requests to change them (SAL-23, SAL-24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.money_choices import CreditChangeKind, CreditState, RequestState

LIMIT = "coalesce(a.limit, t.limit, %(without_tier)s)"
"""The limit of an account `a` of a customer whose tier's row is `t` (SAL-24)."""
ORDER = Keyset(("-x.used", "-x.customer_id"), 50, (Decimal, int))
WAITING_SHOWN = 50
_LIMIT_OF = f"""
SELECT {LIMIT} FROM accounts_customer c LEFT JOIN sales_creditaccount a ON a.customer_id = c.id
LEFT JOIN sales_tiercredit t ON t.tier_id = c.tier_id WHERE c.id = %(customer)s
"""
_ACCOUNTS = f"""
SELECT c.id AS customer_id, c.name, c.tier_id, c.unit_id, c.manager_id, {LIMIT} AS ceiling, a.limit IS NOT NULL,
  coalesce(a.extra, 0), a.extra_until, coalesce(a.used, 0) AS used, a.score, coalesce(a.state, 'good')
FROM accounts_customer c {{join}} sales_creditaccount a ON a.customer_id = c.id
LEFT JOIN sales_tiercredit t ON t.tier_id = c.tier_id WHERE {{where}}
"""
_CHANGES = """
SELECT h.id, c.id, c.name, c.tier_id, h.kind, h.old_limit, h.amount, h.until, h.reason, h.state, r.name,
  h.requested_by_id, h.requested_at, d.name, h.decided_at, h.remark, c.unit_id, c.manager_id
FROM sales_creditchange h JOIN accounts_customer c ON c.id = h.customer_id JOIN core_user r ON r.id = h.requested_by_id
LEFT JOIN core_user d ON d.id = h.decided_by_id WHERE {where} ORDER BY h.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One credit account; `ceiling` is the limit that holds, `is_own` says that it is not that of his tier."""

    customer_id: int
    name: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    ceiling: Decimal
    is_own: bool
    extra: Decimal
    extra_until: date | None
    used: Decimal
    score: int | None
    state: str

    @property
    def tier(self) -> TierView | None:
        """His tier."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Whose customer he is."""
        return names.staff_name(self.manager_id)

    @property
    def label(self) -> str:
        """How he stands, in words."""
        return str(CreditState(self.state).label)

    @property
    def share(self) -> int:
        """Per cent of what he may owe that is owed, for the bar."""
        whole = self.ceiling + self.extra
        return min(100, round(100 * self.used / whole)) if whole else (100 if self.used else 0)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One request to change a limit."""

    id: int
    customer_id: int
    name: str
    tier_id: int | None
    kind: str
    old_limit: Decimal
    amount: Decimal
    until: date | None
    reason: str
    state: str
    asker: str
    asker_id: int
    requested_at: datetime
    decider: str | None
    decided_at: datetime | None
    remark: str
    unit_id: int
    manager_id: int | None

    @property
    def tier(self) -> TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)

    @property
    def kind_label(self) -> str:
        """What is asked for, in words."""
        return str(CreditChangeKind(self.kind).label)

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(RequestState(self.state).label)

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided yet."""
        return self.state == RequestState.WAITING


def without_tier(today: date) -> Decimal:
    """The limit of customers without a tier."""
    return Decimal(parameters.value("credit_without_tier", today))


def limit_of(customer_id: int, today: date) -> Decimal:
    """The limit that holds for a customer: his own, else that of his tier."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMIT_OF, {"customer": customer_id, "without_tier": without_tier(today)})
        return Decimal(cursor.fetchone()[0])


def _named(scope: Scope) -> tuple[str, dict[str, Any]]:
    where, values = scope.sql("c")
    for place in range(len(values)):
        where = where.replace("%s", f"%(scope_{place})s", 1)
    return where, {f"scope_{place}": value for place, value in enumerate(values)}


def accounts(
    scope: Scope, filters: Mapping[str, Any], *, today: date, cursor: str = ""
) -> tuple[list[AccountRow], str | None]:
    """(credit accounts in sight, who owes most first, cursor of the next page)."""
    where, values = _named(scope)
    parts = [where]
    if "state" in filters:
        parts.append("a.state = %(state)s")
    if "unit_ids" in filters:
        parts.append("c.unit_id = ANY(%(unit_ids)s)")
    if "q" in filters:
        parts.append("c.name ILIKE %(like)s")
        values["like"] = f"%{filters['q']}%"
    after, place = ORDER.where(cursor)
    for number in range(len(place)):
        after = after.replace("%s", f"%(after_{number})s", 1)
    values |= {f"after_{number}": value for number, value in enumerate(place)}
    inner = _ACCOUNTS.format(join="JOIN", where=" AND ".join(parts))
    with connection.cursor() as db:
        db.execute(
            f"SELECT x.* FROM ({inner}) x WHERE {after} ORDER BY {ORDER.order_sql} LIMIT %(most)s",
            values | dict(filters) | {"without_tier": without_tier(today), "most": ORDER.limit + 1},
        )
        found = [AccountRow(*row) for row in db.fetchall()]
    rows, following = ORDER.page(found, lambda row: (row.used, row.customer_id))
    return list(rows), following


def account_of(scope: Scope, customer_id: int, today: date) -> AccountRow:
    """How one customer stands, whether he has an account yet or not; 404 out of sight."""
    where, values = _named(scope)
    sql = _ACCOUNTS.format(join="LEFT JOIN", where=f"{where} AND c.id = %(customer)s")
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"customer": customer_id, "without_tier": without_tier(today)})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return AccountRow(*row)


def changes_of(scope: Scope, customer_id: int) -> list[ChangeRow]:
    """What was asked for and decided for one customer, newest first."""
    return _changes(scope, "h.customer_id = %(customer)s", {"customer": customer_id})


def waiting_changes(scope: Scope) -> list[ChangeRow]:
    """What waits for a decision in a scope."""
    return _changes(scope, "h.state = 'waiting'", {})


def change_for(scope: Scope, change_id: int) -> ChangeRow:
    """One request in sight, or 404."""
    found = _changes(scope, "h.id = %(id)s", {"id": change_id})
    if not found:
        raise NotFound
    return found[0]


def _changes(scope: Scope, condition: str, about: Mapping[str, Any]) -> list[ChangeRow]:
    where, values = _named(scope)
    with connection.cursor() as cursor:
        sql = _CHANGES.format(where=f"{where} AND {condition}")
        cursor.execute(sql, values | dict(about) | {"most": WAITING_SHOWN})
        return [ChangeRow(*row) for row in cursor.fetchall()]
