"""Files that leave the house (SEC-1): each is ordered, perhaps approved, made, fetched, and gone after a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.scope import ScopedModel


class ExportState(models.TextChoices):
    """Where an export stands."""

    REQUESTED = "requested", _("Waits for approval")
    REFUSED = "refused", _("Refused")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class ExportFormat(models.TextChoices):
    """What the file is."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class ExportOrder(ScopedModel):
    """One registered export; its id is the registration number that stands on every sheet and row of the file.

    `unit_id` and `staff_id` are those of whoever asked, on the day he did: approvers and auditors see it by them.
    """

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    list_key = models.CharField(max_length=40)
    # The address of the list, as the list itself reads it: names and ids of filters.
    query = models.TextField(max_length=4000, blank=True, default="")
    columns = models.JSONField(default=list)
    file_format = models.CharField(max_length=4, choices=ExportFormat.choices, default=ExportFormat.CSV)
    language = models.CharField(max_length=10, default="zh-hans")
    reason = models.CharField(max_length=200)
    is_unmasked = models.BooleanField(default=False)
    purpose = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.MAKING)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+", db_index=False)
    # What a client's token may do at most, kept because the file is made when the call is over.
    limits = models.JSONField(default=dict)
    unit_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True, default="")
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+", db_index=False)
    file = models.ForeignKey("core.Attachment", models.SET_NULL, null=True, related_name="+", db_index=False)
    rows = models.PositiveIntegerField(null=True)
    # The made-up row by which a copy of the file is recognised.
    canary = models.CharField(max_length=60, blank=True, default="")
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_unmasked=False) | ~Q(purpose=""), name="unmasked_has_its_purpose"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")), name="export_decided_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-requested_at"], name="export_by"),
            models.Index(fields=["unit_id", "-id"], name="export_unit"),
            models.Index(fields=["id"], condition=Q(state="requested"), name="export_waiting"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_ready"),
        ]

    def __str__(self) -> str:
        return f"E{self.pk}"
