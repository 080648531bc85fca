"""Credit, dunning and guarantees (SAL-23, SAL-24, SAL-25). What is owed are the bills; nothing here repeats them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Staff, Tier
from accounts.models.customers import OF_CUSTOMER
from crm.core.scope import ScopedModel
from sales.money_choices import (
    CreditChangeKind,
    CreditState,
    DunningChannel,
    DunningResult,
    DunningStage,
    DunningState,
    GuaranteeState,
    RequestState,
)


class TierCredit(models.Model):
    """The credit limit that goes with a tier (SAL-24); a neutral default until headquarters sets its own (G18)."""

    tier = models.OneToOneField(Tier, models.CASCADE, related_name="+")
    limit = models.DecimalField(max_digits=14, decimal_places=2)

    objects = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(limit__gte=0), name="tier_credit_not_negative")]

    def __str__(self) -> str:
        return f"{self.tier_id} {self.limit}"


class CreditAccount(ScopedModel):
    """信用账户: how much a customer may owe, how much he owes, and how he has paid so far."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="+")
    # Null: the limit of his tier. Only an approved change sets it.
    limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # What was approved above the limit, up to and including a day.
    extra = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    extra_until = models.DateField(null=True, blank=True)
    # Derived from his bills: unpaid in all, per cent of the bills of twelve months paid in time (null: none yet).
    used = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    score = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(
        max_length=10, choices=CreditState, default=CreditState.GOOD, db_default=CreditState.GOOD.value
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(limit=None) | Q(limit__gte=0), name="credit_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(extra=0, extra_until=None) | Q(extra__gt=0, extra_until__isnull=False),
                name="overuse_ends_some_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "-used", "-customer"], name="credit_state")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"


class CreditChange(ScopedModel):
    """A request for another limit; somebody else decides (SAL-24, SEC-24). One waits per customer and kind."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=CreditChangeKind)
    # The limit that held when it was asked for, and the one asked for; of an overuse: what is added, until when.
    old_limit = models.DecimalField(max_digits=14, decimal_places=2)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(state="waiting"), name="one_waiting_credit_change"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="credit_change_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="limit", until=None) | Q(kind="overuse", until__isnull=False),
                name="overuse_asked_for_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("requested_by")),
                name="credit_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="credit_change_customer"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="credit_change_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.state}"


class DunningCase(ScopedModel):
    """催缴: an unpaid bill past its due day, how far asking for it has come, and when the next stage begins."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    bill = models.OneToOneField("sales.Bill", models.CASCADE, related_name="+")
    stage = models.PositiveSmallIntegerField(choices=DunningStage, default=DunningStage.REMINDER)
    state = models.CharField(max_length=10, choices=DunningState, default=DunningState.OPEN)
    opened_on = models.DateField()
    # Since when this stage asks for something to be done: it began, or a promise was broken.
    stage_on = models.DateField()
    # When the next stage begins, or a promise is broken; null: the last stage, or closed.
    next_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "promised"], closed_on=None)
                | Q(state__in=["paid", "withdrawn"], closed_on__isnull=False),
                name="dunning_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="promised") | Q(promised_on__isnull=False), name="promise_has_its_day"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="dunning_customer"),
            models.Index(fields=["customer"], condition=Q(closed_on=None), name="dunning_open"),
            models.Index(fields=["closed_on"], condition=Q(closed_on__isnull=False), name="dunning_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.state}"


class DunningAction(ScopedModel):
    """One time the customer was asked for what he owes, about all his unpaid bills; kept for good."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=DunningChannel)
    # The furthest stage of his bills then, and what was owed.
    stage = models.PositiveSmallIntegerField(choices=DunningStage)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    result = models.CharField(max_length=12, choices=DunningResult)
    promise_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="promised", promise_on__isnull=False) | ~Q(result="promised") & Q(promise_on=None),
                name="dunning_promise_has_its_day",
            )
        ]
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="dunning_action_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.channel}"


class Guarantee(ScopedModel):
    """担保办理: a manager vouches for business whose papers come later (SAL-25)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    # Who vouches: it counts against his limit wherever the customer goes.
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    business = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=300)
    papers = models.CharField(max_length=300)
    papers_due_on = models.DateField()
    papers_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=GuaranteeState, default=GuaranteeState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    active_on = models.DateField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="guarantee_of_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "active", "overdue", "released"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("requested_by")),
                name="guarantee_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "overdue", "released"]) | Q(active_on__isnull=False),
                name="guarantee_in_effect_since",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="guarantee_customer"),
            models.Index(
                fields=["staff"],
                condition=Q(state__in=["requested", "approved", "active", "overdue"]),
                name="guarantee_of_staff",
            ),
            models.Index(
                fields=["papers_due_on"],
                condition=Q(papers_on=None, state__in=["active", "overdue"]),
                name="guarantee_papers",
            ),
            models.Index(fields=["id"], condition=Q(state="requested"), name="guarantee_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.business}"
