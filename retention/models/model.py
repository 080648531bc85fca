"""The risk model, its features, and the score of every customer (RET-3; churn.md)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.choices import AlertLevel
from accounts.models import Customer
from accounts.models.customers import OF_CUSTOMER
from crm.core.scope import ScopedModel
from retention.choices import FeatureGroup, FeatureKind, ModelStage, ModelState


class RiskModel(models.Model):
    """One version of the model: a table of points. Never changed; the one in force scores."""

    stage = models.CharField(max_length=10, choices=ModelStage)
    state = models.CharField(max_length=10, choices=ModelState, default=ModelState.CHALLENGER)
    # retention.rules.points.PointTable as JSON: features with bins and points, groups, intercept, slope.
    table = models.JSONField()
    # What it was trained on: rows, events, first and last snapshot, digest of the data.
    training = models.JSONField(default=dict)
    # Figures on the later window, beside those of the model then in force.
    metrics = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    promoted_at = models.DateTimeField(null=True, blank=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="in_force"), name="one_risk_model_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.stage}"


class RiskColumn(models.Model):
    """A column an operator imports beside our own data; it can become a feature without code."""

    code = models.SlugField(max_length=40, unique=True)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=FeatureKind)
    group = models.CharField(max_length=12, choices=FeatureGroup, default=FeatureGroup.OTHER)
    is_feature = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class ColumnValue(ScopedModel):
    """The newest value of an imported column for a customer."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    column = models.ForeignKey(RiskColumn, models.CASCADE, related_name="+", db_index=False)
    number = models.FloatField(null=True, blank=True)
    text = models.CharField(max_length=100, blank=True)
    as_of = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["column", "customer"], name="one_value_per_column_and_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.column_id}"


class RiskScore(ScopedModel):
    """The newest score of a customer, with the points of every signal and the model that gave them (T13)."""

    SCOPE_PATHS = OF_CUSTOMER

    # Derived, and written by the million: the database need not look each time whether customer and model are there. No
    # version is ever deleted; the score of a customer who is goes with him, or with the next night.
    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)
    model = models.ForeignKey(RiskModel, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    points = models.SmallIntegerField()
    probability = models.FloatField()
    # round(100 p) (decisions 26).
    risk = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=6, choices=AlertLevel, blank=True, default="")
    # JSON, [[code, points, value, date]], largest first: read only when an alert opens, so it is kept as it was made.
    reasons = models.TextField(default="[]")
    # The codes of signals without data.
    missing = ArrayField(models.CharField(max_length=40), default=list)
    # Of everything it rests on: a night writes only what has another one.
    fingerprint = models.BigIntegerField(null=True)
    scored_on = models.DateField()
    # When the points changed and to what, newest first (retention.rules.alerts.history_of): what a rise is measured by.
    recent = ArrayField(models.SmallIntegerField(), default=list)
    # A score that is silenced: not raised by capacity until then (cool-down).
    quiet_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.points}"


class RiskSnapshot(ScopedModel):
    """What was known of a customer on the first of a month and what came of it: what models learn from."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    taken_on = models.DateField()
    model = models.ForeignKey(RiskModel, models.PROTECT, null=True, related_name="+", db_index=False)
    points = models.SmallIntegerField(null=True)
    probability = models.FloatField(null=True)
    # Values of every feature as of that day, and never later.
    features = models.JSONField()
    # Flagged by an alert within the window, treated, or in the control group.
    is_flagged = models.BooleanField(default=False)
    is_control = models.BooleanField(default=False)
    # Lost within the window; null until it is over, or left out (involuntary).
    is_lost = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taken_on", "customer"], name="one_snapshot_per_month")]
        indexes = [models.Index(fields=["customer", "taken_on"], name="snapshot_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.taken_on}"
