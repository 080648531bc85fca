"""Quotas: how much of what is to be sold in a month, by unit and by manager (SAL-3, SAL-5, SAL-7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Product, Staff, Unit
from crm.core.scope import ScopedModel
from sales.choices import Metric


class Quota(ScopedModel):
    """The quota of a unit with all below it (`staff` null), or of one manager in his unit.

    The quota above it is not stored: it is that of the next unit above which has one for the same month and thing,
    so a tree that is rearranged or filled from below never leaves a wrong parent behind (SAL-5).
    """

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    metric = models.CharField(max_length=12, choices=Metric)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+", db_index=False)
    # First day of the month.
    month = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    target = models.PositiveIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    source_updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "metric", "product", "staff"],
                condition=Q(staff__isnull=False),
                nulls_distinct=False,
                name="one_quota_per_manager_and_month",
            ),
            models.UniqueConstraint(
                fields=["month", "metric", "product", "unit"],
                condition=Q(staff=None),
                nulls_distinct=False,
                name="one_quota_per_unit_and_month",
            ),
            models.CheckConstraint(
                condition=Q(metric="product", product__isnull=False) | ~Q(metric="product") & Q(product=None),
                name="quota_has_its_product",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="quota_month_is_its_first_day"),
        ]
        indexes = [models.Index(fields=["unit", "month"], name="quota_unit")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.metric} {self.staff_id or self.unit_id}"
