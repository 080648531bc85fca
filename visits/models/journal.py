"""The journal: check-in book, day logs, their review, special visits (CON-23, CON-24, PLAN-3, PLAN-4, PLAN-8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Staff
from crm.core.scope import ScopedModel
from visits.choices import ReviewDecision, ReviewState
from visits.models.plans import Plan
from visits.models.visits import OF_CUSTOMER, OF_VISIT, Visit

OF_STAFF = {"unit": "staff__unit_id", "manager": "staff_id"}


class CheckIn(ScopedModel):
    """A line of the check-in book (走访签到记录簿): an on-site visit on a line that has the book.

    Written with the visit when the switch is on that day, so that what was asked of a visit never changes later.
    Signed by all who are asked, the record is closed: the signatures themselves are rows of crm.core.
    """

    SCOPE_PATHS = OF_VISIT

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="check_in")
    arrived_at = models.DateTimeField()
    # The place by the phone's position, only with the person's consent of that moment.
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    accuracy = models.PositiveIntegerField(null=True, blank=True)  # metres
    consented_at = models.DateTimeField(null=True, blank=True)
    # Whether the line asks for the customer's signature too.
    wants_customer = models.BooleanField(default=True)
    manager_signed_at = models.DateTimeField(null=True, blank=True)
    customer_signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False, consented_at__isnull=False),
                name="check_in_place_needs_consent",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="check_in_place_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return str(self.visit_id)

    @property
    def is_sealed(self) -> bool:
        """Everybody who is asked has signed."""
        return self.manager_signed_at is not None and (self.customer_signed_at is not None or not self.wants_customer)


class DayLog(ScopedModel):
    """The work log (工作日志) of one manager and day: written when the day is closed, by him or at 24:00.

    What he did that day is never copied into it: visits, tasks and plan items are read where they stand.
    """

    SCOPE_PATHS = OF_STAFF

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="day_logs", db_index=False)
    on = models.DateField()
    sentence = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField()
    # Null: closed by itself.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    # Visits of the day that stood when it was closed; later ones are 补录.
    entries = models.PositiveSmallIntegerField(default=0)
    review_state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "on"], name="one_day_log_per_manager_and_day")]
        indexes = [
            models.Index(fields=["staff", "on"], condition=Q(review_state="waiting"), name="day_log_waiting"),
            models.Index(fields=["on"], name="day_log_day"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.on}"

    @property
    def closed_itself(self) -> bool:
        """Nobody closed it before 24:00."""
        return self.closed_by_id is None


class Review(ScopedModel):
    """A supervisor's review of somebody's work: seen, or returned with a remark (PLAN-4). Never of one's own."""

    SCOPE_PATHS = OF_STAFF

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+", db_index=False)
    day_log = models.ForeignKey(DayLog, models.CASCADE, null=True, blank=True, related_name="reviews")
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True, related_name="reviews")
    decision = models.CharField(max_length=10, choices=ReviewDecision)
    remark = models.CharField(max_length=500, blank=True)
    # Not read one by one: "the rest reviewed together".
    is_together = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decision="returned") | ~Q(remark=""), name="returned_with_a_remark"),
            models.CheckConstraint(
                condition=Q(day_log__isnull=False, plan=None) | Q(day_log=None, plan__isnull=False),
                name="review_of_one_piece_of_work",
            ),
        ]
        indexes = [models.Index(fields=["staff", "-at"], name="review_staff_time")]

    def __str__(self) -> str:
        return f"{self.day_log_id or self.plan_id} {self.decision}"


class SpecialVisit(ScopedModel):
    """A special situation and the visit it led to (特殊访问记录, PLAN-8). The clock runs from `found_at`."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="special_visits", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    trigger = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    # The visit, logged with the record or later.
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="special")
    visited_at = models.DateTimeField(null=True, blank=True)
    facts = models.TextField(max_length=2000, blank=True)
    actions = models.TextField(max_length=2000, blank=True)
    follow_up = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(trigger=""), name="special_visit_has_a_trigger"),
            models.CheckConstraint(
                condition=Q(visited_at=None) | Q(visited_at__gte=F("found_at")), name="special_visit_after_found"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-found_at"], name="special_customer"),
            models.Index(fields=["staff", "-found_at"], name="special_staff"),
            models.Index(fields=["customer"], condition=Q(visited_at=None), name="special_open"),
        ]

    def __str__(self) -> str:
        return self.trigger
