"""`complaints`: the intake, the list, one case (issue: the desk)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.models import Product
from complaints import actions
from complaints.api import schemas
from complaints.choices import CaseChannel, CaseKind, CaseLevel, CaseState
from complaints.queries.cards import customer_by_number
from complaints.queries.records import case_record, case_records
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, IF_MATCH, list_parameters, page_of, problems
from crm.core.api.views import Route, etag, expected_version, idempotent, precondition_failed
from crm.core.errors import Conflict, Invalid
from crm.core.scope import Scope
from visits.api.routes import customer_of, staff_id_of

READ, WRITE = "complaints:read", "complaints:write"
FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "kind": read.one_of(*CaseKind.values),
    "state": read.one_of(*CaseState.values),
    "level": read.one_of(*CaseLevel.values),
    "owner": read.text,
    "manager": read.text,
    "is_open": read.flag,
    "is_breached": read.flag,
    "received_from": read.day,
    "received_to": read.day,
    "external_id": read.text,
}


class ComplaintList(Route):
    """Cases of the caller's customers, and the intake."""

    feed = "complaint"
    abilities = {"GET": "view_cases", "POST": "take_requests"}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="complaints_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(schemas.ComplaintOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List cases by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        scope = request.user.access.scope_for("view_cases")
        for name in ("owner", "manager"):
            if name in given:
                given[f"{name}_id"] = staff_id_of(scope, name, given.pop(name))
        for name, at in (("received_from", time.min), ("received_to", time.max)):
            if name in given:
                given[name] = timezone.make_aware(datetime.combine(given[name], at))
        return page_answer(request, schemas.ComplaintOut, case_records, scope, filters=given)

    @extend_schema(
        operation_id="complaints_create",
        request=schemas.ComplaintIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(schemas.ComplaintOut, description="Taken down; its clocks run."),
            200: OpenApiResponse(schemas.ComplaintOut, description="Was taken down before; nothing was written."),
            **problems(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Take a request down. Give an Idempotency-Key or an `external_id` and repeat as often as you like."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._take(request))

    def _take(self, request: ApiRequest) -> Response:
        body = schemas.ComplaintIn(data=request.data)
        body.is_valid(raise_exception=True)
        now = timezone.now()
        case = actions.take_request(sheet=sheet_of(request, dict(body.validated_data)), by=request.user, now=now)
        scope = request.user.access.scope_for("take_requests")
        items, _next = case_records(scope, filters={"id": case.pk}, limit=1)
        if not items:
            raise Http404
        return Response(
            items[0], status=201 if case.logged_at == now else 200, headers={"ETag": etag(items[0]["version"])}
        )


def _customer_id(scope: Scope, reference: Any, number: str) -> int:
    """By id, by external id, or by business number."""
    if reference is not None:
        return customer_of(scope, reference)
    found = customer_by_number(number, scope) if number else None
    if found is None:
        field = "customer_number" if number else "customer"
        raise Invalid("No customer has this number.", code="not_found", field=field)
    return found.pk


def sheet_of(request: ApiRequest, values: dict[str, Any]) -> actions.IntakeSheet:
    """The intake of a machine or a session: references resolved inside the caller's scope."""
    scope = request.user.access.scope_for("take_requests")
    product = values.pop("product", "")
    external_id = values.pop("external_id", "")
    key = request.headers.get("Idempotency-Key", "")
    return actions.IntakeSheet(
        customer_id=_customer_id(scope, values.pop("customer", None), values.pop("customer_number", "")),
        channel=values.pop("channel", CaseChannel.SYSTEM.value),
        category_code=values.pop("category", ""),
        order_code=values.pop("order_type", ""),
        product_id=product_id_of(product),
        caused_by_id=values.pop("caused_by", None),
        client_key=uuid5(NAMESPACE_URL, f"crm:{request.user.pk}:case:{key}") if key else None,
        external=(getattr(request.auth, "source", "") or "api", external_id) if external_id else ("", ""),
        **values,
    )


def product_id_of(code: str) -> int | None:
    """A product by its code; empty is none."""
    if not code:
        return None
    found = Product.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise Invalid("There is no such product.", code="not_found", field="product")
    return found.pk


class ComplaintDetail(Route):
    """One case."""

    abilities = {"GET": "view_cases", "PATCH": "handle_cases|assign_cases"}
    token_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="complaints_get", responses={200: schemas.ComplaintDetailOut, **problems(400, 401, 403, 404)}
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one case with its ETag, its clocks, and the deeds the caller may do."""
        read.read_parameters(request, {})
        return case_answer(request, pk)

    @extend_schema(
        operation_id="complaints_update",
        request=schemas.ComplaintPatchIn,
        parameters=[IF_MATCH],
        responses={200: schemas.ComplaintDetailOut, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Put an intake right; missing fields stay."""
        read.read_parameters(request, {})
        body = schemas.ComplaintPatchIn(data=request.data)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        for name, stored in (("category", "category_code"), ("caused_by", "caused_by_id")):
            if name in changes:
                changes[stored] = changes.pop(name)
        with_version(
            request, pk, lambda version: actions.correct_case(
                case_id=pk, changes=changes, version=version, by=request.user, now=timezone.now()
            )
        )  # fmt: skip
        return case_answer(request, pk)


def case_answer(request: ApiRequest, pk: int, status: int = 200) -> Response:
    """The record of a case as it is now."""
    record = case_record(request.user.access, pk, now=timezone.now())
    return Response(record, status=status, headers={"ETag": etag(record["version"])})


def with_version(request: ApiRequest, pk: int, deed: Any) -> Any:
    """Do a deed on the version of `If-Match`; a newer one is a 412 with the current record."""
    try:
        return deed(expected_version(request))
    except Conflict as conflict:
        if conflict.code != "conflict":
            raise
        record = case_record(request.user.access, pk, now=timezone.now())
        raise precondition_failed(record | {"changes": conflict.current.get("changes", [])}) from conflict
