"""The monthly churn report of a unit (离网报表, RET-15)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from crm.core.scope import ScopedModel
from retention.choices import ChurnReportState


class ChurnReport(ScopedModel):
    """One report of one unit on one month. The figures are the system's: of the night, then of each submission."""

    SCOPE_PATHS = {"unit": "unit_id"}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    due_on = models.DateField()
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ChurnReportState, default=ChurnReportState.DRAFT)
    # What the unit says to the figures.
    comment = models.CharField(max_length=1000, blank=True)
    prepared_at = models.DateTimeField()
    # The first time: late or not is decided by it (F4).
    submitted_at = models.DateTimeField(null=True, blank=True)
    last_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    returned_count = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Why it was returned, the last time.
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="one_churn_report_per_unit_and_month"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="churn_report_submitted_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="churn_report_returned_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["-month", "unit"], name="churn_report_month"),
            models.Index(fields=["due_on"], name="churn_report_due"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"
