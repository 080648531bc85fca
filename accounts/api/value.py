"""`value-assessments`: what customers are worth, with every earlier judgement (CUS-16)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import ValueClass
from accounts.queries.value_records import value_records
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route

SEES = "view_customers"
FILTERS: dict[str, read.Reader] = {
    "customer": read.text,
    "value_class": read.one_of(*ValueClass.values),
    "is_current": read.flag,
    "assessed_from": read.day,
    "assessed_to": read.day,
}


class ValueAssessmentOut(serializers.Serializer[Any]):
    """Three factors from 1 to 5, weighted as they were on the day."""

    id = serializers.IntegerField()
    customer = serializers.CharField(help_text="Customer number.")
    assessed_on = serializers.DateField()
    volume = serializers.IntegerField()
    growth = serializers.IntegerField()
    potential = serializers.IntegerField()
    score = serializers.DecimalField(max_digits=3, decimal_places=2)
    value_class = serializers.ChoiceField(ValueClass.choices)
    note = serializers.CharField(allow_blank=True)
    is_current = serializers.BooleanField()
    at = serializers.DateTimeField()


class ValueAssessmentList(Route):
    """Value assessments in sight."""

    abilities = {"GET": SEES}
    token_scopes = {"GET": "customers:read"}

    @extend_schema(
        operation_id="value_assessments_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(ValueAssessmentOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List value assessments by id."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        scope = request.user.access.scope_for(SEES)
        return page_answer(request, ValueAssessmentOut, value_records, scope, filters=given)
