"""`exports`: order a list as a file, look whether it is made, get it (sync-api; SEC-1)."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.core import attachments, exports
from crm.core.api import filters as read
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, problems
from crm.core.api.serializers import StrictSerializer, TextField
from crm.core.api.views import Route, idempotent
from crm.core.models import ExportFormat, ExportOrder, ExportState

SCOPE = "exports:write"
SEES = "view_customers"
Described = serializers.Serializer[Any]


class ExportIn(StrictSerializer):
    """What of a list, as what, and why."""

    list = TextField(max_length=40, help_text="Key of the list, like `customers` or `visits`.")
    query = TextField(
        max_length=2000, required=False, allow_blank=True, help_text="Filters as in the list's address: `tier=gold`."
    )
    columns = serializers.ListField(child=TextField(max_length=40), required=False, max_length=60)
    format = serializers.ChoiceField(ExportFormat.choices, required=False)
    reason = TextField(max_length=200)
    unmasked = serializers.BooleanField(
        required=False, help_text="Personal data in full: `private:read`, a purpose, and a person who approves."
    )
    purpose = TextField(max_length=500, required=False, allow_blank=True)


class ExportOut(Described):
    """An export; `number` stands on every row of its file."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    list = serializers.CharField()
    state = serializers.ChoiceField(ExportState.choices)
    format = serializers.ChoiceField(ExportFormat.choices)
    columns = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    unmasked = serializers.BooleanField()
    rows = serializers.IntegerField(allow_null=True)
    requested_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    file = serializers.CharField(allow_null=True, help_text="Where the file is while there is one.")


def _record(order: ExportOrder) -> dict[str, Any]:
    now = timezone.now()
    is_over = order.state == ExportState.READY and order.expires_at is not None and order.expires_at <= now
    is_there = order.state == ExportState.READY and not is_over
    return {
        "id": order.pk,
        "number": str(order),
        "list": order.list_key,
        "state": ExportState.EXPIRED.value if is_over else order.state,
        "format": order.file_format,
        "columns": list(order.columns),
        "reason": order.reason,
        "unmasked": order.is_unmasked,
        "rows": order.rows,
        "requested_at": order.requested_at,
        "made_at": order.made_at,
        "expires_at": order.expires_at,
        "error": order.error,
        "file": reverse("api:export_file", args=[order.pk]) if is_there else None,
    }


class ExportList(Route):
    """Orders of files."""

    abilities = {"POST": SEES}
    token_scopes = {"POST": SCOPE}

    @extend_schema(
        operation_id="exports_create",
        request=ExportIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: ExportOut, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: ApiRequest) -> Response:
        """Order a list as a file; it is made in the background, `Location` says where to look."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._order(request))

    def _order(self, request: ApiRequest) -> Response:
        body = ExportIn(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        query = QueryDict(asked.get("query", ""))
        order = exports.order_export(
            list_key=asked["list"], query={name: query.get(name, "") for name in query},
            columns=asked.get("columns", ()), file_format=asked.get("format", ExportFormat.CSV),
            reason=asked["reason"], is_unmasked=asked.get("unmasked", False), purpose=asked.get("purpose", ""),
            unit_id=request.auth.unit_id if request.auth else None, by=request.user, now=timezone.now(),
        )  # fmt: skip
        return Response(_record(order), status=202, headers={"Location": reverse("api:export", args=[order.pk])})


class ExportDetail(Route):
    """One export."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": SCOPE}

    @extend_schema(operation_id="exports_get", responses={200: ExportOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Whether it waits, is being made, is ready, or why not."""
        read.read_parameters(request, {})
        return Response(_record(exports.order_for(request.user.access, pk)))


class ExportFile(Route):
    """The file of an export."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": SCOPE}

    @extend_schema(
        operation_id="exports_file",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **problems(400, 401, 403, 404, 409, 410)},
    )
    def get(self, request: ApiRequest, pk: int) -> HttpResponseBase:
        """Its content, for who ordered it, for a day; 409 before it is ready, 410 afterwards."""
        read.read_parameters(request, {})
        return attachments.stream(exports.fetch_export(order_id=pk, by=request.user, now=timezone.now()))
