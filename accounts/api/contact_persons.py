"""`contact-persons` of group and channel customers (CUS-24)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts import actions
from accounts.actions.persons import ContactPersons
from accounts.api import person_schemas as schemas
from accounts.api.customers import READ, WRITE, is_masked
from accounts.api.rows import is_list, one_or_many, one_written, writer_of, written
from accounts.choices import ContactRole
from accounts.queries.directory import contact_person_rows
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IF_MATCH, list_parameters, page_of, problems
from crm.core.api.views import Route, etag, expected_version, idempotent, precondition_failed
from crm.core.errors import Conflict

FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "role": read.one_of(*ContactRole.values),
    "source": read.text,
    "external_id": read.text,
}


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
    description: ClassVar[dict[str, Any]] = one_or_many(
        schemas.ContactPersonNewIn, schemas.ContactPersonsIn, schemas.ContactPersonOut, "ContactPersonPost"
    )

    @extend_schema(
        operation_id="contact_persons_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(schemas.ContactPersonOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List contact persons by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        return page_answer(
            request,
            schemas.ContactPersonOut,
            contact_person_rows,
            request.user.access.scope,
            filters=given,
            is_masked=is_masked(request),
        )

    @extend_schema(operation_id="contact_persons_create", **description)
    def post(self, request: ApiRequest) -> Response:
        """Tell one contact person, or up to 1,000 under `items`."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        book = ContactPersons(**writer_of(request, "edit_customers"))
        if is_list(request):
            return written(request, book)
        body = schemas.ContactPersonNewIn(data=request.data)
        body.is_valid(raise_exception=True)
        answer = one_written(body.validated_data, book, lambda pk: record_or_404(request, pk))
        answer["ETag"] = etag(answer.data["version"])
        return answer


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
