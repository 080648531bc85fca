"""Cases (受理单): whatever a customer brings, its conversation, its six steps (CMP-1…15, SAL-18, CON-29, CON-32)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import ContactPerson, Customer, Product, Staff, Unit
from complaints.choices import (
    OPEN_STATES,
    CaseChannel,
    CaseKind,
    CaseLevel,
    CaseState,
    EntryKind,
    Judgement,
    ReplyMethod,
    StepNumber,
)
from complaints.models.reference import Category, OrderType
from crm.core.scope import ScopedModel
from visits.models import Visit

OF_CUSTOMER = {"unit": "customer__unit_id", "manager": "customer__manager_id"}
OF_CASE = {"unit": "case__customer__unit_id", "manager": "case__customer__manager_id"}
_OPEN = Q(state__in=[state.value for state in OPEN_STATES])


class Case(ScopedModel):
    """One matter of one customer, from intake to its close."""

    SCOPE_PATHS = OF_CUSTOMER

    # TS-YYYYMMDD-NNNN, gaps allowed (decisions 29).
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=CaseKind)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases", db_index=False)
    channel = models.CharField(max_length=10, choices=CaseChannel)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    order_type = models.ForeignKey(OrderType, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=CaseLevel, default=CaseLevel.ORDINARY)
    # Time, place, people, what happened (CMP-15); what the customer hopes for stands apart.
    facts = models.TextField(max_length=2000)
    expectation = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    # Who spoke: a contact person, or a name and a number.
    contact_person = models.ForeignKey(
        ContactPerson, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    speaker_name = models.CharField(max_length=50, blank=True)
    speaker_phone = models.CharField(max_length=20, blank=True)
    # Business numbers the handling is about.
    numbers = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    logged_at = models.DateTimeField()
    # Of the day it came in: whose customer it was (credit), and where it is handled.
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    # Who answers for it now (ORG-18: the unit's handler, else its head).
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="owned_cases", db_index=False)
    # The visit that caused it (CON-10), the one it was told in, and the case it grew out of (SAL-42).
    caused_by = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="caused_cases")
    told_in = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="told_cases")
    from_case = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="grown_cases")
    state = models.CharField(max_length=18, choices=CaseState, default=CaseState.RECEIVED)
    round = models.PositiveSmallIntegerField(default=1)  # 1, and one more at each reopening
    accepted_at = models.DateTimeField(null=True, blank=True)
    # Spoken answer, then deed (CMP-36: response speed).
    first_reply_at = models.DateTimeField(null=True, blank=True)
    first_action_at = models.DateTimeField(null=True, blank=True)
    # The result and how the customer was told (CMP-1).
    result = models.TextField(max_length=2000, blank=True)
    reply_method = models.CharField(max_length=10, choices=ReplyMethod, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    # CON-29: an enquiry that could not be answered becomes a task.
    is_resolved = models.BooleanField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1–5
    solved_in_one_call = models.BooleanField(default=False)
    proposed_judgement = models.CharField(max_length=12, choices=Judgement, default=Judgement.PENDING)
    judgement = models.CharField(max_length=12, choices=Judgement, default=Judgement.PENDING)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    judged_at = models.DateTimeField(null=True, blank=True)
    judgement_note = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=200, blank=True)  # root cause, for the Pareto
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_cases")
    # The nearest running deadline and whether one was missed in this round; derived from the clocks.
    next_due_at = models.DateTimeField(null=True, blank=True)
    is_breached = models.BooleanField(default=False)
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    client_key = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(replied_at__isnull=False) & ~Q(result="")),
                name="no_case_closes_without_a_reply",
            ),
            models.CheckConstraint(
                condition=~Q(kind="complaint") | ~Q(expectation=""), name="complaint_names_what_is_hoped_for"
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | (Q(satisfaction__gte=1) & Q(satisfaction__lte=5)),
                name="case_satisfaction_1_to_5",
            ),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_case_names_survivor",
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"], condition=~Q(external_id=""), name="case_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="case_customer"),
            models.Index(fields=["next_due_at", "id"], condition=_OPEN, name="case_open_due"),
            models.Index(fields=["unit", "next_due_at"], condition=_OPEN, name="case_open_unit"),
            models.Index(fields=["owner", "next_due_at"], condition=_OPEN, name="case_open_owner"),
            models.Index(fields=["-received_at", "-id"], name="case_time"),
            models.Index(fields=["manager", "received_at"], name="case_manager"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseStep(ScopedModel):
    """One of the six steps, recorded once in each round; `data` has the fields of its rule (CMP-8…13)."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    step = models.PositiveSmallIntegerField(choices=StepNumber)
    data = models.JSONField(default=dict)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "step"], name="one_record_per_step_and_round"),
            models.CheckConstraint(condition=Q(step__gte=1) & Q(step__lte=6), name="step_is_one_of_six"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.step}"


class OrderStep(ScopedModel):
    """One step of a business handling done (SAL-26)."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="order_steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="one_order_step_per_place")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.position}"


class CaseEntry(ScopedModel):
    """One line of the conversation, only ever added: said, written inside, told to the customer, changed."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=EntryKind)
    text = models.TextField(max_length=2000, blank=True)
    # A change: its code and values, put into words when shown.
    code = models.CharField(max_length=30, blank=True)
    params = models.JSONField(default=dict)
    method = models.CharField(max_length=10, choices=ReplyMethod, blank=True)
    # Numbers of the service phrases in it; the customer's own words are never looked at.
    phrases = ArrayField(models.PositiveSmallIntegerField(), default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="case_entry_time")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseMerge(ScopedModel):
    """A case put into another one, and what it was before, so that it can be undone."""

    SCOPE_PATHS = {"unit": "survivor__customer__unit_id", "manager": "survivor__customer__manager_id"}

    survivor = models.ForeignKey(Case, models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Case, models.CASCADE, related_name="+")
    state_before = models.CharField(max_length=18, choices=CaseState)
    reason = models.CharField(max_length=200, blank=True)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="case_not_merged_into_itself"),
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="case_merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id}→{self.survivor_id}"


class CaseFile(ScopedModel):
    """A file that belongs to a case: a photo, a bill, a letter."""

    SCOPE_PATHS = OF_CASE

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.attachment_id}"
