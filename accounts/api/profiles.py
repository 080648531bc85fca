"""`customers/{id}/profile`: the profile groups by scope; the private one by its own, each look logged (sync-api)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.actions.private import PrivateView, hand_out_private
from accounts.api.customers import READ
from accounts.choices import Sex
from accounts.queries.profile_records import profile_record
from crm.core.api.filters import read_parameters
from crm.core.api.request import ApiRequest
from crm.core.api.schema import problems
from crm.core.api.views import Route, etag

PRIVATE = "private:read"
Described = serializers.Serializer[Any]


class PersonOut(Described):
    """Basic and preference facts of a person (CUS-6, CUS-7)."""

    sex = serializers.ChoiceField([*Sex.values, ""])
    birthday = serializers.DateField(allow_null=True)
    is_lunar_birthday = serializers.BooleanField()
    personality = serializers.CharField()
    sports = serializers.CharField()
    reward_preference = serializers.CharField()


class ChannelOut(Described):
    """The licence of a channel customer."""

    licence_no = serializers.CharField()
    licence_until = serializers.DateField(allow_null=True)


class PrivateValuesOut(Described):
    """The private group (CUS-8)."""

    home_address = serializers.CharField()
    id_number = serializers.CharField()
    occupation = serializers.CharField()
    employer = serializers.CharField()
    position = serializers.CharField()
    family_background = serializers.CharField()
    consent_on = serializers.DateField(allow_null=True)
    consent_note = serializers.CharField()


class FamilyOut(Described):
    """A family member."""

    id = serializers.IntegerField()
    relation = serializers.CharField()
    name = serializers.CharField()
    birthday = serializers.DateField(allow_null=True)


class JobChangeOut(Described):
    """A change of job."""

    id = serializers.IntegerField()
    changed_on = serializers.DateField()
    employer_before = serializers.CharField()
    employer_after = serializers.CharField()


class PrivateOut(Described):
    """Masked without the scope: which fields are filled, nothing of what is in them."""

    is_masked = serializers.BooleanField()
    filled = serializers.ListField(child=serializers.CharField())
    values = PrivateValuesOut(allow_null=True)
    family = FamilyOut(many=True, allow_null=True)
    jobs = JobChangeOut(many=True, allow_null=True)


class ProfileOut(Described):
    """The profile groups of a customer."""

    customer = serializers.IntegerField()
    version = serializers.IntegerField()
    person = PersonOut(allow_null=True)
    channel = ChannelOut(allow_null=True)
    private = PrivateOut(help_text="In clear only for a token with `private:read`; each such look is logged.")


class CustomerProfile(Route):
    """The profile of one customer."""

    abilities = {"GET": "view_customers"}
    token_scopes = {"GET": READ}

    @extend_schema(operation_id="customers_profile", responses={200: ProfileOut, **problems(400, 401, 403, 404, 410)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get the profile groups with the ETag of the customer."""
        read_parameters(request, {})
        record = profile_record(request.user.access.scope, pk)
        if request.auth is not None and PRIVATE in request.auth.scopes:
            record["private"] |= in_clear(hand_out_private(customer_id=pk, by=request.user, now=timezone.now()))
        return Response(record, headers={"ETag": etag(record["version"])})


def in_clear(view: PrivateView) -> dict[str, Any]:
    """The private group for who may see it."""
    return {
        "is_masked": False,
        "values": view.values | {"consent_on": view.values["consent_on"] or None},
        "family": [asdict(member) for member in view.family],
        "jobs": [asdict(job) for job in view.jobs],
    }
