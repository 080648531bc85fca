"""`lines`, `lifecycle-events`, `signals` (sync-api): the numbers of customers, what happens to them, who is leaving."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.actions.leaving import NOTES, Signals
from accounts.actions.lifecycle import Events
from accounts.actions.lines import Lines
from accounts.actions.members import Members
from accounts.api import line_schemas as schemas
from accounts.api.customers import is_masked
from accounts.api.rows import WRITTEN, is_list, one_or_many, one_written, told, writer_of, written
from accounts.choices import LifecycleKind, LineState, MemberState, SignalKind
from accounts.queries import lines as queries
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.views import Route, idempotent

LINE_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "number": read.text,
    "state": read.one_of(*LineState.values),
    "source": read.text,
    "external_id": read.text,
    "closed_from": read.day,
    "closed_to": read.day,
    "updated_since": read.moment,
}
MEMBER_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "msisdn": read.text,
    "state": read.one_of(*MemberState.values),
}
EVENT_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "line": read.number,
    "kind": read.one_of(*LifecycleKind.values),
    "source": read.text,
    "external_id": read.text,
    "happened_from": read.day,
    "happened_to": read.day,
}
SIGNAL_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "kind": read.one_of(*SignalKind.values),
    "source": read.text,
    "external_id": read.text,
    "happened_from": read.day,
    "happened_to": read.day,
}


class LineList(Route):
    """Lines of the caller's customers."""

    feed = "line"
    abilities = {"GET": "view_customers", "POST": "edit_customers"}
    token_scopes = {"GET": "lines:read", "POST": "lines:write"}
    bulk_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="lines_list",
        parameters=list_parameters(LINE_FILTERS),
        responses={200: page_of(schemas.LineOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List lines by id."""
        given = read.read_parameters(request, LINE_FILTERS, also=PAGE)
        return page_answer(
            request,
            schemas.LineOut,
            queries.line_records,
            request.user.access.scope,
            filters=given,
            is_masked=is_masked(request),
        )

    @extend_schema(operation_id="lines_bulk", request=schemas.LinesIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN)
    def post(self, request: ApiRequest) -> Response:
        """Upsert lines by `external_id`, or by number and day of opening, in order."""
        return told(request, Lines, "edit_customers")


class GroupMemberList(Route):
    """Members of the caller's groups (CUS-28)."""

    feed = "group_member"
    abilities = {"GET": "view_customers", "POST": "edit_customers"}
    token_scopes = {"GET": "lines:read", "POST": "lines:write"}
    bulk_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="group_members_list",
        parameters=list_parameters(MEMBER_FILTERS),
        responses={200: page_of(schemas.MemberOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List members by id."""
        given = read.read_parameters(request, MEMBER_FILTERS, also=PAGE)
        return page_answer(
            request,
            schemas.MemberOut,
            queries.member_records,
            request.user.access.scope,
            filters=given,
            is_masked=is_masked(request),
        )

    @extend_schema(
        operation_id="group_members_bulk", request=schemas.MembersIn, parameters=[IDEMPOTENCY_KEY], responses=WRITTEN
    )
    def post(self, request: ApiRequest) -> Response:
        """Upsert members by their number, in order."""
        return told(request, Members, "edit_customers")


class LifecycleEventList(Route):
    """What happened to lines and customers."""

    feed = "lifecycle_event"
    abilities = {"GET": "view_customers", "POST": "edit_customers"}
    token_scopes = {"GET": "lines:read", "POST": "lines:write"}
    description: ClassVar[dict[str, Any]] = one_or_many(
        schemas.LifecycleEventIn, schemas.LifecycleEventsIn, schemas.LifecycleEventOut, "LifecycleEventPost"
    )

    @extend_schema(
        operation_id="lifecycle_events_list",
        parameters=list_parameters(EVENT_FILTERS),
        responses={200: page_of(schemas.LifecycleEventOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List lifecycle events by id."""
        given = read.read_parameters(request, EVENT_FILTERS, also=PAGE)
        return page_answer(
            request, schemas.LifecycleEventOut, queries.event_records, request.user.access.scope, filters=given
        )

    @extend_schema(operation_id="lifecycle_events_create", **description)
    def post(self, request: ApiRequest) -> Response:
        """Tell one event, or up to 1,000 under `items`; a customer's state follows at once."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        book = Events(**writer_of(request, "edit_customers"))
        if is_list(request):
            return written(request, book)
        return one_written(request.data, book, lambda pk: queries.event_records(book.scope, filters={"id": pk})[0][0])


class SignalList(Route):
    """Hard signs that customers are leaving."""

    feed = "signal"
    abilities = {"GET": "view_alerts", "POST": NOTES}
    token_scopes = {"GET": "signals:read", "POST": "signals:write"}
    description: ClassVar[dict[str, Any]] = one_or_many(
        schemas.SignalIn, schemas.SignalsIn, schemas.SignalOut, "SignalPost"
    )

    @extend_schema(
        operation_id="signals_list",
        parameters=list_parameters(SIGNAL_FILTERS),
        responses={200: page_of(schemas.SignalOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List signals by id."""
        given = read.read_parameters(request, SIGNAL_FILTERS, also=PAGE)
        return page_answer(
            request,
            schemas.SignalOut,
            queries.signal_records,
            request.user.access.scope_for("view_alerts"),
            filters=given,
        )

    @extend_schema(operation_id="signals_create", **description)
    def post(self, request: ApiRequest) -> Response:
        """Tell one signal, or up to 1,000 under `items`; an alert opens within a minute."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._work(request))

    def _work(self, request: ApiRequest) -> Response:
        book = Signals(**writer_of(request, NOTES))
        if is_list(request):
            return written(request, book)
        return one_written(request.data, book, lambda pk: queries.signal_records(book.scope, filters={"id": pk})[0][0])
