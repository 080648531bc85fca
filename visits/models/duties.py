"""The duty ledger: one row per customer, rule and period, met or missed, for ever (CON-1, 2, 4)."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from accounts.choices import Purpose
from accounts.models import Customer, Staff, Tier, TierRule, Unit
from crm.core.scope import ScopedModel
from visits.choices import DutyState, ExcuseKind, ExcuseState
from visits.models.visits import OF_CUSTOMER, Visit


class Duty(ScopedModel):
    """What is owed to a customer in a period. `due_on` alone decides missed; `suggested_on` gives the pace.

    A night may open a million rows: only the indexes that something asks for.
    """

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="duties", db_index=False)
    rule = models.ForeignKey(TierRule, models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.CONTACT)
    starts_on = models.DateField()
    owed_from = models.DateField()
    due_on = models.DateField()
    suggested_on = models.DateField()
    # Set when a person moved the suggestion (postponed): the night leaves it alone.
    postponed_at = models.DateTimeField(null=True, blank=True)
    # Who is (was) credited: manager of record while open; decisions 6 once closed. Null: the unit.
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=DutyState, default=DutyState.OPEN)
    met_by = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="settles", db_index=False)
    met_on = models.DateField(null=True, blank=True)
    is_introduction = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    # After the freeze a row never changes; a correction is revision + 1 with reason and signer.
    frozen_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    correction_reason = models.CharField(max_length=200, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "rule", "starts_on", "revision"], name="one_duty_per_period_and_revision"
            )
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="open"), name="duty_open_due"),
            models.Index(fields=["manager", "suggested_on"], condition=Q(state="open"), name="duty_open_manager"),
            models.Index(fields=["due_on", "id"], condition=Q(state="provisional"), name="duty_provisional"),
            models.Index(fields=["manager", "due_on"], name="duty_manager_due"),
            # The few rows that were corrected after their freeze (decisions 2): what a figure must look past.
            models.Index(fields=["due_on"], condition=Q(revision__gt=1), name="duty_corrected"),
            models.Index(fields=["met_by"], condition=Q(met_by__isnull=False), name="duty_met_by"),
            # Rows come in order of their period: the month's freeze reads its own part of the table.
            BrinIndex(fields=["due_on"], name="duty_due_range"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.starts_on} {self.state}"


class Excuse(ScopedModel):
    """A request to leave a duty out of the count; a supervisor decides, never the asker (SEC-24)."""

    SCOPE_PATHS = {"unit": "duty__customer__unit_id", "manager": "duty__customer__manager_id"}

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="excuses")
    kind = models.CharField(max_length=20, choices=ExcuseKind)
    text = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=ExcuseState, default=ExcuseState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty"], condition=Q(state="requested"), name="one_open_excuse_per_duty")
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.state}"


class MonthFreeze(models.Model):
    """A frozen month (decisions 3): duties due in it no longer change."""

    month = models.DateField(unique=True)  # first day
    frozen_at = models.DateTimeField()

    objects = models.Manager()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
