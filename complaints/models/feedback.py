"""Quality feedback, irregularities, instructions, and what became of opinions (CMP-28…35, CMP-37)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Product, Staff, Unit
from complaints.choices import IrregularityKind, IrregularityState, QualityState, ReplyMethod
from complaints.models.cases import OF_CASE, OF_CUSTOMER, Case
from crm.core.scope import ScopedModel
from visits.models import CustomerVoice


class QualityFeedback(ScopedModel):
    """商品及服务质量信息反馈单 of a quality case; two signatures of the customer (parts `customer`, `confirmation`)."""

    SCOPE_PATHS = OF_CASE

    case = models.OneToOneField(Case, models.CASCADE, related_name="quality")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    product_name = models.CharField(max_length=60, blank=True)
    batch = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    defect = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=500, blank=True)
    inspected_on = models.DateField(null=True, blank=True)
    inspected_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    # Defective goods brought back.
    returned_quantity = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=QualityState, default=QualityState.REPORTED)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decision_note = models.CharField(max_length=300, blank=True)
    exchanged_on = models.DateField(null=True, blank=True)
    exchanged_quantity = models.PositiveIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(exchanged_on=None) | Q(decided_at__isnull=False), name="no_exchange_before_approval"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | (Q(inspected_on__isnull=False) & ~Q(cause="")),
                name="feedback_submitted_after_inspection",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="quality_state")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Irregularity(ScopedModel):
    """An irregularity report and its hops, each with its moment (CMP-34, CMP-35, ORG-15)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    kind = models.CharField(max_length=12, choices=IrregularityKind)
    # Whom it is about; he need not be a customer.
    subject = models.CharField(max_length=100)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="irregularities")
    place = models.CharField(max_length=200)
    facts = models.TextField(max_length=2000)
    found_at = models.DateTimeField()
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=IrregularityState, default=IrregularityState.REPORTED)
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    forwarded_at = models.DateTimeField(null=True, blank=True)
    forwarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    result = models.TextField(max_length=2000, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)
    result_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    copy_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    copied_at = models.DateTimeField(null=True, blank=True)
    copied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    client_key = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(result="") & Q(copied_at__isnull=False)),
                name="irregularity_closes_with_result_and_copy",
            ),
            models.CheckConstraint(condition=Q(reported_at__gte=F("found_at")), name="irregularity_found_before_told"),
        ]
        indexes = [models.Index(fields=["-reported_at", "-id"], name="irregularity_time")]

    def __str__(self) -> str:
        return self.subject


class IrregularityFile(ScopedModel):
    """A photo that goes with a report."""

    SCOPE_PATHS = {"unit": "irregularity__unit_id", "manager": "irregularity__staff_id"}

    irregularity = models.ForeignKey(Irregularity, models.CASCADE, related_name="files")
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.irregularity_id} {self.attachment_id}"


class Instruction(ScopedModel):
    """批示 of the regional market manager on a case or an opinion, fed back to the customer and measured (CMP-32)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="instructions")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="instructions")
    voice = models.ForeignKey(CustomerVoice, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=500)
    # CMP-37: an instruction that orders an exchange opens the flow of the feedback form.
    orders_exchange = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    fed_back_at = models.DateTimeField(null=True, blank=True)
    fed_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    feedback = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(case=None) & Q(voice__isnull=False)) | (Q(case__isnull=False) & Q(voice=None)),
                name="instruction_on_case_or_voice",
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(fed_back_at=None), name="instruction_open")]

    def __str__(self) -> str:
        return self.text


class VoiceFeedback(ScopedModel):
    """What became of an opinion, and when the customer was told (CMP-25, CMP-33)."""

    SCOPE_PATHS = {"unit": "voice__customer__unit_id", "manager": "voice__customer__manager_id"}

    voice = models.OneToOneField(CustomerVoice, models.CASCADE, related_name="+")
    result = models.CharField(max_length=500)
    # What was explained to a customer who criticised (CMP-25).
    explanation = models.CharField(max_length=500, blank=True)
    method = models.CharField(max_length=10, choices=ReplyMethod)
    fed_back_at = models.DateTimeField()
    fed_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.voice_id}"
