"""The rows of a bulk call: shape checked one by one, the rest is one set-based action, each row answered in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from rest_framework import serializers

from accounts import actions
from accounts.actions.wishes import REFERENCES
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS
from crm.core.api import lenient
from crm.core.api.problem import flatten, pointer
from crm.core.api.serializers import MomentField, StrictSerializer
from crm.core.errors import FieldProblem
from crm.core.models import User

Answer = dict[str, Any]
FAILED = "failed"
KNOWN = frozenset({"external_id", "source", "source_updated_at", *CUSTOMER_FIELDS, *PERSON_FIELDS, *REFERENCES})
"""Everything a row may say."""


_ID = re.compile(r"[\w.:/-]{1,100}")


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
    slim = [_slim(raw) if lenient.is_on() else (raw, None) for raw in items]
    head = RowHead()  # one for all rows: making its fields anew took a third of a call
    checked = [_item(raw, source if is_own_source_only else "", head) for raw, _left in slim]
    good = [item for item, _problems in checked if item is not None]
    is_lost = is_atomic and len(good) < len(items)
    done = iter(
        actions.upsert_customers(
            items=good, source=source, by=by, now=now, atomic=is_atomic, dry_run=is_dry_run or is_lost,
            default_unit_id=unit_id,
        )
    )  # fmt: skip
    rows = [
        (_failed(index, raw, problems) if item is None else _answer(index, raw, next(done))) | _left_out(left)
        for index, ((raw, left), (item, problems)) in enumerate(zip(slim, checked, strict=True))
    ]
    is_undone = is_atomic and any(row["status"] == FAILED for row in rows)
    return _unborn(rows) if is_dry_run or is_undone else rows, is_dry_run or not is_undone


def _left_out(names: list[str] | None) -> Answer:
    """What a lenient call names beside each row."""
    return {} if names is None else {"ignored_fields": names}


def _slim(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
    """(a row without the fields that nobody knows, these fields)."""
    left = [str(name)[:60] for name in raw if name not in KNOWN]
    found = {name: value for name, value in raw.items() if name in KNOWN}
    if isinstance(found.get("person"), Mapping):
        person = found["person"]
        left += [f"person.{str(name)[:50]}" for name in person if name not in PERSON_FIELDS]
        found["person"] = {name: value for name, value in person.items() if name in PERSON_FIELDS}
    return found, left


def _unborn(rows: Sequence[Answer]) -> list[Answer]:
    """Nothing was kept: what would have been created has no id."""
    gone = {"id": None, "version": None}
    return [row | gone if row["status"] == "created" else row for row in rows]


def _item(
    raw: Mapping[str, Any], own_source: str, head: RowHead
) -> tuple[actions.UpsertItem | None, list[FieldProblem]]:
    plain = _plain_item(raw, head)
    if plain is not None:
        return plain, []
    known = head.fields
    try:
        found = dict(head.run_validation({name: value for name, value in raw.items() if name in known}))
    except serializers.ValidationError as fault:
        wrong = {name: details_of(errors) for name, errors in cast("dict[str, Any]", fault.detail).items()}
        return None, list(flatten(wrong))
    if own_source and found.get("source", own_source) != own_source:
        return None, [FieldProblem("source", "not_found", "This client has another source.")]
    values = {name: value for name, value in raw.items() if name not in known}
    return actions.UpsertItem(values=values, **found), []


def _plain_item(raw: Mapping[str, Any], head: RowHead) -> actions.UpsertItem | None:
    """A row whose head says what nine in ten say, a plain id and perhaps a moment, without asking the whole head."""
    external_id = raw.get("external_id")
    if type(external_id) is not str or "source" in raw or not _ID.fullmatch(external_id):
        return None
    values = dict(raw)
    del values["external_id"]
    told = values.pop("source_updated_at", None)
    if told is None and "source_updated_at" in raw:
        return None
    try:
        moment = None if told is None else head.fields["source_updated_at"].run_validation(told)
    except serializers.ValidationError:
        return None
    return actions.UpsertItem(external_id, values, source_updated_at=moment)


def details_of(errors: Any) -> Any:
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
        **done.said,
        "id": done.customer.pk if done.customer else None,
        "version": done.customer.version if done.customer else None,
        "errors": [],
    }
