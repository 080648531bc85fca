"""Shapes of lines, lifecycle events and signals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import LifecycleKind, LineState, MemberState, SignalKind

Described = serializers.Serializer[Any]
Text = serializers.CharField
Number = serializers.IntegerField
MODE = ("partial", "atomic")
OF_SOURCE = "A person's calls only; a client writes under its own."
NATURAL = "Without it the same thing told twice is known by its content."


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "description": "Our id."},
            {"type": "string", "maxLength": 100, "description": "Our number, or the id in the client's own source."},
            {
                "type": "object",
                "properties": {"source": {"type": "string"}, "external_id": {"type": "string"}},
                "required": ["source", "external_id"],
                "additionalProperties": False,
            },
        ]
    }
)
class ReferenceField(serializers.JSONField):
    """Another record: an id, a number, or the id in a source."""


class LineOut(Described):
    """A number of a customer, or of a member of a group, from day to day."""

    id = Number()
    source = Text()  # type: ignore[assignment] # declared fields are taken off the class
    external_id = Text()
    number = Text(help_text="Masked in a browser's session.")
    customer = Number()
    customer_number = Text()
    member = Text(allow_null=True, help_text="Number under which the group knows the member.")
    state = serializers.ChoiceField(LineState.choices)
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True, help_text="The first day on which it is no longer his.")
    source_updated_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = Number()


class LineIn(Described):
    """One line, known by its `external_id`, or by number and day of opening. Missing fields stay, null clears."""

    external_id = Text(max_length=100, required=False)
    source = Text(max_length=40, required=False, help_text=OF_SOURCE)  # type: ignore[assignment]
    number = Text(max_length=20, required=False, help_text="Needed for a new line.")
    customer = ReferenceField(required=False, help_text="Needed for a new line.")
    member = Text(max_length=20, required=False, allow_null=True)
    state = serializers.ChoiceField(LineState.choices, required=False)
    opened_on = serializers.DateField(required=False, help_text="Needed for a new line.")
    closed_on = serializers.DateField(required=False, allow_null=True)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class LinesIn(Described):
    """Lines in order."""

    mode = serializers.ChoiceField(MODE, default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = LineIn(many=True)


class MemberOut(Described):
    """A subscriber line under a group (CUS-28)."""

    id = Number()
    msisdn = Text(help_text="Masked in a browser's session.")
    name = Text()
    state = serializers.ChoiceField(MemberState.choices)
    customer = Number()
    customer_number = Text()


class MemberIn(Described):
    """One member, known by the number. Told under another group, he has moved there."""

    msisdn = Text(max_length=20)
    external_id = Text(max_length=100, required=False, help_text="Only to tell the rows of the answer apart.")
    customer = ReferenceField(required=False, help_text="The group; needed for a new member.")
    name = Text(max_length=50, required=False, allow_null=True)
    state = serializers.ChoiceField(MemberState.choices, required=False)
    source_updated_at = serializers.DateTimeField(required=False, allow_null=True)


class MembersIn(Described):
    """Members in order."""

    mode = serializers.ChoiceField(MODE, default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = MemberIn(many=True)


class LifecycleEventOut(Described):
    """Something that happened to a line, or (`line` null) to the customer."""

    id = Number()
    source = Text()  # type: ignore[assignment]
    external_id = Text()
    customer = Number()
    customer_number = Text()
    line = Number(allow_null=True)
    kind = serializers.ChoiceField(LifecycleKind.choices)
    happened_on = serializers.DateField()
    destination = Text(help_text="Where a ported number went: code of a competitor.")
    reverses = Number(allow_null=True, help_text="The event that was told wrongly.")
    is_reversed = serializers.BooleanField()
    received_at = serializers.DateTimeField()


class LifecycleEventIn(Described):
    """One event. `closed` and `ported_out` of a customer make him churned, `transferred` exited."""

    external_id = Text(max_length=100, required=False, help_text=NATURAL)
    source = Text(max_length=40, required=False, help_text=OF_SOURCE)  # type: ignore[assignment]
    customer = ReferenceField(required=False, allow_null=True, help_text="The customer as a whole, or whose line.")
    line = ReferenceField(required=False, allow_null=True)
    kind = serializers.ChoiceField(LifecycleKind.choices, required=False, help_text="Needed, but for a reversal.")
    happened_on = serializers.DateField(required=False, help_text="Needed, but for a reversal.")
    destination = Text(max_length=40, required=False)
    reverses = ReferenceField(required=False, allow_null=True, help_text="The event that was told wrongly.")


class LifecycleEventsIn(Described):
    """Events in order."""

    mode = serializers.ChoiceField(MODE, default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = LifecycleEventIn(many=True)


class SignalOut(Described):
    """A hard sign that a customer is leaving."""

    id = Number()
    source = Text()  # type: ignore[assignment]
    external_id = Text()
    customer = Number()
    customer_number = Text()
    line = Number(allow_null=True)
    kind = serializers.ChoiceField(SignalKind.choices)
    happened_at = serializers.DateTimeField()
    text = Text()
    quantity = Number(allow_null=True, help_text="How many lines or members, where it is about several.")
    received_at = serializers.DateTimeField()
    handled_at = serializers.DateTimeField(allow_null=True, help_text="When an alert was open for it.")


class SignalIn(Described):
    """One signal."""

    external_id = Text(max_length=100, required=False, help_text=NATURAL)
    source = Text(max_length=40, required=False, help_text=OF_SOURCE)  # type: ignore[assignment]
    customer = ReferenceField(required=False, allow_null=True, help_text="This, or `line`.")
    line = ReferenceField(required=False, allow_null=True)
    kind = serializers.ChoiceField(SignalKind.choices)
    happened_at = serializers.DateTimeField()
    text = Text(max_length=500, required=False)
    quantity = Number(min_value=0, required=False, allow_null=True)


class SignalsIn(Described):
    """Signals in order."""

    mode = serializers.ChoiceField(MODE, default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = SignalIn(many=True)
