"""Visits: any logged contact with a customer, whatever the channel (CON-7…16)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import ContactPerson, Customer, Staff, Unit
from crm.core.scope import ScopedModel
from visits.choices import (
    Category,
    Direction,
    LoggedFrom,
    Mood,
    Party,
    ServiceKind,
    VisitKind,
    WorkClass,
)
from visits.models.catalogue import Channel, Occasion, Outcome

OF_CUSTOMER = {"unit": "customer__unit_id", "manager": "customer__manager_id"}
OF_VISIT = {"unit": "visit__customer__unit_id", "manager": "visit__customer__manager_id"}


class Visit(ScopedModel):
    """One contact with one customer. `occurred_at` decides the duty, `logged_at` is the server's clock."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="visits", db_index=False)
    # Manager of record and his unit on the day: credit (decisions 6).
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    party = models.CharField(max_length=10, choices=Party)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.OUTBOUND)
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+", db_index=False)
    occasion = models.ForeignKey(Occasion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=VisitKind, default=VisitKind.REGULAR)
    work_class = models.CharField(max_length=20, choices=WorkClass, default=WorkClass.MAINTENANCE)
    category = models.CharField(max_length=20, choices=Category, blank=True)
    service_kind = models.CharField(max_length=20, choices=ServiceKind, default=ServiceKind.COMMUNICATION)
    occurred_at = models.DateTimeField()
    # Local (Asia/Shanghai) date of occurred_at: what the ledger joins on.
    occurred_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    logged_at = models.DateTimeField()
    is_backdated = models.BooleanField(default=False)
    is_bulk = models.BooleanField(default=False)
    # Counted towards duties by the counting rule of its day; False when undone.
    counts = models.BooleanField(default=False)
    place = models.CharField(max_length=100, blank=True)
    content = models.TextField(max_length=2000, blank=True)
    result = models.CharField(max_length=500, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    mood = models.CharField(max_length=10, choices=Mood, blank=True)
    # Same value: one sheet for several customers met together.
    event = models.UUIDField(null=True, blank=True)
    # Made by the form or client: a double submit gives one row per customer.
    client_key = models.UUIDField(null=True, blank=True)
    logged_from = models.CharField(max_length=10, choices=LoggedFrom, default=LoggedFrom.FORM)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("occurred_at")), name="visit_ends_after_start"
            ),
            models.UniqueConstraint(fields=["client_key", "customer"], name="one_visit_per_client_key"),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="one_visit_per_external_id"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_on"], name="visit_customer_day"),
            models.Index(fields=["staff", "-occurred_at"], name="visit_staff_time"),
            models.Index(fields=["unit", "-occurred_at"], name="visit_unit_time"),
            models.Index(fields=["-occurred_at", "-id"], name="visit_time"),
            models.Index(fields=["event"], condition=Q(event__isnull=False), name="visit_event"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.occurred_at}"


class VisitPerson(ScopedModel):
    """A contact person met (会见人)."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="met", db_index=False)
    person = models.ForeignKey(ContactPerson, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="person_met_once_per_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.person_id}"


class VisitCompanion(ScopedModel):
    """A colleague who came along."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="companions", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "staff"], name="companion_once_per_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.staff_id}"


class VisitNote(ScopedModel):
    """A later note on a record that can no longer be mended."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class Remark(ScopedModel):
    """A supervisor's remark (点评) on a visit; never on one's own."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class DialTap(ScopedModel):
    """A tap on dial: no reason, no limit, logged (decisions 16); feeds "dialled, not logged"."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="dial_taps", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(ContactPerson, models.PROTECT, null=True, related_name="+", db_index=False)
    tapped_at = models.DateTimeField()
    # The visit that was logged from it, or dismissed by hand.
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, related_name="+")
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["staff", "-tapped_at"], name="dial_tap_staff")]

    def __str__(self) -> str:
        return f"{self.staff_id} → {self.customer_id}"
