"""`weather-warnings` (write): a weather service tells of a change (ENG-1)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.core.api import filters as read
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, problems
from crm.core.api.serializers import StrictSerializer, TextField
from crm.core.api.views import Route, idempotent
from visits import actions


class WeatherIn(StrictSerializer):
    """A change of weather in a district."""

    district = TextField(max_length=30)
    text = TextField(max_length=200, help_text="One sentence the managers may pass on.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class WeatherOut(serializers.Serializer[Any]):
    """What follows from it."""

    id = serializers.IntegerField()
    tasks = serializers.IntegerField(help_text="Care tasks made for managers of the district; 0 when told before.")


class WeatherList(Route):
    """Weather warnings by district."""

    abilities = {"POST": "tell_weather"}
    token_scopes = {"POST": "care:write"}

    @extend_schema(
        operation_id="weather_warnings_create",
        request=WeatherIn,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(WeatherOut, description="Told."),
            **problems(400, 401, 403, 409, 413, 415, 422),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Tell of a change of weather: the managers of the district get care tasks."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._tell(request))

    def _tell(self, request: ApiRequest) -> Response:
        body = WeatherIn(data=request.data)
        body.is_valid(raise_exception=True)
        warning, made = actions.tell_weather(**body.validated_data, by=request.user, now=timezone.now())
        return Response({"id": warning.pk, "tasks": made}, status=201)
