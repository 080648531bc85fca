"""Products and their minimum retail price, from a day on (decisions 21; CON-19, CON-22)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Product(models.Model):
    """A product that channel customers stock and sell."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
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
