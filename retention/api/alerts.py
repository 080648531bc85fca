"""`alerts` and `save-cases`: who may leave and why, what was tried and what came of it (RET-3…7)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import AlertLevel, SignalKind
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route
from retention.api.routes import references
from retention.choices import AlertOutcome, AlertState, AlertTrigger, CauseCategory, OfferState, SaveState
from retention.queries.alert_records import alert_records, save_case_records
from retention.queries.saving import SEES

READ = "alerts:read"
ALERT_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "level": read.one_of(*AlertLevel.values),
    "state": read.one_of(*AlertState.values),
    "trigger": read.one_of(*AlertTrigger.values),
    "outcome": read.one_of(*AlertOutcome.values),
    "is_open": read.flag,
    "manager": read.text,
    "unit": read.text,
    "opened_from": read.day,
}
CASE_FILTERS: dict[str, read.Reader] = {
    "customer": read.number,
    "state": read.one_of(*SaveState.values),
    "cause": read.one_of(*CauseCategory.values),
    "is_confirmed": read.flag,
    "manager": read.text,
    "unit": read.text,
    "requested_from": read.day,
}


class ReasonOut(serializers.Serializer[Any]):
    """One signal of a score."""

    code = serializers.CharField()
    points = serializers.IntegerField()
    value = serializers.JSONField(help_text="As the point's unit has it; null where there is none.")
    on = serializers.DateField(allow_null=True)


class AlertOut(serializers.Serializer[Any]):
    """An alert with its reasons and the model that gave them."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    trigger = serializers.ChoiceField(AlertTrigger.choices)
    signal = serializers.ChoiceField(SignalKind.choices, allow_null=True)
    level = serializers.ChoiceField(AlertLevel.choices)
    state = serializers.ChoiceField(AlertState.choices)
    points = serializers.IntegerField()
    probability = serializers.FloatField()
    model = serializers.IntegerField()
    is_on_old_data = serializers.BooleanField()
    is_control = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    first_action_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateField(allow_null=True)
    proposal = serializers.CharField()
    outcome = serializers.CharField(help_text="Empty while it is open.")
    outcome_reason = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    reasons = ReasonOut(many=True)
    manager = serializers.CharField(allow_null=True)
    unit = serializers.CharField()


class SaveOfferOut(serializers.Serializer[Any]):
    """An offer of a save case."""

    id = serializers.IntegerField()
    policy = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    cost = serializers.CharField()
    limit = serializers.CharField(help_text="What was allowed without asking.")
    state = serializers.ChoiceField(OfferState.choices)
    offered_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class SaveCaseOut(serializers.Serializer[Any]):
    """A save case with its offers."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    alert = serializers.IntegerField()
    state = serializers.ChoiceField(SaveState.choices)
    requested_at = serializers.DateTimeField()
    cause = serializers.CharField()
    words = serializers.CharField()
    competitor = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    result_note = serializers.CharField()
    confirm_on = serializers.DateField(allow_null=True)
    is_confirmed = serializers.BooleanField(allow_null=True, help_text="Null: billing has not answered yet.")
    confirmed_on = serializers.DateField(allow_null=True)
    is_attempted = serializers.BooleanField(help_text="Something was offered to the customer.")
    version = serializers.IntegerField()
    offers = SaveOfferOut(many=True)
    manager = serializers.CharField(allow_null=True)
    unit = serializers.CharField()


class AlertList(Route):
    """The alerts in sight."""

    feed = "alert"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="alerts_list",
        parameters=list_parameters(ALERT_FILTERS),
        responses={200: page_of(AlertOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List alerts by id."""
        scope = request.user.access.scope_for(SEES)
        given = references(read.read_parameters(request, ALERT_FILTERS, also=PAGE), scope)
        return page_answer(request, AlertOut, alert_records, scope, filters=given)


class AlertDetail(Route):
    """One alert."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(operation_id="alerts_get", responses={200: AlertOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one alert."""
        read.read_parameters(request, {})
        items, _next = alert_records(request.user.access.scope_for(SEES), filters={"id": pk}, limit=1)
        if not items:
            raise Http404
        return Response(items[0])


class SaveCaseList(Route):
    """The save cases in sight."""

    feed = "save_case"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="save_cases_list",
        parameters=list_parameters(CASE_FILTERS),
        responses={200: page_of(SaveCaseOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List save cases by id."""
        scope = request.user.access.scope_for(SEES)
        given = references(read.read_parameters(request, CASE_FILTERS, also=PAGE), scope)
        return page_answer(request, SaveCaseOut, save_case_records, scope, filters=given)


class SaveCaseDetail(Route):
    """One save case."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(operation_id="save_cases_get", responses={200: SaveCaseOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one save case."""
        read.read_parameters(request, {})
        items, _next = save_case_records(request.user.access.scope_for(SEES), filters={"id": pk}, limit=1)
        if not items:
            raise Http404
        return Response(items[0])
