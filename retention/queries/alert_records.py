"""Alerts and save cases as REST clients read them: value rows, codes and staff numbers instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from accounts.queries import names
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from retention.queries.saving_measures import ATTEMPTED

Record = dict[str, Any]
ALERT_FIELDS = (
    "id", "customer", "trigger", "signal", "level", "state", "points", "probability", "model", "is_on_old_data",
    "is_control", "opened_at", "due_at", "first_action_at", "snoozed_until", "proposal", "outcome", "outcome_reason",
    "closed_at", "version", "reasons",
)  # fmt: skip
_ALERTS = """
SELECT a.id, a.customer_id, a.trigger, g.kind, a.level, a.state, a.points, a.probability, a.model_id, a.is_on_old_data,
  a.is_control, a.opened_at, a.due_at, a.first_action_at, a.snoozed_until, a.proposal, a.outcome, a.outcome_reason,
  a.closed_at, a.version, a.reasons::text, c.manager_id, c.unit_id
FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN accounts_signal g ON g.id = a.signal_id
WHERE {where}
"""
ALERT_FILTERS = {
    "id": "a.id = %s",
    "ids": "a.id = ANY(%s)",
    "customer": "a.customer_id = %s",
    "level": "a.level = %s",
    "state": "a.state = %s",
    "trigger": "a.trigger = %s",
    "outcome": "a.outcome = %s",
    "is_open": "(a.closed_at IS NULL) = %s",
    "manager_id": "c.manager_id = %s",
    "unit_ids": "c.unit_id = ANY(%s)",
    "opened_from": "a.opened_at >= %s::date::timestamp AT TIME ZONE 'Asia/Shanghai'",
}
CASE_FIELDS = (
    "id", "customer", "alert", "state", "requested_at", "cause", "words", "competitor", "closed_at", "result_note",
    "confirm_on", "is_confirmed", "confirmed_on", "is_attempted", "version",
)  # fmt: skip
_CASES = f"""
SELECT k.id, k.customer_id, k.alert_id, k.state, k.requested_at, k.cause, k.words, p.code, k.closed_at, k.result_note,
  k.confirm_on, k.is_confirmed, k.confirmed_on, {ATTEMPTED}, k.version,
  (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'policy', s.code, 'text', o.text, 'cost', o.cost::text, 'limit',
    o.limit::text, 'state', o.state, 'offered_at', o.offered_at, 'decided_at', o.decided_at, 'answered_at',
    o.answered_at) ORDER BY o.id) FROM retention_saveoffer o
    LEFT JOIN engagement_servicepolicy s ON s.id = o.policy_id WHERE o.case_id = k.id)::text,
  c.manager_id, c.unit_id
FROM retention_savecase k JOIN accounts_customer c ON c.id = k.customer_id
LEFT JOIN retention_competitor p ON p.id = k.competitor_id
WHERE {{where}}
"""
CASE_FILTERS = {
    "id": "k.id = %s",
    "ids": "k.id = ANY(%s)",
    "customer": "k.customer_id = %s",
    "state": "k.state = %s",
    "cause": "k.cause = %s",
    "is_confirmed": "k.is_confirmed = %s",
    "manager_id": "c.manager_id = %s",
    "unit_ids": "c.unit_id = ANY(%s)",
    "requested_from": "k.requested_at >= %s::date::timestamp AT TIME ZONE 'Asia/Shanghai'",
}


def alert_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(alerts by id, cursor of the next page) of customers in sight; the reasons with points, value and date (T13)."""
    rows, following = rows_by_id(
        _ALERTS, "a.id", narrowed(scope.sql("c"), ALERT_FILTERS, filters), cursor=cursor, limit=limit
    )
    records = []
    for row in rows:
        *plain, reasons, manager_id, unit_id = row
        told = [
            {"code": code, "points": points, "value": value, "on": day}
            for code, points, value, day in orjson.loads(reasons)
        ]
        records.append(dict(zip(ALERT_FIELDS, [*plain, told], strict=True)) | _whose(manager_id, unit_id))
    return records, following


def save_case_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(save cases by id, cursor of the next page) of customers in sight, each with its offers."""
    rows, following = rows_by_id(
        _CASES, "k.id", narrowed(scope.sql("c"), CASE_FILTERS, filters), cursor=cursor, limit=limit
    )
    records = []
    for row in rows:
        *plain, offers, manager_id, unit_id = row
        found = dict(zip(CASE_FIELDS, plain, strict=True)) | {"offers": orjson.loads(offers) if offers else []}
        records.append(found | _whose(manager_id, unit_id))
    return records, following


def _whose(manager_id: int | None, unit_id: int) -> Record:
    card = names.staff_card(manager_id)
    return {"manager": card.number if card else None, "unit": names.unit_code(unit_id)}
