"""Enrolments: the list with its filters, one of them, and as machines read them (ENG-5, ENG-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.queries.customer_list import search_condition
from accounts.queries.names import TierView
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.pages import COUNT_CAP, Count, Keyset
from crm.core.scope import Scope
from engagement.models import PolicyEnrolment
from engagement.queries.policies import RUNNING, Standing, in_words

LIMIT = 50
STATES: dict[str, str] = {
    "running": RUNNING.format(day="%(today)s"),
    "expiring": "e.starts_on <= %(today)s AND e.ends_on BETWEEN %(today)s AND %(until)s",
    "unused": f"{RUNNING.format(day='%(today)s')} AND e.used_on IS NULL",
    "planned": "e.starts_on > %(today)s",
    "ended": "e.ends_on < %(today)s",
}
"""What can be asked about an enrolment `e` (ENG-7)."""


def expiring_days(today: date) -> int:
    """ENG-7: how long before its end a policy is on the list."""
    return int(parameters.value("policy_expiring_days", today))


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One enrolment on the list."""

    id: int
    customer_id: int
    name: str
    number: str
    tier: TierView | None
    manager: str
    unit: str
    policy_id: int
    policy: str
    kind: str
    starts_on: date
    ends_on: date | None
    used_on: date | None
    note: str
    standing: Standing
    manager_id: int | None
    unit_id: int


_STANDING = f"""CASE WHEN {STATES["running"]} THEN 'running' WHEN {STATES["planned"]} THEN 'planned' ELSE 'ended' END"""
_ROWS = f"""
SELECT e.id, c.id, c.name, c.number, c.tier_id, c.manager_id, c.unit_id, p.id, p.label_zh, p.label_en, p.kind,
  e.starts_on, e.ends_on, e.used_on, e.note, {_STANDING}
FROM engagement_policyenrolment e JOIN accounts_customer c ON c.id = e.customer_id
JOIN engagement_servicepolicy p ON p.id = e.policy_id
WHERE {{where}} ORDER BY {{order}} LIMIT %(limit)s
"""
_NAMED: dict[str, str] = {
    "policy_id": "e.policy_id = %(policy_id)s",
    "kind": "p.kind = %(kind)s",
    "unit_ids": "c.unit_id = ANY(%(unit_ids)s)",
    "manager_id": "c.manager_id = %(manager_id)s",
    "id": "e.id = %(id)s",
}


def enrolments(
    scope: Scope,
    today: date,
    *,
    filters: Mapping[str, Any],
    state: str = "",
    search: str = "",
    cursor: str = "",
    limit: int = LIMIT,
) -> tuple[list[EnrolmentRow], str]:
    """The list: the next to end first when one asks what ends, the newest first otherwise; one statement."""
    ending = state == "expiring"
    keyset = Keyset(("e.ends_on", "e.id"), limit, (date, int)) if ending else Keyset(("-e.id",), limit, (int,))
    parts, params = _conditions(scope, filters, state, search)
    after, place = keyset.where(cursor)
    for position, value in enumerate(place):
        after = after.replace("%s", f"%(_after{position})s", 1)
        params[f"_after{position}"] = value
    params |= {"today": today, "until": today + timedelta(days=expiring_days(today)), "limit": limit + 1}
    sql = _ROWS.format(where=" AND ".join([*parts, after]), order=keyset.order_sql)
    with connection.cursor() as db:
        db.execute(sql, params)
        rows, following = keyset.page(db.fetchall(), lambda row: (row[12], row[0]) if ending else (row[0],))
    return [_row(row) for row in rows], following or ""


def count_expiring(scope: Scope, today: date) -> Count:
    """ENG-7: how many end soon among the customers in sight, counted no further than 10,000."""
    parts, params = _conditions(scope, {}, "expiring", "")
    params |= {"today": today, "until": today + timedelta(days=expiring_days(today)), "most": COUNT_CAP + 1}
    with connection.cursor() as db:
        db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM engagement_policyenrolment e"
            f" JOIN accounts_customer c ON c.id = e.customer_id WHERE {' AND '.join(parts)} LIMIT %(most)s) k",
            params,
        )
        number = int(db.fetchone()[0])
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def _conditions(scope: Scope, filters: Mapping[str, Any], state: str, search: str) -> tuple[list[str], dict[str, Any]]:
    mine, values = scope.sql("c")
    params: dict[str, Any] = {}
    parts = [_marked(mine, values, params, "_mine")]
    for name, value in filters.items():
        parts.append(_NAMED[name])
        params[name] = value
    if state:
        parts.append(STATES[state])
    if search:
        found, own = search_condition(search, scope)
        parts.append(_marked(found, own, params, "_found"))
    return parts, params


def _marked(sql: str, values: Sequence[Any], params: dict[str, Any], prefix: str) -> str:
    """A condition with numbered marks as one with named marks."""
    for position, value in enumerate(values):
        sql = sql.replace("%s", f"%({prefix}{position})s", 1)
        params[f"{prefix}{position}"] = value
    return sql


def _row(row: Sequence[Any]) -> EnrolmentRow:
    (
        pk, customer_id, name, number, tier_id, manager_id, unit_id, policy_id, label_zh, label_en, kind,
        starts_on, ends_on, used_on, note, standing,
    ) = row  # fmt: skip
    return EnrolmentRow(
        pk, customer_id, name, number, names.tier(tier_id), names.staff_name(manager_id), names.unit_name(unit_id),
        policy_id, in_words(label_zh, label_en), kind, starts_on, ends_on, used_on, note, standing, manager_id, unit_id,
    )  # fmt: skip


def enrolment_for(scope: Scope, enrolment_id: int) -> PolicyEnrolment:
    """One enrolment of a customer in sight, or 404."""
    rows = PolicyEnrolment.visible_to(scope).select_related("customer", "policy", "enrolled_by", "ended_by")
    row = rows.filter(pk=enrolment_id).first()
    if row is None:
        raise NotFound
    return row
