"""Scorecards, what they come to month by month, results entered by hand, competency reviews (KPI-1…12, ORG-26)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Staff, Unit
from crm.core.scope import ScopedModel
from kpi.choices import Audience, EntryState, Scoring, VersionState
from kpi.models.indicators import OF_SUBJECT, Indicator

OF_STAFF = {"unit": "unit_id", "manager": "staff_id"}


class ScorecardVersion(ScopedModel):
    """KPI-9: the rules of one year. Headquarters' (no unit) hold wherever a unit has none of its own (KPI-10).

    Once in force it is never changed: another version follows it, from a month on, and earlier months keep theirs.
    """

    SCOPE_PATHS = {"unit": "unit_id"}

    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience)
    state = models.CharField(max_length=8, choices=VersionState, default=VersionState.DRAFT)
    title = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    # First day of the first month it holds for; set when it comes into force.
    holds_from = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit", "audience"],
                condition=Q(state="in_force"),
                nulls_distinct=False,
                name="one_scorecard_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(holds_from__isnull=False, published_at__isnull=False),
                name="scorecard_in_force_has_a_month",
            ),
            models.CheckConstraint(condition=Q(unit=None) | Q(audience="manager"), name="units_assess_managers_only"),
        ]

    def __str__(self) -> str:
        return self.title


class ScorecardLine(ScopedModel):
    """One indicator of a scorecard: its weight in points of 100 and how its value becomes points."""

    SCOPE_PATHS = {"unit": "version__unit_id"}

    version = models.ForeignKey(ScorecardVersion, models.CASCADE, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_index=False)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    scoring = models.CharField(max_length=8, choices=Scoring, default=Scoring.LINEAR)
    # Empty: the indicator's target of the month.
    target = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    # LINEAR: where no points are left; empty: nothing at 0, or at twice the target when less is better.
    floor = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    # STEP: [[from this value on, per cent of the weight], …], best first.
    steps = models.JSONField(default=list, blank=True)
    # DEDUCT: so many per cent of the weight for each begun so much beside the target.
    each = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    takes = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator"], name="one_line_per_indicator"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="line_weight_of_a_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.indicator_id}"


class Score(ScopedModel):
    """What a scorecard came to for one unit or manager in one month (KPI-1, KPI-2, KPI-12); frozen with the month."""

    SCOPE_PATHS = OF_STAFF

    version = models.ForeignKey(ScorecardVersion, models.PROTECT, related_name="+")
    month = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    # Points of 100; empty: there is nothing to assess yet.
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    # Line by line: what was counted, which points it gave, and with which weight (kpi.rules.scoring.as_json).
    lines = models.JSONField(default=list)
    # Among the managers of the branch (of a unit: among all units), and among everybody under the same version.
    rank = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(default=0)
    rank_overall = models.PositiveIntegerField(null=True)
    of_overall = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "month"], condition=Q(staff__isnull=False), name="one_score_per_manager"
            ),
            models.UniqueConstraint(fields=["unit", "month"], condition=Q(staff=None), name="one_score_per_unit"),
        ]
        indexes = [models.Index(fields=["month", "unit"], name="score_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.staff_id or self.unit_id}"


class EnteredResult(ScopedModel):
    """A result from outside (a third party's survey, an exam) with its evidence; it counts once another has signed."""

    SCOPE_PATHS = OF_SUBJECT

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_index=False)
    period_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    numerator = models.DecimalField(max_digits=16, decimal_places=2)
    denominator = models.DecimalField(max_digits=16, decimal_places=2)
    evidence = models.CharField(max_length=300)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=EntryState, default=EntryState.ENTERED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    signed_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_on", "unit", "manager"],
                condition=Q(state="entered"),
                nulls_distinct=False,
                name="one_entry_waits_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=models.F("entered_by")), name="entry_signed_by_another"
            ),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="entry_has_a_denominator"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="entry_state")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_on} {self.manager_id or self.unit_id}"


LEVEL = (MinValueValidator(1), MaxValueValidator(5))


class CompetencyReview(ScopedModel):
    """ORG-26: the seven requirements of the post, 1 to 5, once a year by the supervisor."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    attitude = models.PositiveSmallIntegerField(validators=LEVEL)
    zeal = models.PositiveSmallIntegerField(validators=LEVEL)
    learning = models.PositiveSmallIntegerField(validators=LEVEL)
    market = models.PositiveSmallIntegerField(validators=LEVEL)
    sector = models.PositiveSmallIntegerField(validators=LEVEL)
    office = models.PositiveSmallIntegerField(validators=LEVEL)
    business = models.PositiveSmallIntegerField(validators=LEVEL)
    remark = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "year"], name="one_review_a_year")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.year}"
