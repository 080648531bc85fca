"""Shapes of cases, their steps, transitions, conversation and files."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.actions.deeds import DOORS
from complaints.choices import (
    CaseChannel,
    CaseKind,
    CaseLevel,
    CaseState,
    ClockKind,
    ClockState,
    EntryKind,
    Judgement,
    ReplyMethod,
)
from complaints.rules.steps import FIRST, LAST
from crm.core.api.serializers import MomentField, PhoneField, StrictSerializer, TextField
from visits.api.schemas import CustomerReference

Described = serializers.Serializer[Any]
Text = serializers.CharField
Number = serializers.IntegerField
Moment = serializers.DateTimeField


class ComplaintOut(Described):
    """A case: complaint, quality matter, service request, enquiry or business handling."""

    id = Number()
    number = Text()
    kind = serializers.ChoiceField(CaseKind.choices)
    state = serializers.ChoiceField(CaseState.choices)
    level = serializers.ChoiceField(CaseLevel.choices)
    round = Number(help_text="1, and one more at each reopening.")
    customer = Number()
    channel = serializers.ChoiceField(CaseChannel.choices)
    category = Text(allow_null=True)
    product = Text(allow_null=True)
    order_type = Text(allow_null=True)
    facts = Text()
    expectation = Text(help_text="What the customer hopes for.")
    happened_at = Moment(allow_null=True)
    numbers = Text()
    speaker_name = Text()
    received_at = Moment()
    logged_at = Moment()
    accepted_at = Moment(allow_null=True)
    first_reply_at = Moment(allow_null=True)
    first_action_at = Moment(allow_null=True)
    result = Text()
    reply_method = Text()
    replied_at = Moment(allow_null=True)
    is_resolved = serializers.BooleanField(allow_null=True)
    satisfaction = Number(allow_null=True)
    judgement = serializers.ChoiceField(Judgement.choices)
    cause = Text()
    closed_at = Moment(allow_null=True)
    merged_into = Number(allow_null=True)
    next_due_at = Moment(allow_null=True, help_text="The nearest running deadline.")
    is_breached = serializers.BooleanField(help_text="A deadline of this round was missed.")
    caused_by = Number(allow_null=True, help_text="The visit that caused it.")
    told_in = Number(allow_null=True)
    from_case = Number(allow_null=True)
    source = Text()  # type: ignore[assignment] # declared fields are taken off the class
    external_id = Text()
    version = Number()
    manager = Text(allow_null=True, help_text="Whose customer it was when it came in: staff number.")
    owner = Text(allow_null=True, help_text="Who answers for it: staff number.")
    unit = Text()


class ClockOut(Described):
    """One run of a clock."""

    round = Number()
    kind = serializers.ChoiceField(ClockKind.choices)
    turn = Number()
    state = serializers.ChoiceField(ClockState.choices)
    started_at = Moment()
    due_at = Moment(allow_null=True)
    remaining_seconds = Number(allow_null=True, help_text="While it stands still.")
    stopped_at = Moment(allow_null=True)


class OrderStepOut(Described):
    """A step of a business handling."""

    position = Number()
    code = Text()
    done_at = Moment(allow_null=True)


class ComplaintDetailOut(ComplaintOut):
    """A case with what may be done with it now."""

    allowed = serializers.ListField(child=Text(), help_text="Deeds the caller may do now.")
    done_steps = serializers.ListField(child=Number())
    next_step = Number(allow_null=True)
    order_steps = OrderStepOut(many=True)
    clocks = ClockOut(many=True)


class ComplaintIn(StrictSerializer):
    """What a customer brings; owner, unit, deadlines and number follow from it."""

    kind = serializers.ChoiceField(CaseKind.choices)
    customer = CustomerReference(required=False, help_text='Customer id, or {"source": …, "external_id": …}.')
    customer_number = TextField(
        required=False, max_length=30, help_text="Instead of `customer`: an exact customer or business number."
    )
    channel = serializers.ChoiceField(CaseChannel.choices, required=False)
    facts = TextField(max_length=2000, multiline=True)
    expectation = TextField(required=False, allow_blank=True, max_length=500, multiline=True)
    category = TextField(required=False, allow_blank=True, max_length=30)
    product = TextField(required=False, allow_blank=True, max_length=30, help_text="Product code.")
    order_type = TextField(required=False, allow_blank=True, max_length=30)
    level = serializers.ChoiceField(CaseLevel.choices, required=False)
    speaker_name = TextField(required=False, allow_blank=True, max_length=50)
    speaker_phone = PhoneField(required=False, allow_blank=True, max_length=30)
    numbers = TextField(required=False, allow_blank=True, max_length=200)
    happened_at = MomentField(required=False, allow_null=True)
    received_at = MomentField(required=False)
    caused_by = Number(required=False, allow_null=True, min_value=1, max_value=2**62, help_text="Visit id.")
    external_id = TextField(
        required=False, allow_blank=True, max_length=100, help_text="Its id in your system: sent twice, kept once."
    )


class ComplaintPatchIn(StrictSerializer):
    """What may be put right in an open case."""

    facts = TextField(required=False, max_length=2000, multiline=True)
    expectation = TextField(required=False, allow_blank=True, max_length=500, multiline=True)
    category = TextField(required=False, allow_blank=True, max_length=30)
    level = serializers.ChoiceField(CaseLevel.choices, required=False)
    speaker_name = TextField(required=False, allow_blank=True, max_length=50)
    speaker_phone = PhoneField(required=False, allow_blank=True, max_length=30)
    numbers = TextField(required=False, allow_blank=True, max_length=200)
    caused_by = Number(required=False, allow_null=True, min_value=1, max_value=2**62)


class StepIn(StrictSerializer):
    """The next of the six steps with the fields of its rule."""

    step = Number(min_value=FIRST, max_value=LAST)
    data = serializers.DictField(help_text="Fields of the step, as the guide names them.")  # type: ignore[assignment]


class StepOut(Described):
    """A step on record."""

    round = Number()
    step = Number()
    data = serializers.DictField()  # type: ignore[assignment] # as above
    done_at = Moment()
    done_by = Text()


class StepsOut(Described):
    """The steps of all rounds."""

    items = StepOut(many=True)


class StepRecordedOut(StepOut):
    """A step that was recorded, what is said about it, and the service phrases in our words."""

    warnings = serializers.ListField(child=Text())
    phrases = serializers.ListField(child=Number())


class TransitionIn(StrictSerializer):
    """A deed and the values it takes; one it does not take is refused."""

    deed = serializers.ChoiceField(sorted(DOORS))
    reason = TextField(required=False, max_length=300)
    until_at = MomentField(required=False)
    text = TextField(required=False, max_length=2000, multiline=True)
    method = serializers.ChoiceField(ReplyMethod.choices, required=False)
    told_at = MomentField(required=False)
    is_resolved = serializers.BooleanField(required=False)
    to_staff = TextField(required=False, max_length=20, help_text="Staff number.")
    to_unit = TextField(required=False, max_length=20, help_text="Unit code.")
    reply_due_at = MomentField(required=False)
    into = Number(required=False, min_value=1, max_value=2**62, help_text="Case id.")
    judgement = serializers.ChoiceField(Judgement.choices, required=False)
    note = TextField(required=False, allow_blank=True, max_length=300)
    cause = TextField(required=False, allow_blank=True, max_length=200)
    position = Number(required=False, min_value=0, max_value=100)


class AllowedOut(Described):
    """The deeds the caller may do now."""

    state = serializers.ChoiceField(CaseState.choices)
    allowed = serializers.ListField(child=Text())


WRITTEN = [(kind.value, kind.label) for kind in (EntryKind.NOTE, EntryKind.SAID, EntryKind.UPDATE)]


class EntryIn(StrictSerializer):
    """A line: a note, what the customer said, or an interim word to him (with its method)."""

    kind = serializers.ChoiceField(WRITTEN)
    text = TextField(max_length=2000, multiline=True)
    method = serializers.ChoiceField(ReplyMethod.choices, required=False)


class EntryOut(Described):
    """A line of the conversation."""

    id = Number()
    round = Number()
    kind = serializers.ChoiceField(EntryKind.choices)
    text = Text()
    code = Text()
    params = serializers.DictField()
    method = Text()
    phrases = serializers.ListField(child=Number())
    at = Moment()
    by = Text(allow_null=True)


class EntriesOut(Described):
    """The conversation, oldest first."""

    items = EntryOut(many=True)


class FileIn(StrictSerializer):
    """A file: its name and its content in base64."""

    name = TextField(max_length=150)
    content_base64 = serializers.CharField(trim_whitespace=True, max_length=16 * 1024 * 1024)


class FileOut(Described):
    """A file of a case."""

    id = Number()
    name = Text()
    content_type = Text()
    size = Number()
    added_at = Moment()
    by = Text()


class FilesOut(Described):
    """The files of a case."""

    items = FileOut(many=True)
