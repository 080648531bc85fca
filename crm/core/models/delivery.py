"""Notices that leave the browser: one's own choices, and the outbox (PLT-6)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeliveryChannel(models.TextChoices):
    """Ways out of the house; each is an address of apprise in the settings."""

    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    SMS = "sms", _("SMS")


class DeliveryState(models.TextChoices):
    """Where a message stands. Unknown: the process died while it was sent; a person looks, nothing is sent again."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Outcome unknown")
    PARKED = "parked", _("Kept here")


class DeliveryKind(models.TextChoices):
    """One message per person and morning, or one at once for a clock."""

    DIGEST = "digest", _("Morning digest")
    SINGLE = "single", _("At once")


class NoticeChoice(models.Model):
    """How one person wants to be told; without a row the house's defaults hold."""

    user = models.OneToOneField("core.User", models.CASCADE, related_name="+")
    channels = ArrayField(models.CharField(max_length=10, choices=DeliveryChannel.choices), default=list)
    wants_digest = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    # His name in WeCom and DingTalk, where it is not his staff number.
    wecom = models.CharField(max_length=64, blank=True, default="")
    dingtalk = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return str(self.user_id)


class Delivery(models.Model):
    """One message on one channel to one person; claimed with a lease, sent once or never."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=DeliveryChannel.choices)
    kind = models.CharField(max_length=10, choices=DeliveryKind.choices)
    occasion = models.CharField(max_length=64)  # the day of a digest, the number of a notice
    notices = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    try_after = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "kind", "occasion"], name="core_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["try_after", "id"],
                name="core_delivery_open",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["-id"], name="core_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.occasion}"
