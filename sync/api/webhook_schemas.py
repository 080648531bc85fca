"""Shapes of webhooks and their deliveries."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from crm.core.api.serializers import MomentField, StrictSerializer, TextField
from sync.choices import MessageState, WebhookState

Described = serializers.Serializer[Any]
Number = serializers.IntegerField
URL = "https and public; `WEBHOOK_INTERNAL_HOSTS` opens hosts inside the house."
TYPES = "Types of the change feed to be told of."


class WebhookOut(Described):
    """An address that is told when something changes."""

    id = Number()
    client = serializers.CharField()
    url = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    state = serializers.ChoiceField(WebhookState.choices)
    failing_since = serializers.DateTimeField(allow_null=True)
    last_delivered_at = serializers.DateTimeField(allow_null=True)
    disabled_at = serializers.DateTimeField(allow_null=True, help_text="Switched off after five days of failures.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WebhookNewOut(WebhookOut):
    """A new webhook with its secret, which is not given again."""

    secret = serializers.CharField(help_text="Signs the messages (Standard Webhooks).")


class SecretOut(Described):
    """A new secret; the one before stays good for a day."""

    secret = serializers.CharField()


class WebhookIn(StrictSerializer):
    """A webhook of the calling client; a person names the client."""

    client = TextField(max_length=40, required=False, help_text="Name of the client; only for a person.")
    url = TextField(max_length=500, help_text=URL)
    types = serializers.ListField(child=TextField(max_length=40), min_length=1, max_length=60, help_text=TYPES)
    note = TextField(max_length=200, required=False, allow_blank=True)


class WebhookPatchIn(StrictSerializer):
    """What is to be changed; missing fields stay."""

    url = TextField(max_length=500, required=False, help_text=URL)
    types = serializers.ListField(
        child=TextField(max_length=40), min_length=1, max_length=60, required=False, help_text=TYPES
    )
    note = TextField(max_length=200, required=False, allow_blank=True)
    state = serializers.ChoiceField(("active", "paused"), required=False)


class TryOut(Described):
    """One try."""

    at = serializers.DateTimeField()
    status = Number(allow_null=True)
    milliseconds = Number()
    error = serializers.CharField(help_text="Why there is no status, or `redirect`.")
    answer = serializers.CharField(help_text="The beginning of the answer, masked.")


class DeliveryOut(Described):
    """A message and its tries."""

    id = Number()
    webhook_id = serializers.CharField(help_text="The header `webhook-id`, the same at every try.")
    type = serializers.CharField()
    record = Number()
    op = serializers.CharField()
    changed_at = serializers.DateTimeField()
    state = serializers.ChoiceField(MessageState.choices)
    attempts = Number()
    made_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    tries = TryOut(many=True)


class ReplayIn(StrictSerializer):
    """One delivery, or everything since a moment of the last thirty days."""

    delivery = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    since = MomentField(required=False)


class ReplayOut(Described):
    """So many messages wait again."""

    messages = Number()
