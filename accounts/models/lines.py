"""Lines, what happens to them, and hard signs of leaving (decisions 21; sync-api: lines, lifecycle, signals)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value

from accounts.choices import LifecycleKind, LineState, SignalKind
from accounts.models.customers import OF_CUSTOMER, Customer, GroupMember
from crm.core.scope import ScopedModel


class Line(ScopedModel):
    """A number of a customer, or of a member of a group, from a day to a day: numbers are used again by others."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(GroupMember, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.ACTIVE)
    opened_on = models.DateField()
    # The first day on which it is no longer his.
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="line_closed_after_it_opened"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False), name="closed_line_has_its_day"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="one_line_per_external_id"
            ),
            ExclusionConstraint(
                name="number_of_one_line_at_a_time",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    (
                        Func(
                            F("opened_on"),
                            F("closed_on"),
                            Value("[)"),
                            function="daterange",
                            output_field=models.DateField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # Two lines may change hands in one statement; the rule looks at all of them first.
                deferrable=Deferrable.DEFERRED,
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "number"], name="line_customer"),
            models.Index(fields=["closed_on"], condition=Q(closed_on__isnull=False), name="line_closed"),
            models.Index(fields=["member"], condition=Q(member__isnull=False), name="line_member"),
        ]

    def __str__(self) -> str:
        return self.number


class LifecycleEvent(ScopedModel):
    """Something that happened to a line, or (`line` null) to the customer; a wrong one is reversed by another."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=LifecycleKind)
    happened_on = models.DateField()
    # Where a ported number went: the code of a competitor, as the source names it.
    destination = models.CharField(max_length=40, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    # What the customer or line was before, so that a reversal can put it back; empty: it changed nothing.
    state_before = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_lifecycle_event_per_external_id")
        ]
        indexes = [
            models.Index(fields=["customer", "-happened_on", "-id"], name="lifecycle_customer"),
            models.Index(fields=["line"], condition=Q(line__isnull=False), name="lifecycle_line"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.happened_on}"


class Signal(ScopedModel):
    """A hard sign that a customer is leaving; an alert opens within a minute (decisions 26)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=SignalKind)
    happened_at = models.DateTimeField()
    text = models.CharField(max_length=500, blank=True)
    # How many lines or members, where it is about several.
    quantity = models.PositiveIntegerField(null=True, blank=True)
    # "manual" when somebody noted it here; the id is ours then.
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    # When the minute's sweep made an alert of it, or found one open.
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_signal_per_external_id")]
        indexes = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="signal_customer"),
            models.Index(fields=["id"], condition=Q(handled_at=None), name="signal_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"
