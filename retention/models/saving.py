"""Save cases, what was offered, why customers were lost, and what competitors do (RET-7, RET-8, RET-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Customer, Staff, Unit
from accounts.models.customers import OF_CUSTOMER
from crm.core.models import Attachment
from crm.core.scope import ScopedModel
from engagement.models import ServicePolicy
from retention.choices import AnalysisState, CauseCategory, IntelligenceKind, OfferState, Reliability, SaveState
from retention.models.alerts import Alert
from retention.models.losses import ChurnRecord, Competitor
from visits.models import CustomerVoice


class SaveCase(ScopedModel):
    """挽留单: the customer has asked to leave, and we try to keep him (RET-7). One open per customer."""

    SCOPE_PATHS = OF_CUSTOMER

    alert = models.OneToOneField(Alert, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    # Whose it was when the customer asked: credit of F6 (decisions 6).
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=SaveState, default=SaveState.OPEN)
    requested_at = models.DateTimeField()
    cause = models.CharField(max_length=12, choices=CauseCategory, blank=True)
    words = models.TextField(max_length=1000, blank=True)
    competitor = models.ForeignKey(Competitor, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    result_note = models.CharField(max_length=500, blank=True)
    # Three months after "retained": what billing says of it.
    confirm_on = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(null=True)
    confirmed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_at=None), name="one_open_save_case_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=["open", "offering"])
                | Q(closed_at__isnull=False, state__in=["retained", "lost"]),
                name="save_case_closed_with_a_result",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-requested_at"], name="save_case_customer"),
            models.Index(fields=["manager", "-requested_at"], name="save_case_manager"),
            models.Index(
                fields=["confirm_on"], condition=Q(state="retained", is_confirmed=None), name="save_case_to_confirm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"


class SaveOffer(ScopedModel):
    """One offer of a save case; over the limit it waits for somebody else's decision (SEC-24)."""

    SCOPE_PATHS = {"unit": "case__customer__unit_id", "manager": "case__customer__manager_id"}

    case = models.ForeignKey(SaveCase, models.CASCADE, related_name="offers", db_index=False)
    policy = models.ForeignKey(ServicePolicy, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.CharField(max_length=300)
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    # What was allowed without asking when it was made.
    limit = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=10, choices=OfferState)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="offer_cost_not_negative")]
        indexes = [
            models.Index(fields=["case", "id"], name="offer_case"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="offer_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.text}"


class ChurnAnalysis(ScopedModel):
    """离网分析: why he left and what we learn, due ten working days after the loss (RET-8)."""

    SCOPE_PATHS = {"unit": "record__unit_id", "manager": "record__manager_id"}

    record = models.OneToOneField(ChurnRecord, models.CASCADE, related_name="analysis")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=AnalysisState, default=AnalysisState.DUE)
    cause = models.CharField(max_length=12, choices=CauseCategory, blank=True)
    depth = models.TextField(max_length=2000, blank=True)
    countermeasure = models.TextField(max_length=1000, blank=True)
    lesson = models.TextField(max_length=1000, blank=True)
    # What the system knew on the day: alert, score, last contact, complaints; filled in by it, never asked.
    facts = models.JSONField(default=dict)
    # The guide text that passes the lesson on, when there is one.
    article_id = models.BigIntegerField(null=True, blank=True)
    analysed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    analysed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="due", analysed_at=None) | Q(state="done", analysed_at__isnull=False),
                name="analysis_done_at",
            )
        ]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(state="due"), name="analysis_due")]

    def __str__(self) -> str:
        return str(self.record_id)


class CompetitorIntel(ScopedModel):
    """竞争对手情报: what a competitor does, where and with whom (RET-10)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=IntelligenceKind)
    # Null: about the area, not about one customer.
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    seen_on = models.DateField()
    text = models.TextField(max_length=1000)
    reliability = models.CharField(max_length=10, choices=Reliability)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # What a customer said on a visit, taken over: once.
    voice = models.OneToOneField(CustomerVoice, models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-seen_on", "-id"], name="intel_unit"),
            models.Index(fields=["-seen_on", "-id"], name="intel_day"),
            models.Index(fields=["customer", "-seen_on"], condition=Q(customer__isnull=False), name="intel_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.competitor_id} {self.seen_on}"
