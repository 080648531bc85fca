"""Outings (外出登记): who leaves the house, for what, and when he is back (SEC-7, SEC-8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Staff, Unit
from conduct.choices import OutingSource, OutingState
from crm.core.scope import ScopedModel


class Outing(ScopedModel):
    """One way out of the house, registered before leaving; the supervisor is told."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="outings", db_index=False)
    # His unit and supervisor on the day.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    supervisor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()  # local date of leaving
    leaves_at = models.DateTimeField()
    returns_at = models.DateTimeField()
    destination = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=OutingSource, default=OutingSource.HAND)
    state = models.CharField(max_length=12, choices=OutingState, default=OutingState.REGISTERED)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    left_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    # Nobody tapped "back": the night closed it at the end of its day.
    closed_by_night = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(returns_at__gt=F("leaves_at")), name="outing_returns_after_leaving"),
            models.CheckConstraint(
                condition=Q(back_at=None) | Q(back_at__gte=F("left_at")), name="outing_back_after_left"
            ),
            models.UniqueConstraint(fields=["staff"], condition=Q(state="out"), name="out_once_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["staff", "-day"], name="outing_staff_day"),
            models.Index(fields=["unit", "-day"], name="outing_unit_day"),
            models.Index(fields=["-leaves_at", "-id"], name="outing_time"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.day}"


class OutingCustomer(ScopedModel):
    """A customer who is to be visited on the way."""

    SCOPE_PATHS = {"unit": "customer__unit_id", "manager": "customer__manager_id"}

    outing = models.ForeignKey(Outing, models.CASCADE, related_name="stops", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outing", "customer"], name="outing_customer_once")]

    def __str__(self) -> str:
        return f"{self.outing_id}:{self.customer_id}"
