"""Sold: orders as the systems that take them tell us (SAL-3, SAL-7)."""

from django.db import models
from django.db.models import Q

from accounts.models import Customer, Product, Staff, Unit
from crm.core.scope import ScopedModel
from sales.choices import Metric, OrderState


class SalesOrder(ScopedModel):
    """One order, known by its source and the id there. It counts for the seller once it is in effect (SAL-7)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    # Who sold it, and his unit when it was first told: what is credited stays where it was earned.
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+", db_index=False)
    metric = models.CharField(max_length=12, choices=Metric)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=OrderState)
    ordered_on = models.DateField()
    effective_on = models.DateField(null=True)
    source_updated_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_order_per_external_id"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_of_something"),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_on__isnull=False), name="order_in_effect_since"
            ),
            models.CheckConstraint(
                condition=Q(metric="product", product__isnull=False) | ~Q(metric="product") & Q(product=None),
                name="order_has_its_product",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on", "staff"],
                include=["quantity"],
                condition=Q(state="effective"),
                name="order_in_effect",
            ),
            models.Index(fields=["staff", "ordered_on", "id"], name="order_staff"),
            models.Index(fields=["unit", "ordered_on", "id"], name="order_unit"),
            models.Index(fields=["ordered_on", "id"], name="order_day"),
            models.Index(fields=["customer"], condition=Q(customer__isnull=False), name="order_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
