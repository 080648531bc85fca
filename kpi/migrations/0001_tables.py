"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("kpi", "0001_initial"),
        ("kpi", "0003_scorecards"),
        ("kpi", "0005_evidence_and_cursor"),
        ("kpi", "0006_fact_of_manager"),
        ("kpi", "0007_day_of_the_full_count"),
        ("kpi", "0008_measures_of_retention"),
        ("kpi", "0009_groups_lost_by_type"),
        ("kpi", "0010_policy_coverage"),
        ("kpi", "0011_warnings_handled"),
        ("kpi", "0012_arrears_collected"),
        ("kpi", "0013_active_members"),
    ]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="FrozenMonth",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField(unique=True)),
                        ("frozen_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Indicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=10, unique=True)),
                        (
                            "category",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "VIP churn"),
                                    (2, "VIP satisfaction"),
                                    (3, "Quality of service"),
                                    (4, "Rewards and activities"),
                                    (5, "Clubs"),
                                    (6, "Other work"),
                                    (7, "Sales results"),
                                    (8, "Information"),
                                ]
                            ),
                        ),
                        ("sub_no", models.PositiveSmallIntegerField(default=0)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("system", "Counted by the system"),
                                    ("survey", "Satisfaction survey"),
                                    ("exam", "Knowledge exam"),
                                    ("callback", "Callback"),
                                    ("mystery", "Mystery visit"),
                                ],
                                default="system",
                                max_length=10,
                            ),
                        ),
                        ("measure", models.CharField(blank=True, max_length=40)),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("up", "Higher is better"),
                                    ("down", "Lower is better"),
                                    ("none", "For information"),
                                ],
                                default="up",
                                max_length=5,
                            ),
                        ),
                        (
                            "period",
                            models.CharField(
                                choices=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
                                default="month",
                                max_length=8,
                            ),
                        ),
                        (
                            "display",
                            models.CharField(
                                choices=[
                                    ("percent", "Per cent"),
                                    ("count", "Count"),
                                    ("per_hundred", "Per hundred customers"),
                                    ("minutes", "Minutes on average"),
                                    ("days", "Working days on average"),
                                    ("score", "Points of 100"),
                                ],
                                default="percent",
                                max_length=12,
                            ),
                        ),
                        ("label_zh", models.CharField(max_length=40)),
                        ("label_en", models.CharField(max_length=60)),
                        ("source", models.CharField(blank=True, max_length=40)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="RefreshMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("refreshed_at", models.DateTimeField(null=True)),
                        ("snapshot", models.TextField(default="")),
                        ("counted_on", models.DateField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Fact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_on", models.DateField()),
                        ("day", models.DateField()),
                        ("numerator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("denominator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("excused", models.IntegerField(db_default=0, default=0)),
                        ("mendable", models.IntegerField(db_default=0, default=0)),
                        (
                            "manager",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="kpi.indicator",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "period_on", "unit", "manager", "day"),
                                name="one_fact_per_day_and_manager",
                                nulls_distinct=False,
                            )
                        ],
                        "indexes": [models.Index(fields=["manager", "period_on"], name="fact_manager")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_on", models.DateField()),
                        ("numerator", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                        ("denominator", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                        ("ref", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Waits for the second signature"),
                                    ("signed", "Signed by both"),
                                    ("refused", "Refused"),
                                ],
                                default="requested",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kpi.indicator"
                            ),
                        ),
                        ("path", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("state", "refused"), _negated=True), ("ref__isnull", False)
                                ),
                                fields=("indicator", "period_on", "ref"),
                                name="one_correction_per_row",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="IndicatorTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField()),
                        ("value", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                        ("is_strict", models.BooleanField(default=False)),
                        ("source", models.CharField(default="set", max_length=20)),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="kpi.indicator"
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "effective_from"), name="one_indicator_target_per_date"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Result",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_on", models.DateField()),
                        ("is_unit", models.BooleanField(default=False)),
                        ("numerator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("denominator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("excused", models.IntegerField(db_default=0, default=0)),
                        ("mendable", models.IntegerField(db_default=0, default=0)),
                        ("value", models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ("value_before_excuses", models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ("target", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                        ("is_strict", models.BooleanField(default=False)),
                        ("is_met", models.BooleanField(null=True)),
                        ("projected", models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        (
                            "source",
                            models.CharField(
                                choices=[("computed", "Counted by the system"), ("entered", "Entered with evidence")],
                                default="computed",
                                max_length=10,
                            ),
                        ),
                        ("evidence", models.CharField(blank=True, db_default="", default="", max_length=300)),
                        ("computed_at", models.DateTimeField()),
                        ("frozen_at", models.DateTimeField(null=True)),
                        ("revision", models.PositiveSmallIntegerField(default=1)),
                        ("is_current", models.BooleanField(default=True)),
                        (
                            "indicator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kpi.indicator",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_current", True), ("is_unit", True)),
                                fields=["unit", "period_on"],
                                name="result_unit",
                            ),
                            models.Index(
                                condition=models.Q(("is_current", True), ("is_unit", False)),
                                fields=["unit", "period_on"],
                                name="result_of_unit",
                            ),
                            models.Index(
                                condition=models.Q(("is_current", True)),
                                fields=["manager", "period_on"],
                                name="result_manager",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "period_on", "unit", "manager", "is_unit", "revision"),
                                name="one_result_per_subject_and_revision",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_unit", False), ("manager", None), _connector="OR"),
                                name="unit_result_has_no_manager",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ScorecardVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        (
                            "audience",
                            models.CharField(
                                choices=[("unit", "Units"), ("manager", "Account managers")], max_length=8
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_force", "In force"),
                                    ("retired", "Followed by another"),
                                ],
                                default="draft",
                                max_length=8,
                            ),
                        ),
                        ("title", models.CharField(max_length=80)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("holds_from", models.DateField(blank=True, null=True)),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("made_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "made_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "in_force")),
                                fields=("year", "unit", "audience"),
                                name="one_scorecard_in_force",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    models.Q(("holds_from__isnull", False), ("published_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="scorecard_in_force_has_a_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("unit", None), ("audience", "manager"), _connector="OR"),
                                name="units_assess_managers_only",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ScorecardLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("weight", models.DecimalField(decimal_places=2, max_digits=5)),
                        (
                            "scoring",
                            models.CharField(
                                choices=[
                                    ("linear", "In proportion"),
                                    ("step", "By steps"),
                                    ("pass", "All or nothing"),
                                    ("deduct", "Points taken away"),
                                ],
                                default="linear",
                                max_length=8,
                            ),
                        ),
                        ("target", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                        ("floor", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                        ("steps", models.JSONField(blank=True, default=list)),
                        ("each", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                        ("takes", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                        (
                            "indicator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kpi.indicator",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="kpi.scorecardversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "indicator"), name="one_line_per_indicator"),
                            models.CheckConstraint(
                                condition=models.Q(("weight__gte", 0), ("weight__lte", 100)),
                                name="line_weight_of_a_hundred",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Score",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("total", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                        ("lines", models.JSONField(default=list)),
                        ("rank", models.PositiveIntegerField(null=True)),
                        ("of", models.PositiveIntegerField(default=0)),
                        ("rank_overall", models.PositiveIntegerField(null=True)),
                        ("of_overall", models.PositiveIntegerField(default=0)),
                        ("computed_at", models.DateTimeField()),
                        ("frozen_at", models.DateTimeField(null=True)),
                        (
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kpi.scorecardversion"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["month", "unit"], name="score_month")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("staff__isnull", False)),
                                fields=("staff", "month"),
                                name="one_score_per_manager",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("staff", None)), fields=("unit", "month"), name="one_score_per_unit"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CompetencyReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        (
                            "attitude",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "zeal",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "learning",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "market",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "sector",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "office",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        (
                            "business",
                            models.PositiveSmallIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ]
                            ),
                        ),
                        ("remark", models.CharField(blank=True, max_length=500)),
                        ("reviewed_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("staff", "year"), name="one_review_a_year")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="EnteredResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_on", models.DateField()),
                        ("numerator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("denominator", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("evidence", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("entered", "Waits for a signature"),
                                    ("signed", "Signed"),
                                    ("refused", "Refused"),
                                ],
                                default="entered",
                                max_length=8,
                            ),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        (
                            "attachment",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="kpi.indicator",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "-id"], name="entry_state")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "entered")),
                                fields=("indicator", "period_on", "unit", "manager"),
                                name="one_entry_waits_per_subject",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("signed_by", None),
                                    models.Q(("signed_by", models.F("entered_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="entry_signed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("denominator__gt", 0)), name="entry_has_a_denominator"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period_on", models.DateField()),
                        ("path", models.CharField(max_length=200)),
                        (
                            "refs",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        (
                            "customers",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        (
                            "days",
                            django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                        ),
                        (
                            "numerators",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        (
                            "denominators",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        (
                            "flags",
                            django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="kpi.indicator",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("indicator", "period_on", "unit", "manager"),
                                name="one_evidence_per_result",
                                nulls_distinct=False,
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
    ]
