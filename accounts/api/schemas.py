"""Shapes of the API's answers and bodies: they describe and check, lists are rendered from value rows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.choices import (
    CustomerKind,
    CustomerState,
    DutyState,
    MarketBand,
    PreferredChannel,
    Sex,
    SimKind,
)
from crm.core.api.serializers import MomentField, RowsField, StrictSerializer

Described = serializers.Serializer[Any]


class UnitOut(Described):
    """A unit of the organisation."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    parent = serializers.CharField(allow_null=True, help_text="Code of the unit above.")  # type: ignore[assignment] # declared fields are taken off the class
    area = serializers.CharField()
    is_active = serializers.BooleanField()
    live_from = serializers.DateField(allow_null=True, help_text="Its ledger starts here.")
    version = serializers.IntegerField()


class StaffOut(Described):
    """A staff member."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(help_text="Unit code.")
    line = serializers.CharField()
    grade = serializers.CharField()
    phone = serializers.CharField()
    supervisor = serializers.CharField(allow_null=True, help_text="Staff number.")
    backup = serializers.CharField(allow_null=True, help_text="Staff number.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class TierOut(Described):
    """A tier with its cadence in force."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    code = serializers.CharField()
    rank = serializers.IntegerField(help_text="1 is best.")
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    contact_period = serializers.CharField(help_text="month, quarter, half, year; empty: nothing is owed.")
    effective_from = serializers.DateField(allow_null=True)


class PersonCardOut(Described):
    """A colleague as the customer's contact (ORG-10)."""

    number = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()


class CorrectionOut(Described):
    """What a person put beside what the owner of a field says; as texts, null for nothing."""

    value = serializers.CharField(allow_null=True)
    source_value = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()


class CustomerOut(Described):
    """A customer with his standing."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    external_ids = serializers.DictField(child=serializers.CharField())
    kind = serializers.ChoiceField(CustomerKind.choices)
    name = serializers.CharField()
    state = serializers.ChoiceField(CustomerState.choices)
    unit = serializers.CharField(help_text="Unit code.")
    manager = PersonCardOut(allow_null=True)
    backup_manager = PersonCardOut(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    phone = serializers.CharField()
    other_phone = serializers.CharField()
    email = serializers.CharField()
    district = serializers.CharField()
    business_address = serializers.CharField()
    credit_code = serializers.CharField()
    industry = serializers.CharField()
    market_band = serializers.CharField()
    monthly_spend = serializers.CharField(allow_null=True, help_text="CNY.")
    joined_on = serializers.DateField(allow_null=True)
    exited_on = serializers.DateField(allow_null=True)
    is_important = serializers.BooleanField()
    preferred_channel = serializers.CharField()
    preferred_time = serializers.CharField()
    no_marketing = serializers.BooleanField()
    sim_kind = serializers.CharField()
    last_visit_on = serializers.DateField(allow_null=True)
    next_due_on = serializers.DateField(allow_null=True)
    duty_state = serializers.ChoiceField(DutyState.choices)
    is_overdue = serializers.BooleanField()
    completeness = serializers.IntegerField(help_text="Per cent of the required fields.")
    corrections = serializers.DictField(
        child=CorrectionOut(), help_text="By field: corrected here, to be confirmed by the source that owns it."
    )
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class PersonIn(StrictSerializer):
    """Basic and preference facts of a person (CUS-6, CUS-7)."""

    sex = serializers.ChoiceField(Sex.choices, required=False, allow_blank=True, allow_null=True)
    birthday = serializers.DateField(required=False, allow_null=True)
    is_lunar_birthday = serializers.BooleanField(required=False)
    personality = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    sports = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    reward_preference = serializers.CharField(required=False, allow_blank=True, allow_null=True)


class CustomerIn(StrictSerializer):
    """What a client may write. Missing fields stay, null clears (sync-api)."""

    kind = serializers.ChoiceField(CustomerKind.choices, required=False)
    name = serializers.CharField(required=False)
    state = serializers.ChoiceField(CustomerState.choices, required=False)
    unit = serializers.CharField(required=False, help_text="Unit code.")
    manager = serializers.CharField(required=False, allow_null=True, help_text="Staff number.")
    tier = serializers.CharField(required=False, allow_null=True, help_text="Tier code.")
    phone = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    other_phone = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    email = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    district = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    business_address = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    credit_code = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    industry = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    market_band = serializers.ChoiceField(MarketBand.choices, required=False, allow_blank=True, allow_null=True)
    monthly_spend = serializers.DecimalField(14, 2, required=False, allow_null=True, min_value=0)
    joined_on = serializers.DateField(required=False, allow_null=True)
    exited_on = serializers.DateField(required=False, allow_null=True)
    preferred_channel = serializers.ChoiceField(
        PreferredChannel.choices, required=False, allow_blank=True, allow_null=True
    )
    preferred_time = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    no_marketing = serializers.BooleanField(required=False)
    sim_kind = serializers.ChoiceField(SimKind.choices, required=False, allow_blank=True, allow_null=True)
    sim_issued_on = serializers.DateField(required=False, allow_null=True)
    person = PersonIn(required=False)
    source_updated_at = MomentField(required=False, help_text="Older than what is stored → stale.")


class BulkItemIn(CustomerIn):
    """One row of a bulk call."""

    external_id = serializers.CharField(max_length=100)
    source = serializers.CharField(  # type: ignore[assignment] # declared fields are taken off the class
        max_length=40, required=False, help_text="The client's own source without it."
    )


class BulkIn(StrictSerializer):
    """Up to 1,000 rows. The rows are checked one by one."""

    mode = serializers.ChoiceField(["partial", "atomic"], default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = RowsField(min_length=1, max_length=1000)


ROW_STATUS = ("created", "updated", "unchanged", "stale", "failed")
"""What came of a row of a bulk call."""
WRITE_STATUS = ("created", "updated", "unchanged", "stale")
"""What came of a write of one record; a failed one is a problem."""


class ProblemRowOut(Described):
    """One reason why a row failed."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class LeftAloneOut(Described):
    """Fields of a customer that a write did not put down as told, and why."""

    proposed = serializers.ListField(child=serializers.CharField())
    not_owned = serializers.ListField(
        child=serializers.CharField(), help_text="Fields left alone: another source owns them."
    )
    ignored_fields = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Only with `Prefer: handling=lenient`."
    )
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="Fields whose old value was repeated while a correction waits."
    )


class BulkRowOut(LeftAloneOut):
    """The answer to one row, in order."""

    index = serializers.IntegerField()
    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(ROW_STATUS)
    id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    errors = ProblemRowOut(many=True)  # type: ignore[assignment] # declared fields are taken off the class


class BulkOut(Described):
    """The answers of a bulk call."""

    items = BulkRowOut(many=True)


class WriteOut(LeftAloneOut):
    """The answer to a single write: what happened, and the record as it is now."""

    status = serializers.ChoiceField(WRITE_STATUS)
    record = CustomerOut()


class ExternalIdIn(StrictSerializer):
    """The id of a customer in one source."""

    external_id = serializers.CharField(max_length=100)


class ExternalIdsOut(Described):
    """All external ids of a customer."""

    external_ids = serializers.DictField(child=serializers.CharField())
