"""What customers have and how they use it: subscriptions, usage, tracking surveys (CUS-17, CUS-18, SAL-35)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, GroupMember, Line, Product
from accounts.models.customers import OF_CUSTOMER
from crm.core.models import Attachment
from crm.core.scope import ScopedModel


class Subscription(ScopedModel):
    """A customer has a product from a day on, to a day inclusive or for good (SAL-2, CUS-18)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(Line, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    # How many members or devices it is for.
    quantity = models.PositiveIntegerField(default=1)
    # What the product asks for, by code: accounts.rules.products checks it.
    attributes = models.JSONField(default=dict, blank=True)
    # Who agreed to it, where the product needs that.
    consent_note = models.CharField(max_length=300, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_subscription_per_external_id"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="subscription_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="subscription_of_something"),
        ]
        indexes = [
            models.Index(fields=["customer", "product"], name="subscription_customer"),
            models.Index(fields=["product", "customer"], name="subscription_product"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class UsageMonth(ScopedModel):
    """A month of a customer with a product, or (`product` null) as a whole. A null figure is one nobody told."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # First day of the month.
    month = models.DateField()
    # CNY.
    revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    voice_minutes = models.PositiveIntegerField(null=True, blank=True)
    data_mb = models.PositiveBigIntegerField(null=True, blank=True)
    messages = models.PositiveIntegerField(null=True, blank=True)
    # In the product's own unit of use.
    volume = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    active_members = models.PositiveIntegerField(null=True, blank=True)
    active_lines = models.PositiveIntegerField(null=True, blank=True)
    balance = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    source = models.CharField(max_length=40)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "product", "month"],
                nulls_distinct=False,
                name="one_usage_per_customer_product_and_month",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="usage_month_is_its_first_day"),
            models.CheckConstraint(condition=Q(volume=None) | Q(volume__gte=0), name="usage_volume_not_negative"),
        ]
        indexes = [models.Index(fields=["month", "customer"], name="usage_month")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.product_id} {self.month:%Y-%m}"


class MemberUse(ScopedModel):
    """How often a member of a group used a product in a month (SAL-6)."""

    SCOPE_PATHS = {"unit": "member__customer__unit_id", "manager": "member__customer__manager_id"}

    member = models.ForeignKey(GroupMember, models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    # First day of the month.
    month = models.DateField()
    uses = models.PositiveIntegerField()
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "product", "month"], name="one_use_per_member_product_and_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="use_month_is_its_first_day"),
        ]
        indexes = [models.Index(fields=["product", "month", "member"], include=["uses"], name="use_product")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.product_id} {self.month:%Y-%m}"


class SurveyNote(ScopedModel):
    """What a tracking survey of a subscription found (跟踪调查, CUS-18)."""

    SCOPE_PATHS = {"unit": "subscription__customer__unit_id", "manager": "subscription__customer__manager_id"}

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+")
    text = models.TextField(max_length=1000)
    # 1–5; null: not asked.
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)), name="survey_satisfaction_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.on}"


class UsageAdvice(ScopedModel):
    """The suggestion report a manager writes on a change of usage (建议报告, CUS-17)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    # Null: on the customer as a whole.
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # First day of the month whose usage it is about.
    month = models.DateField()
    text = models.TextField(max_length=4000)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="advice_month_is_its_first_day")]
        indexes = [models.Index(fields=["customer", "-month", "-id"], name="advice_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m}"
