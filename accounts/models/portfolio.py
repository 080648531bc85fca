"""Assignment of customers to managers, handover, standing and tasks (ORG-1, ORG-29, CON-16, CON-37)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.choices import AlertLevel, CareTopic, DutyState, TaskKind, TaskSource, TaskState
from accounts.models.customers import OF_CUSTOMER, Customer
from accounts.models.staff import Staff, Unit
from crm.core.scope import ScopedModel

NEVER = date(9999, 12, 31)
"""No due date (decisions 22)."""
LONG_AGO = date(1900, 1, 1)
NO_RANK = 99
"""Rank of a customer without a tier."""


class Handover(ScopedModel):
    """One handover of customers from manager to manager, undoable for 7 days (ORG-29)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "to_staff_id"}

    # The unit whose people may see the handover: that of the giving manager, else of the first customer.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    from_staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="handovers_given")
    to_staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="handovers_taken")
    reason = models.CharField(max_length=200)
    note = models.TextField(max_length=1000, blank=True)
    effective_on = models.DateField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.from_staff_id}→{self.to_staff_id}"


class Assignment(ScopedModel):
    """Manager of a customer over time, [valid_from, valid_to); one open row by constraint (ORG-1)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="assignments", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    handover = models.ForeignKey(
        Handover, models.PROTECT, null=True, blank=True, related_name="assignments", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(valid_to=None), name="one_open_assignment_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="assignment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["customer", "valid_from"], name="assignment_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id}→{self.staff_id}"


class HandoverItem(ScopedModel):
    """What a handover did to one customer, so that it can be undone."""

    SCOPE_PATHS = OF_CUSTOMER

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    previous_staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "customer"], name="one_item_per_handover")]

    def __str__(self) -> str:
        return str(self.customer_id)


class Standing(ScopedModel):
    """One row per customer for lists: each fact written by the app that owns it; derived, never logged."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "manager_id"}

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="standing")
    unit_id = models.BigIntegerField()
    manager_id = models.BigIntegerField(null=True)
    tier_rank = models.PositiveSmallIntegerField(default=NO_RANK, db_default=NO_RANK)
    # Owned by visits:
    last_visit_on = models.DateField(null=True)
    next_due_on = models.DateField(default=NEVER, db_default=NEVER)
    suggested_on = models.DateField(default=NEVER, db_default=NEVER)
    duty_state = models.CharField(max_length=10, choices=DutyState, default=DutyState.NONE, db_default=DutyState.NONE)
    # Not contacted since a missed period, or an open row past its due day (decisions 1).
    is_overdue = models.BooleanField(default=False, db_default=False)
    face_to_face_due_on = models.DateField(default=NEVER, db_default=NEVER)
    # Contact duties are open up to and including this day; the night opens those behind (mechanisms D).
    opened_through = models.DateField(default=LONG_AGO, db_default=LONG_AGO)
    # Owned by complaints: open complaints, and whether a clock of one of them was missed.
    open_complaints = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Owned by retention: round(100 p) of the last score (null: never scored), and the level of the open alert.
    risk = models.PositiveSmallIntegerField(null=True)
    alert_level = models.CharField(max_length=6, choices=AlertLevel, blank=True, default="", db_default="")
    # Owned by sales: unpaid and past due, CNY.
    arrears = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    # Owned by accounts:
    completeness = models.PositiveSmallIntegerField(default=0, db_default=0)  # per cent
    value = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)  # CNY a month

    class Meta:
        indexes = [
            models.Index(fields=["manager_id", "next_due_on", "customer"], name="standing_manager_due"),
            models.Index(fields=["manager_id", "last_visit_on", "customer"], name="standing_manager_visit"),
            models.Index(fields=["manager_id", "value", "customer"], name="standing_manager_value"),
            # A whole city or branch, richest first: read backwards until a page is full.
            models.Index(fields=["value", "customer"], name="standing_value"),
            models.Index(fields=["next_due_on", "customer"], name="standing_due"),
            models.Index(
                fields=["unit_id", "customer"], condition=Q(open_complaints__gt=0), name="standing_complaints"
            ),
            models.Index(fields=["manager_id", "risk", "customer"], name="standing_manager_risk"),
            models.Index(fields=["unit_id", "customer"], condition=~Q(alert_level=""), name="standing_alert"),
            models.Index(fields=["unit_id", "customer"], condition=Q(arrears__gt=0), name="standing_arrears"),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)


class Task(ScopedModel):
    """A to-do row with its reason and the row it came from."""

    SCOPE_PATHS = OF_CUSTOMER

    kind = models.CharField(max_length=20, choices=TaskKind)
    # Null: a task that was assigned and concerns no customer (PLAN-17).
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="tasks")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="tasks")
    title = models.CharField(max_length=100, blank=True)
    reason = models.TextField(max_length=2500, blank=True)
    due_on = models.DateField()
    # A clock in hours (CON-13): first on Today, passes quiet hours.
    due_at = models.DateTimeField(null=True, blank=True)
    # Seen on Today from this day on, before it is due (ENG-1: three days before a birthday).
    shown_from = models.DateField(null=True, blank=True)
    # What a care task is about; the words are made when it is shown.
    topic = models.CharField(max_length=20, choices=CareTopic, blank=True, default="", db_default="")
    # Of an assigned task: whose order it is, and what came of it (PLAN-17, KPI-46).
    source = models.CharField(max_length=10, choices=TaskSource, blank=True, default="", db_default="")
    result = models.CharField(max_length=500, blank=True, default="", db_default="")
    origin_table = models.CharField(max_length=40, blank=True)
    origin_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "origin_table", "origin_id"],
                condition=Q(state="open"),
                name="one_open_task_per_origin",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(kind="assigned"), name="task_has_its_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "due_on"], condition=Q(state="open"), name="task_open_by_staff"),
            models.Index(
                fields=["staff", "shown_from"],
                condition=Q(state="open", shown_from__isnull=False),
                name="task_shown_early",
            ),
            # What a handover or a visit left behind, found again for undo.
            models.Index(fields=["origin_table", "origin_id"], name="task_origin"),
            models.Index(fields=["staff", "due_on"], condition=Q(kind="assigned"), name="task_assigned_to"),
            models.Index(fields=["created_by", "due_on"], condition=Q(kind="assigned"), name="task_assigned_by"),
        ]

    def __str__(self) -> str:
        return self.title
