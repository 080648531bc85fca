"""The rows of a bulk call: shape checked one by one, the rest is one set-based action, each row answered in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts import actions
from crm.core.api.problem import flatten, pointer
from crm.core.api.serializers import MomentField, StrictSerializer
from crm.core.errors import FieldProblem
from crm.core.models import User

Answer = dict[str, Any]
FAILED = "failed"


class RowHead(StrictSerializer):
    """What identifies a row; its values are checked by the rules of the customer."""

    external_id = serializers.CharField(max_length=100)
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment] # declared fields are taken off the class
    source_updated_at = MomentField(required=False)


def bulk_answers(
    items: Sequence[Mapping[str, Any]],
    *,
    source: str,
    is_own_source_only: bool,
    is_atomic: bool,
    is_dry_run: bool,
    by: User,
    now: datetime,
    unit_id: int | None,
) -> tuple[list[Answer], bool]:
    """(one answer per row in order, whether anything was kept)."""
    checked = [_item(raw, source if is_own_source_only else "") for raw in items]
    good = [item for item, _problems in checked if item is not None]
    done = iter(
        actions.upsert_customers(
            items=good,
            source=source,
            by=by,
            now=now,
            atomic=is_atomic,
            dry_run=is_dry_run or (is_atomic and len(good) < len(items)),
            default_unit_id=unit_id,
        )
    )
    rows = [
        _failed(index, raw, problems) if item is None else _answer(index, raw, next(done))
        for index, (raw, (item, problems)) in enumerate(zip(items, checked, strict=True))
    ]
    is_undone = is_atomic and any(row["status"] == FAILED for row in rows)
    return _unborn(rows) if is_dry_run or is_undone else rows, is_dry_run or not is_undone


def _unborn(rows: Sequence[Answer]) -> list[Answer]:
    """Nothing was kept: what would have been created has no id."""
    gone = {"id": None, "version": None}
    return [row | gone if row["status"] == "created" else row for row in rows]


def _item(raw: Mapping[str, Any], own_source: str) -> tuple[actions.UpsertItem | None, list[FieldProblem]]:
    known = RowHead().fields
    head = RowHead(data={name: value for name, value in raw.items() if name in known})
    if not head.is_valid():
        return None, list(flatten({name: _details(errors) for name, errors in head.errors.items()}))
    found = dict(head.validated_data)
    if own_source and found.get("source", own_source) != own_source:
        return None, [FieldProblem("source", "not_found", "This client has another source.")]
    values = {name: value for name, value in raw.items() if name not in known}
    return actions.UpsertItem(values=values, **found), []


def _details(errors: Any) -> Any:
    return [{"message": str(error), "code": getattr(error, "code", "invalid")} for error in errors]


def _failed(index: int, raw: Mapping[str, Any], problems: Sequence[FieldProblem]) -> Answer:
    external_id = raw.get("external_id")
    return {
        "index": index,
        "external_id": external_id if isinstance(external_id, str) else None,
        "status": FAILED,
        "id": None,
        "version": None,
        "proposed": [],
        "not_owned": [],
        "kept": [],
        "errors": [
            {"pointer": f"/items/{index}{pointer(problem.field)}", "code": problem.code, "detail": str(problem)}
            for problem in problems
        ],
    }


def _answer(index: int, raw: Mapping[str, Any], done: actions.Upserted) -> Answer:
    if done.error is not None:
        return _failed(index, raw, done.problems)
    return {
        "index": index,
        "external_id": raw["external_id"],
        "status": done.status,
        "id": done.customer.pk if done.customer else None,
        "version": done.customer.version if done.customer else None,
        "proposed": list(done.proposed),
        "not_owned": list(done.not_owned),
        "kept": list(done.kept),
        "errors": [],
    }
