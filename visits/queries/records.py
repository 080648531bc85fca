"""Visits and duties as REST clients read them: value rows, codes instead of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.queries import names
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from visits.queries.catalogue import catalogue

Record = dict[str, Any]
VISIT_COLUMNS = (
    "v.id, v.customer_id, v.staff_id, v.manager_id, v.unit_id, v.party, v.channel_id, v.direction, v.outcome_id,"
    " v.occasion_id, v.kind, v.work_class, v.category, v.occurred_at, v.ended_at, v.logged_at, v.is_backdated,"
    " v.is_bulk, v.counts, v.place, v.content, v.result, v.next_step, v.next_on, v.mood, v.source, v.external_id,"
    " v.version, v.undone_at"
)
_VISITS = "FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id WHERE {where}"
VISIT_FILTERS = {
    "id": "v.id = %s",
    "ids": "v.id = ANY(%s)",
    "customer": "v.customer_id = %s",
    "staff_id": "v.staff_id = %s",
    "from": "v.occurred_on >= %s",
    "to": "v.occurred_on <= %s",
    "counts": "v.counts = %s",
}
_DUTIES = """
SELECT d.id, d.customer_id, d.purpose, d.starts_on, d.owed_from, d.due_on, d.suggested_on, d.manager_id,
    d.unit_id, d.tier_id, d.state, d.met_by_id, d.met_on, d.is_introduction, d.revision, d.frozen_at
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id WHERE {where}
"""
DUTY_FILTERS = {
    "customer": "d.customer_id = %s",
    "state": "d.state = %s",
    "purpose": "d.purpose = %s",
    "manager_id": "d.manager_id = %s",
    "due_from": "d.due_on >= %s",
    "due_by": "d.due_on <= %s",
}


def _number(staff_id: int | None) -> str | None:
    card = names.staff_card(staff_id)
    return card.number if card else None


def _visit(row: Sequence[Any]) -> Record:
    known = catalogue()
    occasion = known.occasions_by_id.get(row[9]) if row[9] else None
    return {
        "id": row[0],
        "customer": row[1],
        "staff": _number(row[2]),
        "manager": _number(row[3]),
        "unit": names.unit_code(row[4]),
        "party": row[5],
        "channel": known.channels_by_id[row[6]].code,
        "direction": row[7],
        "outcome": known.outcomes_by_id[row[8]].code,
        "occasion": occasion.code if occasion else None,
        **dict(
            zip(
                ("kind", "work_class", "category", "occurred_at", "ended_at", "logged_at", "is_backdated",
                 "is_bulk", "counts", "place", "content", "result", "next_step", "next_on", "mood", "source",
                 "external_id", "version"),
                row[10:28],
                strict=True,
            )
        ),
        "is_undone": row[28] is not None,
    }  # fmt: skip


def visit_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(visits by id, cursor of the next page); undone ones are there and say so."""
    clause = narrowed(scope.sql("c"), VISIT_FILTERS, filters)
    rows, following = rows_by_id(f"SELECT {VISIT_COLUMNS} {_VISITS}", "v.id", clause, cursor=cursor, limit=limit)
    return [_visit(row) for row in rows], following


def _duty(row: Sequence[Any]) -> Record:
    tier = names.tier(row[9])
    return {
        "id": row[0],
        "customer": row[1],
        "purpose": row[2],
        "starts_on": row[3],
        "owed_from": row[4],
        "due_on": row[5],
        "suggested_on": row[6],
        "manager": _number(row[7]),
        "unit": names.unit_code(row[8]),
        "tier": tier.code if tier else None,
        "state": row[10],
        "met_by": row[11],
        "met_on": row[12],
        "is_introduction": row[13],
        "revision": row[14],
        "is_frozen": row[15] is not None,
    }


def duty_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(duties by id, cursor of the next page); every revision is a row, the highest holds (decisions 2)."""
    clause = narrowed(scope.sql("c"), DUTY_FILTERS, filters)
    rows, following = rows_by_id(_DUTIES, "d.id", clause, cursor=cursor, limit=limit)
    return [_duty(row) for row in rows], following
