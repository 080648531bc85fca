"""Service policies: the catalogue and who is enrolled (ENG-5, ENG-6, ENG-7)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields import DateField

from accounts.models import Customer, Tier
from accounts.models.customers import OF_CUSTOMER
from crm.core.scope import ScopedModel
from engagement.choices import PolicyKind


class ServicePolicy(models.Model):
    """A policy customers can enjoy, and an offer a manager can make with it (ENG-6, RET-7)."""

    code = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=PolicyKind, default=PolicyKind.SERVICE)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80)
    benefits = models.TextField(max_length=1000, blank=True)
    benefits_en = models.TextField(max_length=1500, blank=True)
    # What it costs us a year for one customer, CNY; counts against the limit of who offers it.
    cost = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # For whom: nobody named = every tier of every kind, and customers without one.
    tiers = models.ManyToManyField(Tier, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="policy_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="policy_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PolicyEnrolment(ScopedModel):
    """A customer enjoys a policy from a day on, to a day inclusive or for good."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    policy = models.ForeignKey(ServicePolicy, models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # When the customer last made use of it; null: an unused benefit (ENG-7).
    used_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    enrolled_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="enrolment_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="one_enrolment_at_a_time",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("policy", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "ends_on"], name="enrolment_customer"),
            models.Index(fields=["ends_on", "id"], condition=Q(ends_on__isnull=False), name="enrolment_end"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.policy_id}"
