"""Rows by hundreds, each answered in order (sync-api "upsert many"): shapes, and the answer of a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.response import Response

from accounts.actions import books
from accounts.api.schemas import ROW_STATUS, BulkIn
from crm.core.api import lenient
from crm.core.api.filters import read_parameters
from crm.core.api.problem import pointer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, problems
from crm.core.api.views import idempotent
from crm.core.errors import Conflict, Invalid

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
    ignored_fields = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Only with `Prefer: handling=lenient`."
    )
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


def one_or_many(one: Any, many: Any, record: Any, name: str) -> dict[str, Any]:
    """Description of a call that takes one record, or many under `items`."""
    bodies = PolymorphicProxySerializer(component_name=name, serializers=[one, many], resource_type_field_name=None)
    done = PolymorphicProxySerializer(
        component_name=f"{name}Answer", serializers=[record, SetRowsOut], resource_type_field_name=None
    )
    answers = WRITTEN | {
        200: OpenApiResponse(done, description="Told before; or the answers of the rows."),
        201: OpenApiResponse(record, description="One record, new."),
    }
    return {"request": bodies, "parameters": [IDEMPOTENCY_KEY], "responses": answers}


def source_of(request: ApiRequest) -> str:
    """The source a client writes under; what a person tells is told by hand."""
    return getattr(request.auth, "source", "") or books.MANUAL


def writer_of(request: ApiRequest, ability: str) -> dict[str, Any]:
    """Under whose name, where and when rows are written: what every book asks."""
    scope = request.user.access.scope_for(ability)
    return {"source": source_of(request), "scope": scope, "by": request.user, "now": timezone.now()}


def told(request: ApiRequest, book: Callable[..., books.Book[Any]], ability: str) -> Response:
    """The rows of a bulk call, put into the book once per Idempotency-Key."""
    read_parameters(request, {})
    return idempotent(request, lambda: written(request, book(**writer_of(request, ability))))


def written(request: ApiRequest, book: books.Book[Any]) -> Response:
    """Read `mode`, `dry_run` and `items`, put the rows into the book, answer each."""
    body = BulkIn(data=request.data)
    body.is_valid(raise_exception=True)
    items = body.validated_data["items"]
    is_dry, is_atomic = body.validated_data["dry_run"], body.validated_data["mode"] == "atomic"
    done, is_kept = books.upsert(book, items, atomic=is_atomic, dry_run=is_dry, lenient=lenient.is_on())
    rows = [answer(index, item, row) for index, (item, row) in enumerate(zip(items, done, strict=True))]
    if not any(row["status"] == books.FAILED for row in rows):
        return Response({"items": rows})
    return Response({"items": rows}, status=207 if is_kept or (is_dry and not is_atomic) else 422)


def answer(index: int, item: Mapping[str, Any], done: books.Done[Any]) -> dict[str, Any]:
    """One row's part of the answer."""
    external_id = item.get("external_id")
    found: Sequence[Any] = done.problems
    ignored = {"ignored_fields": list(done.ignored)} if lenient.is_on() else {}
    return ignored | {
        "index": index,
        "external_id": external_id if isinstance(external_id, str) else None,
        "status": done.status,
        "id": done.id,
        "errors": [
            {"pointer": f"/items/{index}{pointer(problem.field)}", "code": problem.code, "detail": str(problem)}
            for problem in found
        ],
    }


IN_CONFLICT = frozenset(
    {"taken", "number_taken", "reverse_the_event", "reversed", "is_a_reversal", "later_event", "not_in_service"}
)
"""Refusals that what is stored gives rise to (409); others are wrong input (400)."""


def is_list(request: ApiRequest) -> bool:
    """Whether the body brings many under `items`; otherwise it is one record itself."""
    return isinstance(request.data, Mapping) and "items" in request.data


def one_written(given: Any, book: books.Book[Any], record_of: Callable[[int], Mapping[str, Any]]) -> Response:
    """Put the one record of the body into the book: 201 when it is new, 200 when it was told before."""
    if not isinstance(given, Mapping):
        raise Invalid(_("The body must be an object."), code="invalid_type")
    (done,), _kept = books.upsert(book, [given], lenient=lenient.is_on())
    for name in done.ignored:
        lenient.note(name)
    if done.status == books.FAILED:
        conflict = next((problem for problem in done.problems if problem.code in IN_CONFLICT), None)
        if conflict is not None:
            raise Conflict(str(conflict), code=conflict.code, field=conflict.field)
        raise Invalid(errors=done.problems)
    return Response(record_of(done.id or 0), status=201 if done.status == books.CREATED else 200)
