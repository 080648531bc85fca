"""Alerts and what was done about them (RET-3…6, RET-20)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.choices import AlertLevel
from accounts.models import Customer, Signal, Staff
from accounts.models.customers import OF_CUSTOMER
from crm.core.models import Attachment
from crm.core.scope import ScopedModel
from retention.choices import ALERT_ENDS, AlertOutcome, AlertState, AlertTrigger
from retention.models.model import RiskModel

OF_ALERT = {"unit": "alert__customer__unit_id", "manager": "alert__customer__manager_id"}


class Alert(ScopedModel):
    """A customer who may leave (异动客户): why, by when somebody acts, and what came of it. One open per customer."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    # Whose it was when it opened: credit of F5 (decisions 6).
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    trigger = models.CharField(max_length=10, choices=AlertTrigger)
    level = models.CharField(max_length=6, choices=AlertLevel)
    state = models.CharField(max_length=14, choices=AlertState, default=AlertState.OPEN)
    # What it was raised by: points of every signal under this model, and the hard signal if there was one (T13).
    model = models.ForeignKey(RiskModel, models.PROTECT, related_name="+", db_index=False)
    points = models.SmallIntegerField()
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # A silent feed it rests on: shown as "data as of …".
    is_on_old_data = models.BooleanField(default=False)
    # The extra offer is withheld, never the alert (churn.md, feedback loop).
    is_control = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    # To be acted on until then (RET-4: two working days; hard signals in hours).
    due_at = models.DateTimeField()
    first_action_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True)
    # What will be done about it: without it nothing is closed (RET-20).
    proposal = models.TextField(max_length=1000, blank=True)
    # The suggestion report that goes with it (CUS-17).
    report = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=12, choices=AlertOutcome, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_at=None), name="one_open_alert_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) & ~Q(state__in=ALERT_ENDS)
                | Q(closed_at__isnull=False, state__in=ALERT_ENDS) & ~Q(outcome=""),
                name="alert_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""), name="alert_snoozed_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-opened_at"], name="alert_customer"),
            models.Index(fields=["manager", "-opened_at"], name="alert_manager"),
            models.Index(fields=["-opened_at", "-id"], name="alert_day"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None, first_action_at=None), name="alert_to_act_on"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.level}"


class AlertStep(ScopedModel):
    """RET-6: each step of an alert with person, moment and words; preventive actions among them."""

    SCOPE_PATHS = OF_ALERT

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="steps", db_index=False)
    from_state = models.CharField(max_length=14, choices=AlertState, blank=True)
    to_state = models.CharField(max_length=14, choices=AlertState)
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["alert", "id"], name="alert_step")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.to_state}"


class OfferLimit(models.Model):
    """What a manager may offer a customer of a tier on his own, CNY a year, from a day on (RET-7). Null: no tier."""

    tier = models.ForeignKey("accounts.Tier", models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    effective_from = models.DateField()
    source = models.CharField(max_length=20, default="set")

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "effective_from"], nulls_distinct=False, name="one_offer_limit_per_tier_and_day"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="offer_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.tier_id} {self.amount}"
