"""Reports of managers (PLAN-9…14, PLAN-23): prepared by the night, written, submitted, read or returned."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Staff, Unit
from crm.core.scope import ScopedModel
from visits.choices import ReportKind, ReportState


class WorkReport(ScopedModel):
    """One report of one manager on one period. `figures` are those of the day it was prepared."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    kind = models.CharField(max_length=20, choices=ReportKind)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    figures = models.JSONField(default=dict)
    # Code of the section → text; which there are is the rule of the kind.
    sections = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    prepared_at = models.DateTimeField()
    # The first time: late or not is decided by it (F30).
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_count = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    comment = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "staff", "starts_on"], name="one_report_per_kind_and_period"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="report_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="report_submitted_has_a_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-starts_on"], name="report_staff"),
            models.Index(fields=["due_on"], condition=Q(state="draft"), name="report_open_due"),
            models.Index(fields=["unit", "state"], name="report_unit_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.staff_id} {self.starts_on}"
