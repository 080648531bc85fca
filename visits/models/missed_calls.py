"""Calls nobody answered, and the test calls of the 24-hour service (CON-12, CON-13)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Staff, Unit
from crm.core.scope import ScopedModel
from visits.choices import CallSource, MissedState, MissedStep
from visits.models.visits import OF_CUSTOMER, Visit


class MissedCall(ScopedModel):
    """A customer called and nobody answered: somebody calls back within half an hour (CON-13)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="missed_calls")
    number = models.CharField(max_length=20)
    # The first call decides the clock; further ones before the call-back are counted.
    called_at = models.DateTimeField()
    last_called_at = models.DateTimeField()
    calls = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=10, choices=CallSource)
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    # Manager of record and unit of the day: whose service it was.
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    # Who has to call back now, and since which step of the ladder.
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    step = models.PositiveSmallIntegerField(choices=MissedStep, default=MissedStep.MANAGER)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MissedState, default=MissedState.WAITING)
    # The first attempt to call back, whether or not the customer answered: what is measured.
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    closing_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state__in=["waiting", "tried"]), name="one_open_missed_call"
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"], condition=~Q(external_id=""), name="missed_call_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="missed_call_clock"),
            models.Index(fields=["holder"], condition=Q(state__in=["waiting", "tried"]), name="missed_call_holder"),
            models.Index(fields=["-called_at", "-id"], name="missed_call_time"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.called_at}"


class CallTest(ScopedModel):
    """A test call outside office hours: was the manager there, or did he call back (CON-12, KPI-26)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="call_tests", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    called_at = models.DateTimeField()
    was_answered = models.BooleanField()
    # Minutes until the call-back of an unanswered test; none: never.
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "called_at"], name="call_test_once"),
            models.CheckConstraint(
                condition=Q(was_answered=False) | Q(minutes=None), name="answered_test_needs_no_call_back"
            ),
            models.CheckConstraint(condition=Q(at__gte=F("called_at")), name="call_test_is_past"),
        ]
        indexes = [models.Index(fields=["-called_at", "-id"], name="call_test_time")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.called_at}"
