"""What was looked at, and what was changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessKind(models.TextChoices):
    """The acts that leave a row although they change no business data (SEC-1, SEC-4, CUS-8)."""

    DENIED = "denied", _("Refused")
    REVEAL = "reveal", _("Full value shown")
    DIAL = "dial", _("Dialled")
    SIGN_IN = "sign_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGN_OUT = "sign_out", _("Signed out")
    EXPORT = "export", _("Exported")
    DOWNLOAD = "download", _("Downloaded")
    LOCKED = "locked", _("Locked out")
    LOOK = "look", _("Private data looked at")
    PRINT = "print", _("Printed")
    SHARE = "share", _("Shared with a customer")


class AccessLog(models.Model):
    """One look, refusal, sign-in or export. Append-only for the application's database role."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=AccessKind.choices)
    user = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", db_index=False)
    subject_table = models.CharField(max_length=64, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["user", "kind", "at"], name="core_access_user"),
            models.Index(fields=["subject_table", "subject_id", "at"], name="core_access_subject"),
            models.Index(fields=["at"], name="core_access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"


class Change(models.Model):
    """One changed row of a business table, written by triggers only (SEC-23, design: the change log)."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    tbl = models.TextField()
    row_id = models.BigIntegerField()
    op = models.CharField(max_length=1)
    actor = models.BigIntegerField(null=True)
    actor_label = models.TextField(default="")
    request_id = models.TextField(default="")
    ip = models.GenericIPAddressField(null=True)
    unit_before = models.BigIntegerField(null=True)
    unit_after = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    OPERATIONS: ClassVar[dict[str, str]] = {"I": "created", "U": "changed", "D": "deleted"}

    class Meta:
        managed = False
        db_table = "core_change"

    def __str__(self) -> str:
        return f"{self.seq} {self.op} {self.tbl} {self.row_id}"
