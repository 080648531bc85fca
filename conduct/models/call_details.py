"""The register of printed call details (详单打印登记): nothing is printed that is not in it (SEC-6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Line
from conduct.choices import PrintState
from crm.core.models import Attachment
from crm.core.scope import ScopedModel


class CallDetailPrint(ScopedModel):
    """Somebody asks for a number's details of a month; a second person registers it; then it prints once."""

    SCOPE_PATHS = {"unit": "customer__unit_id", "manager": "customer__manager_id"}

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", db_index=False)
    # First day of the month that is printed.
    month = models.DateField()
    purpose = models.CharField(max_length=200)
    # What the customer authorised it by: a file, or his signature under this row.
    authorisation = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", db_index=False)
    authorised_by = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=PrintState, default=PrintState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    # The director of services or somebody of the back office, never who asked.
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    registered_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True, default="")
    expires_at = models.DateTimeField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="call_details_of_a_whole_month"),
            models.CheckConstraint(
                condition=Q(registered_by=None) | ~Q(registered_by=F("requested_by")),
                name="call_details_registered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(printed_at=None) | Q(registered_by__isnull=False, pages__isnull=False),
                name="call_details_printed_when_registered",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="call_details_customer"),
            models.Index(fields=["id"], condition=Q(state="requested"), name="call_details_waiting"),
        ]

    def __str__(self) -> str:
        return f"D{self.pk}"
