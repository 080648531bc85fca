"""What headquarters sets: categories, order types, targets in time, service phrases (CMP-2, CMP-16, CMP-26, SAL-18)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Staff, Tier, Unit
from complaints.choices import CaseKind, CaseLevel, Hours, PhrasePlace
from crm.core.scope import ScopedModel


class Category(models.Model):
    """What a complaint is about (CMP-26, CMP-38)."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=40)
    label_en = models.CharField(max_length=60)
    # Caused by how something was sold.
    is_sales = models.BooleanField(default=False)
    # Counts as a violation on the scorecard (CON-13: refused outside office hours).
    is_violation = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class OrderType(models.Model):
    """A type of business handling (SAL-18) with its steps in order (SAL-26: none is skipped)."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=40)
    label_en = models.CharField(max_length=60)
    # SAL-41: the manager finishes it himself; else it goes to a hall or the back office, which closes it.
    manager_completes = models.BooleanField(default=False)
    # [["check_identity", "核对证件", "Check the papers"], …]
    steps = models.JSONField(default=list)
    # Something that cannot wait, such as a lost SIM before a flight.
    is_urgent = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class SlaRule(models.Model):
    """Targets in minutes from a day on; an empty selector fits everything, an empty target sets none (CMP-2)."""

    kind = models.CharField(max_length=12, choices=CaseKind)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=CaseLevel, blank=True)
    first_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    update_minutes = models.PositiveIntegerField(null=True, blank=True)
    solution_minutes = models.PositiveIntegerField(null=True, blank=True)
    hours = models.CharField(max_length=8, choices=Hours, default=Hours.OFFICE)
    effective_from = models.DateField()
    # Null: our default, not given by the operator's documents.
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "category", "tier", "level", "effective_from"],
                nulls_distinct=False,
                name="one_sla_rule_per_cell_and_day",
            ),
            models.CheckConstraint(
                condition=(Q(first_reply_minutes=None) | Q(first_reply_minutes__gt=0))
                & (Q(update_minutes=None) | Q(update_minutes__gt=0))
                & (Q(solution_minutes=None) | Q(solution_minutes__gt=0)),
                name="sla_targets_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_from}"


class ServicePhrase(models.Model):
    """A 服务禁语: seven are given, three places are empty because the source lacks them (CMP-16…23)."""

    number = models.PositiveSmallIntegerField(unique=True)
    text = models.CharField(max_length=200, blank=True)
    # Wordings that mean it, one a line; matched without punctuation and width.
    wordings = models.TextField(max_length=2000, blank=True)
    kinder = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="service_phrase_number")]

    def __str__(self) -> str:
        return f"{self.number}"


class PhraseHit(ScopedModel):
    """A phrase was used in a text that was saved: which, where, when – never the text itself."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    phrase = models.ForeignKey(ServicePhrase, models.PROTECT, related_name="hits")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.CharField(max_length=10, choices=PhrasePlace)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="phrase_hit_time")]

    def __str__(self) -> str:
        return f"{self.phrase_id} {self.at}"
