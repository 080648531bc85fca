"""`service-policies` and `policy-enrolments`: what customers may enjoy, and who enjoys what (ENG-5, ENG-6)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route
from engagement.choices import PolicyKind
from engagement.page_context import SEES
from engagement.queries.records import enrolment_records, policy_records

READ = "policies:read"
POLICY_FILTERS: dict[str, read.Reader] = {"kind": read.one_of(*PolicyKind.values), "is_given": read.flag}
ENROLMENT_FILTERS: dict[str, read.Reader] = {"customer": read.number, "policy": read.text, "running_on": read.day}


class ServicePolicyOut(serializers.Serializer[Any]):
    """A policy of the catalogue."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(PolicyKind.choices)
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    benefits_zh = serializers.CharField()
    benefits_en = serializers.CharField()
    cost = serializers.DecimalField(14, 2, help_text="CNY a year for one customer.")
    tiers = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the tiers it is for, `kind:code`; empty: for everybody."
    )
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    is_given = serializers.BooleanField(help_text="In use, and today lies between its days.")


class PolicyEnrolmentOut(serializers.Serializer[Any]):
    """A customer enjoys a policy from a day on, to a day inclusive or (null) for good."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    customer_number = serializers.CharField()
    policy = serializers.CharField(help_text="Code of the policy.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    used_on = serializers.DateField(allow_null=True, help_text="When the customer last made use of it.")
    enrolled_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class PolicyList(Route):
    """The catalogue."""

    feed = "service_policy"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="service_policies_list",
        parameters=list_parameters(POLICY_FILTERS),
        responses={200: page_of(ServicePolicyOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List the service policies, marketing policies and special care there are."""
        given = read.read_parameters(request, POLICY_FILTERS, also=PAGE)
        return page_answer(request, ServicePolicyOut, policy_records, timezone.localdate(), filters=given)


class EnrolmentList(Route):
    """Enrolments of the customers in sight."""

    feed = "policy_enrolment"
    abilities = {"GET": SEES}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="policy_enrolments_list",
        parameters=list_parameters(ENROLMENT_FILTERS),
        responses={200: page_of(PolicyEnrolmentOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List enrolments by id."""
        given = read.read_parameters(request, ENROLMENT_FILTERS, also=PAGE)
        return page_answer(request, PolicyEnrolmentOut, enrolment_records, request.user.access.scope, filters=given)
