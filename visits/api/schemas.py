"""Shapes of visits and duties."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import Purpose
from crm.core.api.serializers import MomentField, StrictSerializer
from visits.choices import Direction, DutyState, Mood

Described = serializers.Serializer[Any]


class VisitOut(Described):
    """A logged contact."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    staff = serializers.CharField(help_text="Who held it: staff number.")
    manager = serializers.CharField(allow_null=True, help_text="Manager of record of the day: staff number.")
    unit = serializers.CharField()
    party = serializers.CharField()
    channel = serializers.CharField()
    direction = serializers.ChoiceField(Direction.choices)
    outcome = serializers.CharField()
    occasion = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    work_class = serializers.CharField()
    category = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    logged_at = serializers.DateTimeField()
    is_backdated = serializers.BooleanField()
    is_bulk = serializers.BooleanField()
    counts = serializers.BooleanField(help_text="Settles what is owed.")
    place = serializers.CharField()
    content = serializers.CharField()
    result = serializers.CharField()
    next_step = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    mood = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # declared fields are taken off the class
    external_id = serializers.CharField()
    version = serializers.IntegerField()
    is_undone = serializers.BooleanField()


class ReferenceIn(StrictSerializer):
    """A customer by the id of another system."""

    source = serializers.CharField(max_length=40)  # type: ignore[assignment] # as above
    external_id = serializers.CharField(max_length=100)


REFERENCE_SCHEMA = {
    "oneOf": [
        {"type": "integer"},
        {
            "type": "object",
            "properties": {
                "source": {"type": "string", "maxLength": 40},
                "external_id": {"type": "string", "maxLength": 100},
            },
            "required": ["source", "external_id"],
            "additionalProperties": False,
        },
    ]
}


@extend_schema_field(REFERENCE_SCHEMA)
class CustomerReference(serializers.Field[Any, Any, Any, Any]):
    """An id, or `{"source", "external_id"}`."""

    def to_internal_value(self, data: Any) -> Any:
        """int or a dict of both names."""
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        inner = ReferenceIn(data=data)
        inner.is_valid(raise_exception=True)
        return dict(inner.validated_data)

    def to_representation(self, value: Any) -> Any:
        """As it stands."""
        return value


class VisitIn(StrictSerializer):
    """A visit to log. What can be computed (class, kind, party, what counts) is never given."""

    customer = CustomerReference(help_text='Customer id, or {"source": …, "external_id": …}.')
    staff = serializers.CharField(required=False, help_text="Staff number; a token must name it.")
    channel = serializers.CharField(max_length=30)
    outcome = serializers.CharField(max_length=30)
    occasion = serializers.CharField(max_length=30, required=False, allow_blank=True)
    direction = serializers.ChoiceField(Direction.choices, required=False)
    occurred_at = MomentField()
    ended_at = MomentField(required=False, allow_null=True)
    place = serializers.CharField(required=False, allow_blank=True)
    content = serializers.CharField(required=False, allow_blank=True)
    result = serializers.CharField(required=False, allow_blank=True)
    mood = serializers.ChoiceField(Mood.choices, required=False, allow_blank=True)
    next_step = serializers.CharField(required=False, allow_blank=True)
    next_on = serializers.DateField(required=False, allow_null=True)
    external_id = serializers.CharField(required=False, max_length=100, allow_blank=True)


class VisitLoggedOut(Described):
    """The answer to a logged visit."""

    record = VisitOut()
    settled_duties = serializers.ListField(child=serializers.IntegerField())
    warnings = serializers.ListField(child=serializers.CharField())
    is_duplicate = serializers.BooleanField()


class DutyOut(Described):
    """A row of the ledger: what was owed to a customer in a period."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    purpose = serializers.ChoiceField(Purpose.choices)
    starts_on = serializers.DateField()
    owed_from = serializers.DateField()
    due_on = serializers.DateField()
    suggested_on = serializers.DateField()
    manager = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    tier = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(DutyState.choices)
    met_by = serializers.IntegerField(allow_null=True, help_text="Visit id.")
    met_on = serializers.DateField(allow_null=True)
    is_introduction = serializers.BooleanField()
    revision = serializers.IntegerField()
    is_frozen = serializers.BooleanField()
