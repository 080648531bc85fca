"""Rows by hundreds, each answered in order (sync-api "upsert many"): shapes, and the answer of a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from accounts.actions import books
from accounts.api.schemas import ROW_STATUS, BulkIn
from crm.core.api.problem import pointer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import problems

Described = serializers.Serializer[Any]


class SetRowErrorOut(Described):
    """One thing wrong with a row."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class SetRowOut(Described):
    """What came of one row."""

    index = serializers.IntegerField()
    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(ROW_STATUS)
    id = serializers.IntegerField(allow_null=True)
    errors = SetRowErrorOut(many=True)  # type: ignore[assignment] # declared fields are taken off the class


class SetRowsOut(Described):
    """What came of the rows, in order."""

    items = SetRowOut(many=True)


WRITTEN: dict[Any, Any] = {
    200: SetRowsOut,
    207: OpenApiResponse(SetRowsOut, description="Some rows failed; the others are done."),
    (422, "application/json"): OpenApiResponse(SetRowsOut, description="`atomic`: nothing was written."),
    **problems(400, 401, 403, 409, 413, 415, 422),
}
"""The documented answers of a call with rows."""


def written(request: ApiRequest, book: books.Book[Any]) -> Response:
    """Read `mode`, `dry_run` and `items`, put the rows into the book, answer each."""
    body = BulkIn(data=request.data)
    body.is_valid(raise_exception=True)
    items = body.validated_data["items"]
    is_dry, is_atomic = body.validated_data["dry_run"], body.validated_data["mode"] == "atomic"
    done, is_kept = books.upsert(book, items, atomic=is_atomic, dry_run=is_dry)
    rows = [answer(index, item, row) for index, (item, row) in enumerate(zip(items, done, strict=True))]
    if not any(row["status"] == books.FAILED for row in rows):
        return Response({"items": rows})
    return Response({"items": rows}, status=207 if is_kept or (is_dry and not is_atomic) else 422)


def answer(index: int, item: Mapping[str, Any], done: books.Done[Any]) -> dict[str, Any]:
    """One row's part of the answer."""
    external_id = item.get("external_id")
    found: Sequence[Any] = done.problems
    return {
        "index": index,
        "external_id": external_id if isinstance(external_id, str) else None,
        "status": done.status,
        "id": done.id,
        "errors": [
            {"pointer": f"/items/{index}{pointer(problem.field)}", "code": problem.code, "detail": str(problem)}
            for problem in found
        ],
    }
