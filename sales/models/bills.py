"""Bills as the billing system tells them; what is due and unpaid is arrears (SAL-23)."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Line
from accounts.models.customers import OF_CUSTOMER
from crm.core.scope import ScopedModel


class Bill(ScopedModel):
    """The bill of a month: of a line, or (`line` null) of the customer as a whole. CNY."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    # First day of the month.
    month = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField()
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # When it was paid in full; null while something is open.
    paid_on = models.DateField(null=True, blank=True)
    # What was told of its payment, set aside while payments of its own say it; null: it has none.
    told_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "line", "month"], nulls_distinct=False, name="one_bill_per_customer_line_and_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="bill_month_is_its_first_day"),
            models.CheckConstraint(condition=Q(amount__gte=0, paid_amount__gte=0), name="bill_amounts_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=False, paid_amount__gte=F("amount"))
                | Q(paid_on=None, paid_amount__lt=F("amount")),
                name="bill_is_paid_in_full_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "customer"], condition=Q(paid_on=None), name="bill_open"),
            models.Index(fields=["customer", "due_on"], condition=Q(paid_on=None), name="bill_customer_open"),
            models.Index(fields=["line"], condition=Q(line__isnull=False), name="bill_line"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.line_id} {self.month:%Y-%m}"


class Payment(ScopedModel):
    """One payment of a bill, whole or in part: a bill that has any is paid by them alone. CNY."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    bill = models.ForeignKey(Bill, models.CASCADE, related_name="+")
    # 0: it was taken back, in the system it comes from.
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_on = models.DateField()
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_payment_per_source_and_id"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
        ]
        indexes = [models.Index(fields=["customer"], name="payment_customer")]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.paid_on} {self.amount}"
