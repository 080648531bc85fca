"""Cases as REST clients read them: value rows, codes and staff numbers instead of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.queries import names
from complaints.models import CaseEntry, CaseFile, CaseStep
from complaints.queries.cases import case_for, case_progress
from complaints.rules.cases import OPEN
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope

Record = dict[str, Any]
PLAIN = (
    "id", "number", "kind", "state", "level", "round", "customer", "channel", "category", "product", "order_type",
    "facts", "expectation", "happened_at", "numbers", "speaker_name", "received_at", "logged_at", "accepted_at",
    "first_reply_at", "first_action_at", "result", "reply_method", "replied_at", "is_resolved", "satisfaction",
    "judgement", "cause", "closed_at", "merged_into", "next_due_at", "is_breached", "caused_by", "told_in",
    "from_case", "source", "external_id", "version",
)  # fmt: skip
_CASES = """
SELECT k.id, k.number, k.kind, k.state, k.level, k.round, k.customer_id, k.channel, g.code, p.code, o.code,
    k.facts, k.expectation, k.happened_at, k.numbers, k.speaker_name, k.received_at, k.logged_at, k.accepted_at,
    k.first_reply_at, k.first_action_at, k.result, k.reply_method, k.replied_at, k.is_resolved, k.satisfaction,
    k.judgement, k.cause, k.closed_at, k.merged_into_id, k.next_due_at, k.is_breached, k.caused_by_id, k.told_in_id,
    k.from_case_id, k.external_source, k.external_id, k.version, k.manager_id, k.owner_id, k.unit_id
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
LEFT JOIN complaints_category g ON g.id = k.category_id LEFT JOIN accounts_product p ON p.id = k.product_id
LEFT JOIN complaints_ordertype o ON o.id = k.order_type_id
WHERE {where}
"""
FILTERS = {
    "id": "k.id = %s",
    "ids": "k.id = ANY(%s)",
    "customer": "k.customer_id = %s",
    "kind": "k.kind = %s",
    "state": "k.state = %s",
    "level": "k.level = %s",
    "owner_id": "k.owner_id = %s",
    "manager_id": "k.manager_id = %s",
    "received_from": "k.received_at >= %s",
    "received_to": "k.received_at < %s",
    "is_breached": "k.is_breached = %s",
    "external_id": "k.external_id = %s",
}


def case_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(cases by id, cursor of the next page); `is_open` asks for those somebody works on, or for the others."""
    given = {name: value for name, value in filters.items() if name != "is_open"}
    where, params = narrowed(scope.sql("c"), FILTERS, given)
    if "is_open" in filters:
        where += f" AND {'' if filters['is_open'] else 'NOT '}k.state = ANY(%s)"
        params.append(list(OPEN))
    rows, following = rows_by_id(_CASES, "k.id", (where, params), cursor=cursor, limit=limit)
    return [_record(row) for row in rows], following


def _record(row: Sequence[Any]) -> Record:
    plain = dict(zip(PLAIN, row, strict=False))
    manager_id, owner_id, unit_id = row[len(PLAIN) :]
    return plain | {"manager": number_of(manager_id), "owner": number_of(owner_id), "unit": names.unit_code(unit_id)}


def number_of(staff_id: int | None) -> str | None:
    """A staff number; null for nobody."""
    card = names.staff_card(staff_id)
    return card.number if card else None


def case_record(access: Access, case_id: int, *, now: datetime) -> Record:
    """One case with its clocks, the steps on record, and the deeds that the caller may do; 404 out of sight."""
    records, _next = case_records(access.scope_for("view_cases"), filters={"id": case_id}, limit=1)
    if not records:
        raise NotFound
    progress = case_progress(access, case_id, now=now)
    return records[0] | {
        "allowed": sorted(progress.allowed),
        "done_steps": sorted(progress.done_steps),
        "next_step": progress.next_step,
        "order_steps": [
            {"position": row.position, "code": row.code, "done_at": row.done_at} for row in progress.order_steps
        ],
        "clocks": [
            {"round": row.round, "kind": row.kind, "turn": row.turn, "state": row.state, "started_at": row.started_at,
             "due_at": row.due_at, "remaining_seconds": row.remaining_seconds, "stopped_at": row.stopped_at}
            for row in progress.clocks
        ],
    }  # fmt: skip


def step_records(access: Access, case_id: int) -> list[Record]:
    """The steps of all rounds of a case in sight."""
    case_for(access, case_id)
    rows = CaseStep.unscoped.filter(case_id=case_id).select_related("done_by").order_by("round", "step")
    return [step_record(row) for row in rows]


def step_record(row: CaseStep) -> Record:
    """One step."""
    return {
        "round": row.round,
        "step": row.step,
        "data": row.data,
        "done_at": row.done_at,
        "done_by": row.done_by.username,
    }


def entry_records(access: Access, case_id: int, *, limit: int = 500) -> list[Record]:
    """The conversation of a case in sight, oldest first; of a long one the last lines."""
    case_for(access, case_id)
    rows = CaseEntry.unscoped.filter(case_id=case_id).select_related("by").order_by("-pk")[:limit]
    return [entry_record(row) for row in reversed(rows)]


def entry_record(row: CaseEntry) -> Record:
    """One line; of a change its code and values."""
    values = {name: value for name, value in row.params.items() if name != "v"}
    return {
        "id": row.pk, "round": row.round, "kind": row.kind, "text": row.text, "code": row.code, "params": values,
        "method": row.method, "phrases": list(row.phrases), "at": row.at, "by": row.by.username if row.by else None,
    }  # fmt: skip


def file_records(access: Access, case_id: int) -> list[Record]:
    """The files of a case in sight."""
    case_for(access, case_id)
    rows = CaseFile.unscoped.filter(case_id=case_id).select_related("attachment", "by").order_by("pk")
    return [file_record(row) for row in rows]


def file_record(row: CaseFile) -> Record:
    """One file, without its content."""
    return {
        "id": row.pk, "name": row.attachment.name, "content_type": row.attachment.content_type,
        "size": row.attachment.size, "added_at": row.added_at, "by": row.by.username,
    }  # fmt: skip


def file_for(access: Access, case_id: int, file_id: int) -> CaseFile:
    """A file of a case in sight, for streaming; 404 for any other."""
    case_for(access, case_id)
    row = CaseFile.unscoped.filter(pk=file_id, case_id=case_id).select_related("attachment").first()
    if row is None:
        raise NotFound
    return row
