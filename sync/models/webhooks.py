"""Webhooks: where a client is told that something changed, what waits for it, and how each try went (sync-api)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.core.scope import ScopedModel
from sync.choices import MessageState, WebhookState
from sync.models.clients import Client


class Webhook(ScopedModel):
    """An address of a client that hears of changes of some types, each on its own way through the change feed."""

    SCOPE_PATHS = {"unit": "client__unit_id"}

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    types = ArrayField(models.CharField(max_length=40))
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=WebhookState, default=WebhookState.ACTIVE)
    # Sealed (crm.core.sealed); the one before stays good for a day, so that a receiver can change without a gap.
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    # Up to where the change feed was read for it.
    cursor = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    last_delivered_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class WebhookMessage(ScopedModel):
    """One change that a webhook is told of: at least once, and in order per record (by id)."""

    SCOPE_PATHS = {"unit": "webhook__client__unit_id"}

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True)
    type = models.CharField(max_length=40)
    record_id = models.BigIntegerField(default=0)
    op = models.CharField(max_length=10)
    cursor = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    try_after = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # What holds a later change of the same record back.
            models.Index(
                fields=["webhook", "type", "record_id", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="webhook_message_open",
            ),
            models.Index(fields=["webhook", "try_after"], condition=Q(state="waiting"), name="webhook_message_due"),
            models.Index(fields=["webhook", "-id"], name="webhook_message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.record_id} {self.op}"


class WebhookAttempt(ScopedModel):
    """One try: what the receiver answered, how long it took, or why nothing came of it."""

    SCOPE_PATHS = {"unit": "message__webhook__client__unit_id"}

    message = models.ForeignKey(WebhookMessage, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=40, blank=True)
    # The beginning of the answer, masked.
    answer = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
