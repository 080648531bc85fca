"""Callbacks (回访): was it true, was it good? And what a "never happened" does (CON-34, KPI-7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Staff, Unit
from crm.core.scope import ScopedModel
from visits.choices import CallbackReason, CallbackState, ReversalKind
from visits.models.visits import OF_VISIT, Visit


class TextTwin(ScopedModel):
    """A text over 30 characters that is nearly the same as an earlier one of its author: a hint, no verdict."""

    SCOPE_PATHS = OF_VISIT

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="text_twin")
    twin = models.ForeignKey(Visit, models.CASCADE, related_name="+", db_index=False)
    similarity = models.DecimalField(max_digits=4, decimal_places=3)
    found_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.visit_id}≈{self.twin_id}"


class Callback(ScopedModel):
    """One logged contact that was drawn: the customer is asked whether it took place and how it was."""

    SCOPE_PATHS = OF_VISIT

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="callback")
    # Whose contact is asked about, and his unit on the day.
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()  # first day of the month it is a sample of
    drawn_on = models.DateField()
    reason = models.CharField(max_length=10, choices=CallbackReason, default=CallbackReason.RANDOM)
    state = models.CharField(max_length=12, choices=CallbackState, default=CallbackState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    took_place = models.BooleanField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    knows_manager = models.BooleanField(null=True)
    data_correct = models.BooleanField(null=True)
    badge_worn = models.BooleanField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The manager's one objection against "never happened", decided by the supervisor's supervisor.
    objection = models.CharField(max_length=500, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    judge = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    is_upheld = models.BooleanField(null=True)
    ruling = models.CharField(max_length=300, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="satisfaction_from_one_to_five",
            )
        ]
        indexes = [
            models.Index(fields=["staff", "month"], name="callback_staff_month"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "tried"]), name="callback_open"),
            models.Index(fields=["answered_at", "id"], name="callback_answered"),
            models.Index(
                fields=["judge"], condition=Q(objected_at__isnull=False, ruled_at=None), name="callback_judge"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.state}"


class Reversal(ScopedModel):
    """A visit taken out of the count, or put back into it, by a row of its own: nothing is deleted (CON-34)."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reversals", db_index=False)
    callback = models.ForeignKey(Callback, models.PROTECT, related_name="reversals")
    kind = models.CharField(max_length=10, choices=ReversalKind)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "kind"], name="visit_reversed_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"
