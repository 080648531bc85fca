"""What a customer is worth to us, as his manager judges it from time to time (CUS-16)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.choices import ValueClass
from accounts.models.customers import OF_CUSTOMER, Customer
from crm.core.scope import ScopedModel


class ValueAssessment(ScopedModel):
    """客户价值评估: three factors from 1 to 5, weighted; a new one never overwrites an old one (CUS-16)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    assessed_on = models.DateField()
    volume = models.PositiveSmallIntegerField()
    growth = models.PositiveSmallIntegerField()
    potential = models.PositiveSmallIntegerField()
    # Of that day, in the order of the factors; score and class say what came of them then.
    weights = models.JSONField(default=list)
    score = models.DecimalField(max_digits=3, decimal_places=2)
    value_class = models.CharField(max_length=1, choices=ValueClass)
    note = models.CharField(max_length=300, blank=True)
    # The last one of its customer; lists join it alone.
    is_current = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_current=True), name="one_current_value_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(volume__range=(1, 5), growth__range=(1, 5), potential__range=(1, 5), score__range=(1, 5)),
                name="value_factors_from_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-assessed_on", "-id"], name="value_history"),
            models.Index(F("value_class"), F("customer"), condition=Q(is_current=True), name="value_by_class"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.value_class} {self.assessed_on}"
