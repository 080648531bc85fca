"""Needs of customers and how they went (CUS-14, SAL-10, PLAN-21)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ContactPerson, Customer, Unit
from accounts.models.customers import OF_CUSTOMER
from crm.core.scope import ScopedModel
from sales.choices import NeedStage


class NeedType(models.Model):
    """What a need is about; the types are data."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class Need(ScopedModel):
    """What a customer needs, found in talking to him; a later one of the same type is a change (CUS-14)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    type = models.ForeignKey(NeedType, models.PROTECT, related_name="+", db_index=False)
    found_on = models.DateField()
    text = models.TextField(max_length=1000)
    # What lies behind it (SAL-10).
    pain = models.TextField(max_length=500, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    decision_maker = models.ForeignKey(
        ContactPerson, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    wanted_on = models.DateField(null=True, blank=True)
    competitor = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=NeedStage, default=NeedStage.FOUND)
    # When it came to this stage.
    stage_on = models.DateField()
    routed_to = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="need_budget_not_negative"),
            models.CheckConstraint(
                condition=~Q(stage="routed") | Q(routed_to__isnull=False), name="need_routed_to_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "type", "found_on", "id"], name="need_customer"),
            models.Index(fields=["-found_on", "-id"], name="need_found"),
            models.Index(fields=["stage", "type"], name="need_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.stage}"


class NeedStep(ScopedModel):
    """A step of a need: another stage, or other words for it, with what they were before (CUS-14)."""

    SCOPE_PATHS = {"unit": "need__customer__unit_id", "manager": "need__customer__manager_id"}

    need = models.ForeignKey(Need, models.CASCADE, related_name="steps", db_index=False)
    from_stage = models.CharField(max_length=10, choices=NeedStage, blank=True)
    to_stage = models.CharField(max_length=10, choices=NeedStage)
    text_before = models.TextField(max_length=1000, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["need", "id"], name="need_step")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.to_stage}"
