"""What a channel visit checks: checklist, stock, prices, prices under the minimum (CON-19…22, CON-39, SAL-33)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Product, Tier
from crm.core.scope import ScopedModel
from visits.choices import GuidanceKind, ViolationState
from visits.models.visits import OF_CUSTOMER, OF_VISIT, Visit


class ShopCheck(ScopedModel):
    """The checklist of one visit: sales observed, display, law, business without a licence nearby, guidance."""

    SCOPE_PATHS = OF_VISIT

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="shop_check")
    sales_note = models.CharField(max_length=500, blank=True)
    reminded_of_law = models.BooleanField(null=True, blank=True)
    display_improved = models.BooleanField(null=True, blank=True)
    tags_replaced = models.PositiveSmallIntegerField(null=True, blank=True)
    irregular_nearby = models.BooleanField(null=True, blank=True)
    irregular_report = models.CharField(max_length=500, blank=True)
    badge_worn = models.BooleanField(default=False)
    guidance_kind = models.CharField(max_length=10, choices=GuidanceKind, blank=True)
    guidance = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(irregular_nearby=True) | ~Q(irregular_report=""), name="irregular_business_is_reported"
            )
        ]

    def __str__(self) -> str:
        return str(self.visit_id)


class StockRow(ScopedModel):
    """Stock of one product found, and the order suggested (CON-19)."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="stock", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    suggested = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "product"], name="one_stock_row_per_product")]

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.product_id}"


class PriceRow(ScopedModel):
    """The retail price found, with the minimum of that day (CON-22). CNY."""

    SCOPE_PATHS = OF_VISIT

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="prices", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    price = models.DecimalField(max_digits=14, decimal_places=2)
    minimum = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "product"], name="one_price_row_per_product"),
            models.CheckConstraint(condition=Q(price__gt=0), name="found_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.product_id}"

    @property
    def is_below(self) -> bool:
        """CON-22: sold under the minimum."""
        return self.minimum is not None and self.price < self.minimum


class PriceViolation(ScopedModel):
    """降级处理: a price under the minimum, reported to the regional market manager, who lowers the tier (SAL-33)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="price_violations")
    visit = models.OneToOneField(Visit, models.CASCADE, related_name="price_violation")
    state = models.CharField(max_length=10, choices=ViolationState, default=ViolationState.DRAFT)
    note = models.CharField(max_length=500, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    from_tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    to_tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_tier=None) | Q(to_tier=None) | ~Q(from_tier=F("to_tier")),
                name="violation_changes_the_tier",
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="violation_state")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"
