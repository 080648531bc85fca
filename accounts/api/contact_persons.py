"""`contact-persons` of group and channel customers (CUS-24)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts import actions
from accounts.api import schemas
from accounts.api.customers import READ, WRITE, is_masked
from accounts.choices import ContactRole
from accounts.models import Customer
from accounts.queries.directory import contact_person_rows
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, IF_MATCH, list_parameters, page_of, problems
from crm.core.api.views import Route, etag, expected_version, idempotent, precondition_failed
from crm.core.errors import Conflict, Invalid

FILTERS: dict[str, read.Reader] = {"customer": read.number, "role": read.one_of(*ContactRole.values)}


def record_or_404(request: ApiRequest, pk: int) -> dict[str, Any]:
    """The contact person as he is now."""
    items, _next = contact_person_rows(
        request.user.access.scope, filters={"id": pk}, cursor="", limit=1, is_masked=is_masked(request)
    )
    if not items:
        raise Http404
    return items[0]


class ContactPersonList(Route):
    """Contact persons of the caller's customers."""

    feed = "contact_person"
    abilities = {"GET": "view_customers", "POST": "edit_customers"}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="contact_persons_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(schemas.ContactPersonOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List contact persons by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        return page_answer(
            request, contact_person_rows, request.user.access.scope, filters=given, is_masked=is_masked(request)
        )

    @extend_schema(
        operation_id="contact_persons_create",
        request=schemas.ContactPersonNewIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: schemas.ContactPersonOut, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: ApiRequest) -> Response:
        """Create a contact person."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._create(request))

    def _create(self, request: ApiRequest) -> Response:
        body = schemas.ContactPersonNewIn(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        scope = request.user.access.scope_for("edit_customers")
        customer = Customer.visible_to(scope).filter(pk=values.pop("customer")).first()
        if customer is None:
            raise Invalid("There is no such customer.", code="not_found", field="customer")
        person = actions.save_contact_person(
            customer_id=customer.pk, person_id=None, values=values, by=request.user, now=timezone.now()
        )
        return Response(record_or_404(request, person.pk), status=201, headers={"ETag": etag(person.version)})


class ContactPersonDetail(Route):
    """One contact person."""

    abilities = {"GET": "view_customers", "PATCH": "edit_customers"}
    token_scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="contact_persons_get",
        responses={200: schemas.ContactPersonOut, **problems(400, 401, 403, 404)},
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one contact person with its ETag."""
        read.read_parameters(request, {})
        record = record_or_404(request, pk)
        return Response(record, headers={"ETag": etag(record["version"])})

    @extend_schema(
        operation_id="contact_persons_update",
        request=schemas.ContactPersonIn,
        parameters=[IF_MATCH],
        responses={200: schemas.ContactPersonOut, **problems(400, 401, 403, 404, 412, 413, 415, 422)},
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Merge; missing fields stay."""
        read.read_parameters(request, {})
        body = schemas.ContactPersonIn(data=request.data)
        body.is_valid(raise_exception=True)
        record = record_or_404(request, pk)
        try:
            actions.save_contact_person(
                customer_id=record["customer"],
                person_id=pk,
                values=body.validated_data,
                version=expected_version(request),
                by=request.user,
                now=timezone.now(),
            )
        except Conflict as conflict:
            raise precondition_failed(record_or_404(request, pk)) from conflict
        record = record_or_404(request, pk)
        return Response(record, headers={"ETag": etag(record["version"])})
