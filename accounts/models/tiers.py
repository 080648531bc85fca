"""Tiers, their promise, their history and proposals to change them (CUS-1…5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.choices import CustomerKind, Period, ProposalState, Purpose
from crm.core.scope import ScopedModel


class Tier(models.Model):
    """A tier of one customer kind; rank 1 is best (CUS-1, CUS-3, D11)."""

    kind = models.CharField(max_length=20, choices=CustomerKind)
    code = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    label_zh = models.CharField(max_length=30)
    label_en = models.CharField(max_length=30)
    # Criteria for the monthly proposals (CUS-4); empty: no proposal ever names this tier.
    minimum_spend = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    minimum_tenure_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="tier_code_once_per_kind"),
            models.UniqueConstraint(fields=["kind", "rank"], name="tier_rank_once_per_kind"),
        ]

    def __str__(self) -> str:
        return self.code


class TierRule(models.Model):
    """What is owed to a tier from a date on. `tier` null: every VIP marked important (CON-4)."""

    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="rules")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.CONTACT)
    # Empty: nothing is owed from effective_from on.
    period = models.CharField(max_length=10, choices=Period, blank=True)
    effective_from = models.DateField()
    # Requirement id, "ours" for a value the source documents don't give, "set" once headquarters chose it.
    source = models.CharField(max_length=20, default="set")

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "purpose", "effective_from"],
                nulls_distinct=False,
                name="one_tier_rule_per_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tier_id} {self.purpose} {self.period} {self.effective_from}"


class TierHistory(ScopedModel):
    """Tier of a customer over time, [valid_from, valid_to); the open row equals Customer.tier (CUS-2)."""

    SCOPE_PATHS = {"unit": "customer__unit_id", "manager": "customer__manager_id"}

    customer = models.ForeignKey("accounts.Customer", models.CASCADE, related_name="tier_history", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(valid_to=None), name="one_open_tier_per_customer"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="tier_history_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["customer", "valid_from"], name="tier_history_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id}:{self.tier_id}"


class TierProposal(ScopedModel):
    """A proposed tier that a supervisor decides (CUS-4, sync-api `proposed`)."""

    SCOPE_PATHS = {"unit": "customer__unit_id", "manager": "customer__manager_id"}

    customer = models.ForeignKey("accounts.Customer", models.CASCADE, related_name="tier_proposals")
    from_tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+")
    to_tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="open"), name="one_open_proposal_per_customer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.from_tier_id}→{self.to_tier_id}"
