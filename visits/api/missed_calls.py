"""`missed-calls`: the hotline tells of a call nobody answered, and hears of the call-back (CON-13)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.queries import names
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.serializers import MomentField, StrictSerializer, TextField
from crm.core.api.views import Route, idempotent
from crm.core.errors import Invalid
from visits import actions
from visits.api.routes import customer_of
from visits.api.schemas import CustomerReference
from visits.choices import CallSource, MissedState
from visits.models import MissedCall
from visits.queries.missed_call_records import missed_call_records

FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "state": read.one_of(*MissedState.values),
    "source": read.text,
    "external_id": read.text,
    "called_from": read.moment,
}


class MissedCallIn(StrictSerializer):
    """A call nobody answered: the calling number, or the customer when the caller knows him."""

    number = TextField(required=False, allow_blank=True, max_length=30, help_text="Calling number, in any usual form.")
    customer = CustomerReference(required=False, help_text='Customer id, or {"source": …, "external_id": …}.')
    called_at = MomentField()
    note = TextField(required=False, allow_blank=True, max_length=200)
    external_id = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="The call's id in your system: sent twice, kept once.",
    )


class MissedCallOut(serializers.Serializer[Any]):
    """What follows from it."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    state = serializers.ChoiceField(MissedState.choices)
    called_at = serializers.DateTimeField(help_text="The first call that is still unanswered.")
    calls = serializers.IntegerField()
    holder = serializers.CharField(allow_null=True, help_text="Staff number of who calls back.")
    due_at = serializers.DateTimeField()
    is_new = serializers.BooleanField(help_text="False: counted on a call that waits already.")


class MissedCallRecord(serializers.Serializer[Any]):
    """A missed call, and how far the call-back is."""

    id = serializers.IntegerField()
    source = serializers.CharField(help_text="Whose id it is.")  # type: ignore[assignment]
    external_id = serializers.CharField()
    customer = serializers.IntegerField()
    number = serializers.CharField(help_text="Masked in a browser's session.")
    called_at = serializers.DateTimeField(help_text="The first call, which decides the clock.")
    last_called_at = serializers.DateTimeField()
    calls = serializers.IntegerField()
    state = serializers.ChoiceField(MissedState.choices)
    manager = serializers.CharField(allow_null=True, help_text="Staff number of the manager of that day.")
    unit = serializers.CharField()
    holder = serializers.CharField(allow_null=True, help_text="Staff number of who calls back.")
    due_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    visit = serializers.IntegerField(allow_null=True, help_text="The call-back.")
    closed_at = serializers.DateTimeField(allow_null=True)


class MissedCallList(Route):
    """Missed calls of the caller's customers."""

    feed = "missed_call"
    abilities = {"GET": "view_customers", "POST": "take_missed_calls"}
    token_scopes = {"GET": "visits:read", "POST": "missed_calls:write"}

    @extend_schema(
        operation_id="missed_calls_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(MissedCallRecord), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List missed calls by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        scope = request.user.access.scope
        return page_answer(
            request, MissedCallRecord, missed_call_records, scope, filters=given, is_masked=request.auth is None
        )

    @extend_schema(
        operation_id="missed_calls_create",
        request=MissedCallIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(MissedCallOut, description="Written down; somebody calls back."),
            200: OpenApiResponse(MissedCallOut, description="Counted on a call that waits already, or sent before."),
            **problems(400, 401, 403, 409, 413, 415, 422),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Tell of a missed call: a call-back task is due half an hour after it."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._record(request))

    def _record(self, request: ApiRequest) -> Response:
        body = MissedCallIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        scope = request.user.access.scope_for("take_missed_calls")
        if "customer" not in given and not given.get("number"):
            raise Invalid("Give the number, or the customer.", code="required", field="number")
        call, is_new = actions.record_missed_call(
            number=given.get("number", ""),
            customer_id=customer_of(scope, given["customer"]) if "customer" in given else None,
            called_at=given["called_at"], note=given.get("note", ""), source=CallSource.HOTLINE,
            external=(getattr(request.auth, "source", "") or "api", given.get("external_id", "")),
            by=request.user, now=timezone.now(), scope=scope,
        )  # fmt: skip
        return Response(answer_of(call, is_new=is_new), status=201 if is_new else 200)


def answer_of(call: MissedCall, *, is_new: bool) -> dict[str, Any]:
    """The row as the caller gets it."""
    holder = names.staff_card(call.holder_id)
    return {
        "id": call.pk, "customer": call.customer_id, "state": call.state, "called_at": call.called_at,
        "calls": call.calls, "holder": holder.number if holder else None, "due_at": call.due_at, "is_new": is_new,
    }  # fmt: skip
