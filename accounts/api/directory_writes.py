"""`units` and `staff`, written by code and staff number, one or many (`directory:write`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.actions.books import FAILED
from accounts.actions.directory import Teller, Told, tell_many, tell_staff, tell_unit
from accounts.api import directory_schemas as schemas
from accounts.api.bulk import details_of
from accounts.api.directory import StaffDetail, UnitDetail
from accounts.api.schemas import BulkIn
from accounts.queries import directory
from crm.core.api import lenient
from crm.core.api.filters import read_parameters
from crm.core.api.problem import flatten, pointer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, IF_MATCH, problems
from crm.core.api.serializers import StrictSerializer
from crm.core.api.views import Route, etag, expected_version, idempotent, precondition_failed
from crm.core.errors import Conflict, FieldProblem, Invalid

WRITE = "directory:write"
ONE: tuple[int, ...] = (400, 401, 403, 404, 409, 412, 413, 415, 422)


def _answers(shape: Any) -> dict[Any, Any]:
    return {200: shape, 201: OpenApiResponse(shape, description="Created."), **problems(*ONE)}


def _kept(shape: type[StrictSerializer], request: ApiRequest) -> dict[str, Any]:
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    if request.method == "PUT" and not body.validated_data:
        # A call that lost its body must not empty the record.
        raise Invalid("Replace by what? The body is empty.", code="required")
    return dict(body.validated_data)


def _written(request: ApiRequest, tell: Callable[[Teller], Told], record_of: Callable[[], Any]) -> Response:
    """Tell one; the answer holds it as it is now. 412 when it is newer than the caller's copy."""
    teller = Teller(request.user, timezone.now(), request.method == "PUT", expected_version(request))
    try:
        told = tell(teller)
    except Conflict as conflict:
        if "version" in conflict.current:
            raise precondition_failed(record_of()) from conflict
        raise
    record = record_of()
    status = 201 if told.status == "created" else 200
    body = {"status": told.status, "record": record}
    return Response(body, status=status, headers={"ETag": etag(record["version"])})


class UnitWrite(UnitDetail):
    """One unit by its code: read, merged, replaced."""

    abilities = {**UnitDetail.abilities, "PUT": "manage_units", "PATCH": "manage_units"}
    token_scopes = {**UnitDetail.token_scopes, "PUT": WRITE, "PATCH": WRITE}

    @extend_schema(
        operation_id="units_update",
        request=schemas.UnitIn,
        parameters=[IF_MATCH],
        responses=_answers(schemas.UnitWriteOut),
    )
    def patch(self, request: ApiRequest, code: str) -> Response:
        """Merge: missing fields stay; created when absent. A new parent moves everything below it."""
        return self._put_down(request, code)

    @extend_schema(
        operation_id="units_replace",
        request=schemas.UnitIn,
        parameters=[IF_MATCH],
        responses=_answers(schemas.UnitWriteOut),
    )
    def put(self, request: ApiRequest, code: str) -> Response:
        """Replace; created when absent."""
        return self._put_down(request, code)

    def _put_down(self, request: ApiRequest, code: str) -> Response:
        read_parameters(request, {})
        values = _kept(schemas.UnitIn, request)
        return _written(request, lambda teller: tell_unit(code, values, teller), lambda: _unit(request, code))


class StaffWrite(StaffDetail):
    """One colleague by staff number: read, merged, replaced."""

    abilities = {**StaffDetail.abilities, "PUT": "manage_staff", "PATCH": "manage_staff"}
    token_scopes = {**StaffDetail.token_scopes, "PUT": WRITE, "PATCH": WRITE}

    @extend_schema(
        operation_id="staff_update",
        request=schemas.StaffIn,
        parameters=[IF_MATCH],
        responses=_answers(schemas.StaffWriteOut),
    )
    def patch(self, request: ApiRequest, number: str) -> Response:
        """Merge: missing fields stay; created when absent, without a sign-in unless asked for."""
        return self._put_down(request, number)

    @extend_schema(
        operation_id="staff_replace",
        request=schemas.StaffIn,
        parameters=[IF_MATCH],
        responses=_answers(schemas.StaffWriteOut),
    )
    def put(self, request: ApiRequest, number: str) -> Response:
        """Replace; created when absent."""
        return self._put_down(request, number)

    def _put_down(self, request: ApiRequest, number: str) -> Response:
        read_parameters(request, {})
        values = _kept(schemas.StaffIn, request)
        return _written(request, lambda teller: tell_staff(number, values, teller), lambda: _member(request, number))


def _unit(request: ApiRequest, code: str) -> dict[str, Any]:
    scope = request.user.access.scope_for("manage_units")
    return directory.unit_rows(scope, filters={"code": code}, cursor="", limit=1)[0][0]


def _member(request: ApiRequest, number: str) -> dict[str, Any]:
    scope = request.user.access.scope_for("manage_staff")
    return directory.staff_rows(scope, filters={"number": number}, cursor="", limit=1)[0][0]


class DirectoryBulk(Route):
    """Up to 1,000 units or colleagues in one call, each row answered."""

    key: ClassVar[str]
    shape: ClassVar[type[StrictSerializer]]
    tell: Callable[[str, Mapping[str, Any], Teller], Told]
    """One row."""
    bulk_methods = frozenset({"POST"})

    def told(self, request: ApiRequest) -> Response:
        """The rows of a call."""
        read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        body = BulkIn(data=request.data)
        body.is_valid(raise_exception=True)
        items = body.validated_data["items"]
        is_dry, is_atomic = body.validated_data["dry_run"], body.validated_data["mode"] == "atomic"
        checked = [self._checked(item) for item in items]
        good = [(row.pop(self.key), row) for row, _problems, _left in checked if row is not None]
        is_lost = is_atomic and len(good) < len(items)
        teller = Teller(request.user, timezone.now())
        done, is_kept = tell_many(self.tell, good, teller, atomic=is_atomic, dry_run=is_dry or is_lost)
        answers = iter(done)
        rows = [
            self._answer(index, item, Told(FAILED, error=Invalid(errors=wrong)) if row is None else next(answers), left)
            for index, (item, (row, wrong, left)) in enumerate(zip(items, checked, strict=True))
        ]
        if not is_kept:
            rows = [row | ({"id": None} if row["status"] == "created" else {}) for row in rows]
        failed = any(row["status"] == FAILED for row in rows)
        return Response({"items": rows}, status=200 if not failed else 422 if is_atomic else 207)

    def _checked(self, item: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[FieldProblem], list[str]]:
        row = self.shape(data=item)
        if row.is_valid():
            return dict(row.validated_data), [], row.ignored_fields
        wrong = flatten({name: details_of(errors) for name, errors in row.errors.items()})
        return None, list(wrong), row.ignored_fields

    def _answer(self, index: int, item: Mapping[str, Any], told: Told, left: list[str]) -> dict[str, Any]:
        key = item.get(self.key)
        wrong = told.error.problems if told.error else []
        return ({"ignored_fields": left} if lenient.is_on() else {}) | {
            "index": index,
            "key": key if isinstance(key, str) else None,
            "status": told.status,
            "id": told.row.pk if told.row else None,
            "errors": [
                {"pointer": f"/items/{index}{pointer(problem.field)}", "code": problem.code, "detail": str(problem)}
                for problem in wrong
            ],
        }


ROWS: dict[Any, Any] = {
    200: schemas.DirectoryRowsOut,
    207: OpenApiResponse(schemas.DirectoryRowsOut, description="Some rows failed; the others are done."),
    (422, "application/json"): OpenApiResponse(schemas.DirectoryRowsOut, description="`atomic`: nothing was written."),
    **problems(400, 401, 403, 409, 413, 415, 422),
}


class UnitBulk(DirectoryBulk):
    """Units of the directory."""

    abilities = {"POST": "manage_units"}
    token_scopes = {"POST": WRITE}
    key, shape, tell = "code", schemas.UnitRowIn, staticmethod(tell_unit)

    @extend_schema(operation_id="units_bulk", request=schemas.UnitRowsIn, parameters=[IDEMPOTENCY_KEY], responses=ROWS)
    def post(self, request: ApiRequest) -> Response:
        """Upsert units by `code`; who is not named stays as it is."""
        return self.told(request)


class StaffBulk(DirectoryBulk):
    """Staff of the directory."""

    abilities = {"POST": "manage_staff"}
    token_scopes = {"POST": WRITE}
    key, shape, tell = "number", schemas.StaffRowIn, staticmethod(tell_staff)

    @extend_schema(operation_id="staff_bulk", request=schemas.StaffRowsIn, parameters=[IDEMPOTENCY_KEY], responses=ROWS)
    def post(self, request: ApiRequest) -> Response:
        """Upsert colleagues by staff number; every owner of customers is kept."""
        return self.told(request)
