"""The rows of a bulk call: shape checked one by one, the rest is one set-based action, each row answered in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts import actions
from crm.core.api.problem import flatten, pointer
from crm.core.api.serializers import StrictSerializer
from crm.core.errors import FieldProblem
from crm.core.models import User

Answer = dict[str, Any]


class RowHead(StrictSerializer):
    """What identifies a row; its values are checked by the rules of the customer."""

    external_id = serializers.CharField(max_length=100)
    source = serializers.CharField(max_length=40, required=False)
    source_updated_at = serializers.DateTimeField(required=False)


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
    answers: list[Answer | None] = []
    good: list[actions.UpsertItem] = []
    for index, raw in enumerate(items):
        item, problems = _item(raw, source if is_own_source_only else "")
        if item is None:
            answers.append(_failed(index, raw, problems))
        else:
            answers.append(None)
            good.append(item)
    is_broken = is_atomic and len(good) < len(items)
    done = iter(
        actions.upsert_customers(
            items=good,
            source=source,
            by=by,
            now=now,
            atomic=is_atomic,
            dry_run=is_dry_run or is_broken,
            default_unit_id=unit_id,
        )
    )
    rows = [
        answer if answer is not None else _answer(index, raw, next(done))
        for index, (raw, answer) in enumerate(zip(items, answers, strict=True))
    ]
    is_kept = not is_dry_run and not (is_atomic and any(row["status"] == "failed" for row in rows))
    if not is_kept:
        for row in rows:
            if row["status"] == "created":
                row["id"] = row["version"] = None
    return rows, is_kept or is_dry_run


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
        "status": "failed",
        "id": None,
        "version": None,
        "proposed": [],
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
        "errors": [],
    }
