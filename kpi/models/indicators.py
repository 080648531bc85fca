"""Indicators, their targets, facts and results (KPI-3, KPI-4, KPI-50)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Customer, Staff, Unit
from crm.core.scope import ScopedModel
from kpi.choices import Category, CorrectionState, Direction, Display, Method, Period, ResultSource

OF_SUBJECT = {"unit": "unit_id", "manager": "manager_id"}


class Indicator(models.Model):
    """An indicator is data; `measure` names the statement of rows it counts, empty: its results are entered."""

    code = models.CharField(max_length=10, unique=True)
    category = models.PositiveSmallIntegerField(choices=Category)
    # Its place in the category (KPI-11: 3 + 2 + 10 + 5 + 2 + 3 sub-items); several may share one.
    sub_no = models.PositiveSmallIntegerField(default=0)
    method = models.CharField(max_length=10, choices=Method, default=Method.SYSTEM)
    measure = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=5, choices=Direction, default=Direction.UP)
    period = models.CharField(max_length=8, choices=Period, default=Period.MONTH)
    display = models.CharField(max_length=12, choices=Display, default=Display.PERCENT)
    label_zh = models.CharField(max_length=40)
    label_en = models.CharField(max_length=60)
    # Requirement and formula it comes from, "KPI-28 F14".
    source = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class IndicatorTarget(models.Model):
    """What is to be reached from a day on; strict: reaching it exactly is not enough (RET-1: below 3.5)."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    effective_from = models.DateField()
    # Empty: no target from then on, the indicator is information.
    value = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    is_strict = models.BooleanField(default=False)
    # Requirement id, "ours" for our default, "set" once headquarters chose it.
    source = models.CharField(max_length=20, default="set")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "effective_from"], name="one_indicator_target_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.effective_from} {self.value}"


class Fact(ScopedModel):
    """What the rows of one day came to: the additive ground of every result. A stock keeps its last day only."""

    SCOPE_PATHS = OF_SUBJECT

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_index=False)
    period_on = models.DateField()  # first day of the period
    day = models.DateField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+", db_index=False)
    numerator = models.DecimalField(max_digits=16, decimal_places=2)
    denominator = models.DecimalField(max_digits=16, decimal_places=2)
    excused = models.IntegerField(default=0, db_default=0)
    mendable = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_on", "unit", "manager", "day"],
                nulls_distinct=False,
                name="one_fact_per_day_and_manager",
            )
        ]
        indexes = [models.Index(fields=["manager", "period_on"], name="fact_manager")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.day} {self.manager_id}"


class Result(ScopedModel):
    """KPI-50: one figure of one subject and period. A manager's stands under the unit it was earned in; a unit's is
    the sum of all below it (`is_unit`, without manager). Frozen rows never change: a correction is a new revision.
    """

    SCOPE_PATHS = OF_SUBJECT

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_index=False)
    period_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    is_unit = models.BooleanField(default=False)
    numerator = models.DecimalField(max_digits=16, decimal_places=2)
    denominator = models.DecimalField(max_digits=16, decimal_places=2)
    excused = models.IntegerField(default=0, db_default=0)
    mendable = models.IntegerField(default=0, db_default=0)
    # Both as shown (per cent, minutes …); empty: no value (d = 0).
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    value_before_excuses = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    is_strict = models.BooleanField(default=False)
    is_met = models.BooleanField(null=True)
    # Where the period ends up at the present pace; empty when it is over or cannot be told.
    projected = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    source = models.CharField(max_length=10, choices=ResultSource, default=ResultSource.COMPUTED)
    evidence = models.CharField(max_length=300, blank=True, default="", db_default="")
    computed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_on", "unit", "manager", "is_unit", "revision"],
                nulls_distinct=False,
                name="one_result_per_subject_and_revision",
            ),
            models.CheckConstraint(condition=Q(is_unit=False) | Q(manager=None), name="unit_result_has_no_manager"),
        ]
        indexes = [
            models.Index(fields=["unit", "period_on"], condition=Q(is_current=True, is_unit=True), name="result_unit"),
            models.Index(
                fields=["unit", "period_on"], condition=Q(is_current=True, is_unit=False), name="result_of_unit"
            ),
            models.Index(fields=["manager", "period_on"], condition=Q(is_current=True), name="result_manager"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_on} {self.manager_id or self.unit_id}"


class Evidence(ScopedModel):
    """The rows behind a frozen result, word for word: what was counted stays listed though its sources move on."""

    SCOPE_PATHS = OF_SUBJECT

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_index=False)
    period_on = models.DateField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    manager = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+", db_index=False)
    # The unit's place in the tree then: a unit that moves later takes no old figures along.
    path = models.CharField(max_length=200)
    # Parallel arrays, in the order of day and ref: days since `period_on`, amounts in hundredths, flags 1 excused, 2
    # could still be met, 4 without a customer (`customers` has 0 there).
    refs = ArrayField(models.BigIntegerField())
    customers = ArrayField(models.BigIntegerField())
    days = ArrayField(models.SmallIntegerField())
    numerators = ArrayField(models.BigIntegerField())
    denominators = ArrayField(models.BigIntegerField())
    flags = ArrayField(models.SmallIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_on", "unit", "manager"],
                nulls_distinct=False,
                name="one_evidence_per_result",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_on} {self.manager_id}"


class FrozenMonth(models.Model):
    """A month whose results are final (decisions 3): frozen with the ledger."""

    month = models.DateField(unique=True)
    frozen_at = models.DateTimeField()

    objects = models.Manager()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Correction(ScopedModel):
    """What is added to a frozen result, with the row that proves it; two people sign (SEC-24)."""

    SCOPE_PATHS = OF_SUBJECT

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    period_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    numerator = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    denominator = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    # The row it is about, of the indicator's table; one correction per row.
    ref = models.BigIntegerField(null=True)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    # The unit's place in the tree when it was signed: so far up it counts.
    path = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_on", "ref"],
                condition=~Q(state="refused") & Q(ref__isnull=False),
                name="one_correction_per_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_on} {self.state}"


class RefreshMark(models.Model):
    """How far the change log has been read for the figures of the running periods; one row.

    `snapshot` is the snapshot cursor of mechanisms B: what it does not see has not been read. Empty: count everything.
    """

    snapshot = models.TextField(default="")
    refreshed_at = models.DateTimeField(null=True)
    # The day on which everybody was last counted; a period that began since is counted whole.
    counted_on = models.DateField(null=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.snapshot
