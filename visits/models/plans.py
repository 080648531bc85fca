"""Plans of a week, a month and a year (PLAN-1, 2, 5, 6, 7, 22): drafted by the system, changed by whoever holds it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Customer, Segment, Staff, Task, Tier
from crm.core.scope import ScopedModel
from visits.choices import HalfDay, ItemReason, ItemState, PlanPeriod, PlanState
from visits.models.catalogue import Channel
from visits.models.duties import Duty
from visits.models.visits import Visit

OF_PLAN = {"unit": "plan__staff__unit_id", "manager": "plan__staff_id"}


class Plan(ScopedModel):
    """One plan per manager and period (PLAN-1). Untouched at the week's beginning the draft itself is the plan."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="plans", db_index=False)
    period = models.CharField(max_length=10, choices=PlanPeriod)
    starts_on = models.DateField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    focus = models.CharField(max_length=500, blank=True)
    drafted_at = models.DateTimeField()
    # The first change by a person; a draft without one is untouched.
    touched_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "period", "starts_on"], name="one_plan_per_period"),
            models.CheckConstraint(
                condition=Q(period="week", starts_on__iso_week_day=1)
                | Q(period="month", starts_on__day=1)
                | Q(period="year", starts_on__day=1, starts_on__month=1),
                name="plan_starts_with_its_period",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="accepted_plan_has_its_moment"
            ),
        ]
        indexes = [models.Index(fields=["period", "starts_on"], name="plan_period")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.period} {self.starts_on}"


class PlanItem(ScopedModel):
    """What is planned: a customer on a half-day of a week, or how many contacts of a segment in a month or year."""

    SCOPE_PATHS = OF_PLAN

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, related_name="+")
    planned_on = models.DateField()
    half = models.CharField(max_length=2, choices=HalfDay, default=HalfDay.MORNING)
    position = models.PositiveSmallIntegerField(default=0)
    # How many contacts are meant, for an item that is not one customer.
    target = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=20, choices=ItemReason, default=ItemReason.OWN)
    # The day the reason speaks of: due, promised, birthday.
    reason_on = models.DateField(null=True, blank=True)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+", db_index=False)
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.PLANNED)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+", db_index=False)
    moved_at = models.DateTimeField(null=True, blank=True)
    leave_out_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "customer", "planned_on"],
                condition=Q(customer__isnull=False) & ~Q(state="cancelled"),
                name="one_item_per_customer_and_day",
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(visit__isnull=False), name="one_item_per_visit_that_did_it"
            ),
            models.CheckConstraint(
                condition=Q(state="done", visit__isnull=False) | ~Q(state="done"), name="done_item_has_its_visit"
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "planned_on"], name="plan_item_day"),
            models.Index(fields=["customer", "planned_on"], name="plan_item_customer"),
            models.Index(fields=["planned_on"], condition=Q(state="planned"), name="plan_item_open"),
            models.Index(fields=["duty"], condition=Q(duty__isnull=False), name="plan_item_duty"),
            models.Index(fields=["task"], condition=Q(task__isnull=False), name="plan_item_task"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.planned_on} {self.customer_id}"


class PlanHelper(ScopedModel):
    """A colleague whom an item names (PLAN-22); it stands in his calendar too."""

    SCOPE_PATHS = {"unit": "item__plan__staff__unit_id", "manager": "item__plan__staff_id"}

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="helpers", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "staff"], name="helper_once_per_item")]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.staff_id}"


class PlanFeed(ScopedModel):
    """The secret link of somebody's calendar feed; only its digest is kept, a new link ends the old one."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="plan_feed")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.staff_id)
