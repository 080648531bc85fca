"""Across, then up: dispatch to another unit, escalation level by level (RET-13, CMP-24; design 4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.choices import DispatchState, EscalationState, StepState
from accounts.models.customers import OF_CUSTOMER, Customer
from accounts.models.staff import Staff, Unit
from crm.core.scope import ScopedModel


class Dispatch(ScopedModel):
    """派单: a matter of a customer sent to another unit, with the moment by which it must reply (回单)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="dispatches")
    # The row the matter came from: customer voice, later a case or an alert.
    origin_table = models.CharField(max_length=40)
    origin_id = models.BigIntegerField()
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=1000)
    reply_due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=DispatchState, default=DispatchState.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    reply = models.CharField(max_length=1000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    urge_count = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin_table", "origin_id", "to_unit"],
                condition=Q(state="sent"),
                name="one_open_dispatch_per_origin_and_unit",
            )
        ]
        indexes = [
            models.Index(fields=["to_unit", "reply_due_at"], condition=Q(state="sent"), name="dispatch_open_by_unit"),
            models.Index(fields=["reply_due_at"], condition=Q(state="sent"), name="dispatch_open_due"),
            models.Index(fields=["origin_table", "origin_id"], name="dispatch_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.to_unit_id}"


class Escalation(ScopedModel):
    """上报: a matter reported up, level by level, none left out (RET-13)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="escalations")
    origin_table = models.CharField(max_length=40)
    origin_id = models.BigIntegerField()
    subject = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    # Null: the clock reported it, nobody having answered in time.
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EscalationState, default=EscalationState.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin_table", "origin_id"], condition=Q(state="open"), name="one_open_escalation_per_origin"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class EscalationStep(ScopedModel):
    """One level of an escalation: whose it is, until when, and what he said or offered."""

    SCOPE_PATHS = {"unit": "escalation__customer__unit_id", "manager": "escalation__customer__manager_id"}

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="steps", db_index=False)
    level = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    reached_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=StepState, default=StepState.WAITING)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["escalation", "level"], name="one_step_per_level")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "accepted"]), name="escalation_step_due")
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}/{self.level}"
