"""Who was there on 1 January, and who was lost since (RET-1, RET-2, RET-14, D9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.choices import CustomerKind
from accounts.models import Customer, Staff, Tier, Unit
from crm.core.scope import ScopedModel
from retention.choices import LossKind

OF_RECORD = {"unit": "unit_id", "manager": "manager_id"}
"""A loss stays with those who had the customer then; his name shows to who may see him today (decisions 6)."""


class Competitor(models.Model):
    """Who may have won the customer (RET-14)."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=40)
    label_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class ChurnRecord(ScopedModel):
    """One loss of one customer, with tier, manager and unit of that day. Back soon enough: void, it never counts."""

    SCOPE_PATHS = OF_RECORD

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="churn_records", db_index=False)
    kind = models.CharField(max_length=10, choices=LossKind, default=LossKind.LEFT)
    lost_on = models.DateField()
    customer_kind = models.CharField(max_length=20, choices=CustomerKind)
    tier_at_loss = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    competitor = models.ForeignKey(Competitor, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    cause = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    # The night that found him in service again.
    returned_on = models.DateField(null=True, blank=True)
    is_void = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(returned_on=None), name="one_open_loss_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("lost_on")), name="returned_after_the_loss"
            ),
            models.CheckConstraint(condition=Q(is_void=False) | Q(returned_on__isnull=False), name="void_came_back"),
        ]
        indexes = [
            models.Index(fields=["customer", "lost_on"], name="loss_customer"),
            models.Index(fields=["-lost_on", "-id"], name="loss_day"),
            models.Index(fields=["manager", "-lost_on", "-id"], name="loss_manager"),
            models.Index(fields=["unit", "-lost_on", "-id"], name="loss_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.lost_on}"


class ChurnBase(ScopedModel):
    """D9: a customer in service on 1 January, with tier, unit and manager of that day. Never changed afterwards."""

    SCOPE_PATHS = OF_RECORD

    year = models.PositiveSmallIntegerField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    customer_kind = models.CharField(max_length=20, choices=CustomerKind)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    # Told from the histories, because the system was not there on that day.
    is_reconstructed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "customer"], name="one_base_row_per_year_and_customer")]

    def __str__(self) -> str:
        return f"{self.year} {self.customer_id}"


class ChurnCount(ScopedModel):
    """The rows of the two churn measures, counted by the night for pages: so many to whom of which unit (D9)."""

    SCOPE_PATHS = OF_RECORD

    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+", db_index=False)
    vips = models.PositiveIntegerField()
    diamond_gold = models.PositiveIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit", "manager"], nulls_distinct=False, name="one_churn_count_per_unit_and_manager"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.unit_id} {self.manager_id}"
