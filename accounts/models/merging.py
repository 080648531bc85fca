"""Customers that stand twice: who looks like whom, and what a merge did, so that it can be taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.choices import DuplicateReason, PairState
from accounts.models.customers import Customer
from crm.core.scope import ScopedModel


class DuplicatePair(ScopedModel):
    """Two customers who may be one. Whoever sees both may decide; what was dismissed is not brought up again."""

    SCOPE_PATHS = {"unit": "first__unit_id", "manager": "first__manager_id"}

    # The one with the smaller id.
    first = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=10, choices=DuplicateReason))
    state = models.CharField(max_length=10, choices=PairState, default=PairState.OPEN)
    found_on = models.DateField()
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_two_customers"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_smaller_id_first"),
        ]
        indexes = [models.Index(fields=["-score", "-id"], condition=Q(state="open"), name="pair_likeliest")]

    def __str__(self) -> str:
        return f"{self.first_id}={self.second_id}"


class CustomerMerge(ScopedModel):
    """One customer was put into another one. The row of the merged customer is gone; this one says where to."""

    SCOPE_PATHS = {"unit": "survivor__unit_id", "manager": "survivor__manager_id"}

    # Where his rows are today: a later merge of the survivor moves it on.
    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    # Whom he was merged into then; another one than today's survivor: the later merge is undone first.
    into_id = models.BigIntegerField()
    merged_id = models.BigIntegerField()
    merged_number = models.CharField(max_length=12)
    merged_name = models.CharField(max_length=50)
    reason = models.CharField(max_length=200, blank=True)
    # Rows that moved by table, for people to read.
    counts = models.JSONField(default=dict)
    # What an undo needs: rows that moved, rows set aside, values before and after. Emptied when it is too late.
    memory = models.JSONField(default=dict)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged_id"], condition=Q(undone_at=None), name="one_survivor_per_merged_customer"
            )
        ]
        indexes = [models.Index(fields=["-merged_at", "-id"], name="merge_latest")]

    def __str__(self) -> str:
        return f"{self.merged_number}→{self.survivor_id}"
