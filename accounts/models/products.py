"""The catalogue, and the minimum retail price from a day on (decisions 21; SAL-1, SAL-2, CON-19, CON-22)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.choices import ProductCategory


class Product(models.Model):
    """A product: what channel customers stock and sell, or what customers subscribe to (SAL-1, SAL-2)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=10, choices=ProductCategory, default=ProductCategory.GOODS)
    # A member counts as active from so many uses in a month; null: the product has no such rule (SAL-6).
    min_uses_per_member = models.PositiveSmallIntegerField(null=True, blank=True)
    # What a use is, in Chinese and in English: ["条", "messages"].
    use_unit = models.JSONField(default=list, blank=True)
    # What is told of a subscription: accounts.rules.products.Attribute as JSON.
    attributes = models.JSONField(default=list, blank=True)
    # A subscription needs a note of who agreed to it, as the guardian of a child (SAL-2).
    needs_consent = models.BooleanField(default=False)
    launched_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.name


class ProductPrice(models.Model):
    """The minimum retail price of a product (统一最低零售指导价) from a day on; null: none holds any more. CNY."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    minimum = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    effective_from = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "effective_from"], name="one_price_per_product_and_day"),
            models.CheckConstraint(condition=Q(minimum=None) | Q(minimum__gt=0), name="minimum_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.effective_from}"
