"""`visits` (list, get, create) and `duties` (read)."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.choices import Purpose
from accounts.queries.customer_list import customer_page
from accounts.queries.directory import staff_by_number
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route, etag, idempotent
from crm.core.errors import Invalid
from crm.core.scope import Scope
from visits import actions
from visits.api import schemas
from visits.choices import DutyState, LoggedFrom
from visits.queries.records import duty_records, visit_records

VISIT_FILTERS: dict[str, read.Reader] = {
    "customer": read.number, "staff": read.text, "from": read.day, "to": read.day, "counts": read.flag
}  # fmt: skip
DUTY_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "manager": read.text,
    "state": read.one_of(*DutyState.values),
    "purpose": read.one_of(*Purpose.values),
    "due_from": read.day,
    "due_by": read.day,
}


def staff_id_of(scope: Scope, name: str, number: str) -> int:
    """Id behind a staff number of the query string."""
    member = staff_by_number(scope, number)
    if member is None:
        raise parameter_problem(name, "not_found", "There is no such staff number.")
    return member.pk


class VisitList(Route):
    """Visits of the caller's customers."""

    feed = "visit"
    abilities = {"GET": "view_customers", "POST": "log_visits"}
    token_scopes = {"GET": "visits:read", "POST": "visits:write"}

    @extend_schema(
        operation_id="visits_list",
        parameters=list_parameters(VISIT_FILTERS),
        responses={200: page_of(schemas.VisitOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List visits by id."""
        given = read.read_parameters(request, VISIT_FILTERS, also=PAGE)
        scope = request.user.access.scope
        if "staff" in given:
            given["staff_id"] = staff_id_of(scope, "staff", given.pop("staff"))
        return page_answer(request, schemas.VisitOut, visit_records, scope, filters=given)

    @extend_schema(
        operation_id="visits_create",
        request=schemas.VisitIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(schemas.VisitLoggedOut, description="Logged."),
            200: OpenApiResponse(schemas.VisitLoggedOut, description="Was logged before; nothing was written."),
            **problems(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Log a visit; it settles what is owed at once. Give an Idempotency-Key and repeat as often as you like."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._log(request))

    def _log(self, request: ApiRequest) -> Response:
        body = schemas.VisitIn(data=request.data)
        body.is_valid(raise_exception=True)
        scope = request.user.access.scope_for("log_visits")
        done = actions.log_visit(
            sheet=sheet_of(request, scope, dict(body.validated_data)),
            by=request.user,
            now=timezone.now(),
            scope=scope,
        )
        items, _next = visit_records(scope, filters={"ids": list(done.visit_ids)}, limit=1)
        answer = {
            "record": items[0],
            "settled_duties": [duty.duty_id for duty in done.settled],
            "warnings": [str(text) for text in done.warnings],
            "is_duplicate": done.duplicate,
        }
        return Response(answer, status=200 if done.duplicate else 201)


def sheet_of(request: ApiRequest, scope: Scope, values: dict[str, Any]) -> actions.VisitSheet:
    """The log sheet of a machine or a session: references resolved inside the caller's scope."""
    customer_id = customer_of(scope, values.pop("customer"))
    number = values.pop("staff", "")
    member = staff_by_number(scope, number) if number else None
    if request.auth is not None and member is None:
        raise Invalid("Name the staff member who held the contact.", code="not_found", field="staff")
    if request.auth is None and number and (member is None or member.pk != request.user.access.staff_id):
        raise Invalid("A person logs in his own name.", code="not_found", field="staff")
    key = request.headers.get("Idempotency-Key", "")
    return actions.VisitSheet(
        customer_ids=(customer_id,),
        client_key=uuid5(NAMESPACE_URL, f"crm:{request.user.pk}:{key}") if key else None,
        staff_id=member.pk if request.auth is not None and member else None,
        logged_from=LoggedFrom.API,
        source=getattr(request.auth, "source", ""),
        **values,
    )


def customer_of(scope: Scope, reference: Any) -> int:
    """Id of a visible customer by id or external id; otherwise `not_found` at the field."""
    wanted = (
        {"id": reference}
        if isinstance(reference, int)
        else {"external_id": (reference["source"], reference["external_id"])}
    )
    rows = customer_page(scope, filters=wanted, sort="id", limit=1, columns="c.id").rows
    if not rows:
        raise Invalid("There is no such customer.", code="not_found", field="customer")
    return int(rows[0][0])


class VisitDetail(Route):
    """One visit."""

    abilities = {"GET": "view_customers"}
    token_scopes = {"GET": "visits:read"}

    @extend_schema(operation_id="visits_get", responses={200: schemas.VisitOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one visit with its ETag."""
        read.read_parameters(request, {})
        items, _next = visit_records(request.user.access.scope, filters={"id": pk}, limit=1)
        if not items:
            raise Http404
        return Response(items[0], headers={"ETag": etag(items[0]["version"])})


class DutyList(Route):
    """The ledger, read only."""

    abilities = {"GET": "view_customers"}
    token_scopes = {"GET": "visits:read"}

    @extend_schema(
        operation_id="duties_list",
        parameters=list_parameters(DUTY_FILTERS),
        responses={200: page_of(schemas.DutyOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List duties by id; of several revisions of a period the highest holds."""
        given = read.read_parameters(request, DUTY_FILTERS, also=PAGE)
        scope = request.user.access.scope
        if "manager" in given:
            given["manager_id"] = staff_id_of(scope, "manager", given.pop("manager"))
        return page_answer(request, schemas.DutyOut, duty_records, scope, filters=given)
