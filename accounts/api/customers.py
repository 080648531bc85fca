"""`customers`: list, get, upsert by external id, bulk, external ids (sync-api "Writing")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts import actions
from accounts.api import schemas
from accounts.api.bulk import bulk_answers
from accounts.api.rows import source_of
from accounts.choices import CustomerKind, CustomerState, DutyState, MarketBand
from accounts.queries import customer_list, names
from accounts.queries.customer_records import FIELDS, Record, customer_record, customer_records
from accounts.queries.directory import staff_by_number, unit_by_code
from accounts.queries.merges import not_there
from crm.core.api import filters as read
from crm.core.api.pagination import SORTED_PAGE, cursor_of, fields_of, limit_of, list_body, parameter_problem, sort_of
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, list_parameters, page_of, problems
from crm.core.api.views import Route, etag, expected_version, idempotent, is_create_only, precondition_failed
from crm.core.errors import Conflict, Invalid
from crm.core.scope import Scope

READ, WRITE = "customers:read", "customers:write"
SORTS = ("id", "due", "value", "last_visit", "name")
FILTERS: dict[str, read.Reader] = {
    "kind": read.one_of(*CustomerKind.values),
    "state": read.one_of(*CustomerState.values),
    "tier": read.text,
    "manager": read.text,
    "unit": read.text,
    "duty_state": read.one_of(*DutyState.values),
    "overdue": read.flag,
    "due_by": read.day,
    "market_band": read.one_of(*MarketBand.values),
    "industry": read.text,
    "district": read.text,
    "important": read.flag,
    "updated_since": read.moment,
    "q": read.text,
}


def is_masked(request: ApiRequest) -> bool:
    """Browser sessions see masked numbers; a token was given its data on purpose."""
    return request.auth is None


def conditions(given: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Filter values of the API as conditions of the list query; references by code and staff number."""
    found = {
        name: value for name, value in given.items() if name not in ("tier", "manager", "unit", "market_band", "q")
    }
    if "tier" in given:
        found["tier_ids"] = customer_list.tier_ids([given["tier"]])
    if "market_band" in given:
        found["bands"] = [given["market_band"]]
    if "manager" in given:
        member = staff_by_number(scope, given["manager"])
        if member is None:
            raise parameter_problem("manager", "not_found", "There is no such staff number.")
        found["manager_id"] = member.pk
    if "unit" in given:
        unit = unit_by_code(scope, given["unit"])
        if unit is None:
            raise parameter_problem("unit", "not_found", "There is no such unit code.")
        found["unit_ids"] = names.subtree(unit.pk)
    return found


def record_or_404(request: ApiRequest, customer_id: int) -> Record:
    """The record as it is now."""
    record = customer_record(request.user.access.scope, customer_id, is_masked=is_masked(request))
    if record is None:
        raise not_there(request.user.access.scope, customer_id)
    return record


def checked_source(request: ApiRequest, source: str) -> str:
    """A token writes under its own client's source only; a person under any."""
    own = getattr(request.auth, "source", None)
    if own is not None and source != own:
        raise Http404
    return source


def home_unit(request: ApiRequest) -> int | None:
    """Where a new customer without a unit goes: the client's unit, or the person's own."""
    if request.auth is not None:
        return int(request.auth.unit_id)
    card = names.staff_of(request.user.pk)
    return card.unit_id if card else None


class CustomerList(Route):
    """Customers of the caller, with their standing."""

    feed = "customer"
    abilities = {"GET": "view_customers"}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="customers_list",
        parameters=list_parameters(FILTERS, SORTS),
        responses={200: page_of(schemas.CustomerOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List customers in keyset pages."""
        given = read.read_parameters(request, FILTERS, also=SORTED_PAGE)
        scope = request.user.access.scope
        asked: dict[str, Any] = {"filters": conditions(given, scope), "search": given.get("q", "")}
        page = customer_records(
            scope,
            **asked,
            sort=sort_of(request, SORTS, "id"),
            cursor=cursor_of(request),
            limit=limit_of(request),
            is_masked=is_masked(request),
            fields=fields_of(request, FIELDS),
        )
        count = partial(customer_list.count_customers, scope, **asked)
        return Response(list_body(request, page.items, page.next, count))


class CustomerDetail(Route):
    """One customer by id."""

    abilities = {"GET": "view_customers"}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="customers_get", responses={200: schemas.CustomerOut, **problems(400, 401, 403, 404, 410)}
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one customer with its ETag."""
        read.read_parameters(request, {})
        record = record_or_404(request, pk)
        return Response(record, headers={"ETag": etag(record["version"])})


class CustomerByExternalId(Route):
    """One customer by the id of another system: the everyday door of billing."""

    abilities = {"GET": "view_customers", "PATCH": "edit_customers", "PUT": "edit_customers"}
    token_scopes = {"GET": READ, "PATCH": WRITE, "PUT": WRITE}
    responses: ClassVar[dict[Any, Any]] = {
        200: schemas.WriteOut,
        201: OpenApiResponse(schemas.WriteOut, description="Created."),
        **problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    }

    @extend_schema(
        operation_id="customers_get_by_external_id",
        responses={200: schemas.CustomerOut, **problems(400, 401, 403, 404)},
    )
    def get(self, request: ApiRequest, source: str, external_id: str) -> Response:
        """Get one customer with its ETag."""
        read.read_parameters(request, {})
        scope = request.user.access.scope
        found = customer_records(
            scope, filters={"external_id": (source, external_id)}, limit=1, is_masked=is_masked(request)
        ).items
        if not found:
            raise Http404
        return Response(found[0], headers={"ETag": etag(found[0]["version"])})

    @extend_schema(
        operation_id="customers_upsert",
        request=schemas.CustomerIn,
        parameters=[IF_MATCH, IF_NONE_MATCH],
        responses=responses,
    )
    def patch(self, request: ApiRequest, source: str, external_id: str) -> Response:
        """Merge: missing fields stay, null clears; created when absent."""
        return self._write(request, source, external_id, is_replacing=False)

    @extend_schema(
        operation_id="customers_replace",
        request=schemas.CustomerIn,
        parameters=[IF_MATCH, IF_NONE_MATCH],
        responses=responses,
    )
    def put(self, request: ApiRequest, source: str, external_id: str) -> Response:
        """Replace: missing fields are cleared; created when absent."""
        return self._write(request, source, external_id, is_replacing=True)

    def _write(self, request: ApiRequest, source: str, external_id: str, *, is_replacing: bool) -> Response:
        read.read_parameters(request, {})
        body = schemas.CustomerIn(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        if is_replacing and not values:
            # A call that lost its body must not empty the record.
            raise Invalid("Replace by what? The body is empty.", code="required")
        item = actions.UpsertItem(
            external_id=external_id,
            source_updated_at=values.pop("source_updated_at", None),
            values=values,
            version=expected_version(request),
            create_only=is_create_only(request),
            replace=is_replacing,
        )
        return one_answer(request, item, checked_source(request, source))


def one_answer(request: ApiRequest, item: actions.UpsertItem, source: str) -> Response:
    """Upsert one record; the answer holds it as it is now. 412 when it is newer than the caller's copy."""
    (done,) = actions.upsert_customers(
        items=[item], source=source, by=request.user, now=timezone.now(), default_unit_id=home_unit(request)
    )
    if isinstance(done.error, Conflict) and "version" in done.error.current:
        known = {"external_id": (source, item.external_id)}
        current = customer_records(request.user.access.scope, filters=known, limit=1, is_masked=is_masked(request))
        raise precondition_failed(current.items[0])
    if done.error is not None:
        raise done.error
    record = record_or_404(request, done.customer.pk) if done.customer else {}
    return Response(
        {**done.said, "record": record},
        status=201 if done.status == "created" else 200,
        headers={"ETag": etag(record["version"])},
    )


class CustomerBulk(Route):
    """Up to 1,000 upserts in one call, each row answered."""

    abilities = {"POST": "edit_customers"}
    token_scopes = {"POST": WRITE}
    bulk_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="customers_bulk",
        request=schemas.BulkIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            200: schemas.BulkOut,
            207: OpenApiResponse(schemas.BulkOut, description="Some rows failed; the others are done."),
            (422, "application/json"): OpenApiResponse(schemas.BulkOut, description="`atomic`: nothing was written."),
            **problems(400, 401, 403, 409, 413, 415, 422),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert rows in order; `partial` keeps what works, `atomic` is all or nothing."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        body = schemas.BulkIn(data=request.data)
        body.is_valid(raise_exception=True)
        rows, is_kept = bulk_answers(
            body.validated_data["items"],
            source=source_of(request),
            is_own_source_only=request.auth is not None,
            is_atomic=body.validated_data["mode"] == "atomic",
            is_dry_run=body.validated_data["dry_run"],
            by=request.user,
            now=timezone.now(),
            unit_id=home_unit(request),
        )
        failed = any(row["status"] == "failed" for row in rows)
        return Response({"items": rows}, status=200 if not failed else 207 if is_kept else 422)


class CustomerExternalId(Route):
    """The id of a customer in one source; one per source."""

    abilities = {"PUT": "edit_customers", "DELETE": "edit_customers"}
    token_scopes = {"PUT": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="customers_external_id_put",
        request=schemas.ExternalIdIn,
        parameters=[IF_MATCH],
        responses={200: schemas.ExternalIdsOut, **problems(400, 401, 403, 404, 409, 410, 412, 413, 415)},
    )
    def put(self, request: ApiRequest, pk: int, source: str) -> Response:
        """Set it; 409 when another customer has it."""
        read.read_parameters(request, {})
        body = schemas.ExternalIdIn(data=request.data)
        body.is_valid(raise_exception=True)
        self._write(request, pk, source, partial(actions.set_external_id, **body.validated_data))
        return Response({"external_ids": customer_list.external_ids_of([pk]).get(pk, {})})

    @extend_schema(
        operation_id="customers_external_id_delete",
        request=None,
        parameters=[IF_MATCH],
        responses={204: None, **problems(400, 401, 403, 404, 410, 412)},
    )
    def delete(self, request: ApiRequest, pk: int, source: str) -> Response:
        """Take it away; 404 when there is none."""
        read.read_parameters(request, {})
        self._write(request, pk, source, actions.remove_external_id)
        return Response(status=204)

    def _write(self, request: ApiRequest, pk: int, source: str, deed: Callable[..., Any]) -> None:
        """412 when the customer is newer than the caller's copy."""
        about = {"source": checked_source(request, source), "version": expected_version(request)}
        try:
            deed(customer_id=pk, **about, by=request.user, now=timezone.now())
        except Conflict as conflict:
            if "version" in conflict.current:
                raise precondition_failed(record_or_404(request, pk)) from conflict
            raise
