"""Shapes of contact persons."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.line_schemas import MODE, ReferenceField
from accounts.choices import ContactRole
from crm.core.api.serializers import MomentField, StrictSerializer

OLDER = "Older than what is stored → stale."
Described = serializers.Serializer[Any]


class ContactPersonOut(Described):
    """A contact person of a group or channel customer (CUS-24)."""

    id = serializers.IntegerField()
    customer = serializers.IntegerField()
    name = serializers.CharField()
    position = serializers.CharField()
    role = serializers.ChoiceField(ContactRole.choices)
    phone = serializers.CharField()
    birthday = serializers.DateField(allow_null=True)
    relation_strength = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()
    source = serializers.CharField(help_text="Whose id it is; empty: nobody's.")  # type: ignore[assignment]
    external_id = serializers.CharField()
    version = serializers.IntegerField()


class ContactPersonIn(StrictSerializer):
    """What a client may write of a contact person."""

    name = serializers.CharField(required=False)
    position = serializers.CharField(required=False, allow_blank=True)
    role = serializers.ChoiceField(ContactRole.choices, required=False)
    phone = serializers.CharField(required=False, allow_blank=True)
    birthday = serializers.DateField(required=False, allow_null=True)
    relation_strength = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5)
    is_active = serializers.BooleanField(required=False)


class ContactPersonNewIn(ContactPersonIn):
    """One contact person, known by his `external_id`, else by customer and name. Missing fields stay, null clears."""

    external_id = serializers.CharField(max_length=100, required=False, help_text="His id in the client's own source.")
    customer = ReferenceField(required=False, help_text="Needed for a new one; he stays with his customer.")
    source_updated_at = MomentField(required=False, help_text=OLDER)


class ContactPersonsIn(Described):
    """Contact persons in order."""

    mode = serializers.ChoiceField(MODE, default="partial")
    dry_run = serializers.BooleanField(default=False)
    items = ContactPersonNewIn(many=True)
