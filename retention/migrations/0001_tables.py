"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("retention", "0001_initial"),
        ("retention", "0003_states_in_words"),
        ("retention", "0004_alerts_and_saving"),
        ("retention", "0005_voices_taken_over"),
        ("retention", "0008_fingerprint_of_a_score"),
        ("retention", "0009_reviews_of_the_model"),
        ("retention", "0011_scores_without_looking_back"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("core", "0002_change_log"),
        ("engagement", "0001_tables"),
        ("visits", "0001_tables"),
    ]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Competitor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=40)),
                        ("label_en", models.CharField(max_length=60)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="ChurnBase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        (
                            "customer_kind",
                            models.CharField(
                                choices=[
                                    ("group", "Group customer"),
                                    ("vip", "VIP customer"),
                                    ("channel", "Channel customer"),
                                    ("ordinary", "Ordinary customer"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("is_reconstructed", models.BooleanField(default=False)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.customer",
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
                            "tier",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "customer"), name="one_base_row_per_year_and_customer"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ChurnCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("vips", models.PositiveIntegerField()),
                        ("diamond_gold", models.PositiveIntegerField()),
                        ("counted_on", models.DateField()),
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
                                fields=("year", "unit", "manager"),
                                name="one_churn_count_per_unit_and_manager",
                                nulls_distinct=False,
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ChurnReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("due_on", models.DateField()),
                        ("figures", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "To be submitted"),
                                    ("submitted", "Submitted, to be checked"),
                                    ("returned", "Returned, to be corrected"),
                                    ("accepted", "Passed the check"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=1000)),
                        ("prepared_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("last_submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("returned_count", models.PositiveSmallIntegerField(default=0)),
                        ("checked_at", models.DateTimeField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "submitted_by",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-month", "unit"], name="churn_report_month"),
                            models.Index(fields=["due_on"], name="churn_report_due"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("unit", "month"), name="one_churn_report_per_unit_and_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"), ("submitted_at__isnull", False), _connector="OR"
                                ),
                                name="churn_report_submitted_has_a_moment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="churn_report_returned_with_reason",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ChurnRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("left", "Left the network"), ("ported", "Ported to a competitor")],
                                default="left",
                                max_length=10,
                            ),
                        ),
                        ("lost_on", models.DateField()),
                        (
                            "customer_kind",
                            models.CharField(
                                choices=[
                                    ("group", "Group customer"),
                                    ("vip", "VIP customer"),
                                    ("channel", "Channel customer"),
                                    ("ordinary", "Ordinary customer"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("cause", models.CharField(blank=True, max_length=500)),
                        ("recorded_at", models.DateTimeField()),
                        ("edited_at", models.DateTimeField(blank=True, null=True)),
                        ("returned_on", models.DateField(blank=True, null=True)),
                        ("is_void", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="churn_records",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "tier_at_loss",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
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
                            "competitor",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.competitor",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "lost_on"], name="loss_customer"),
                            models.Index(fields=["-lost_on", "-id"], name="loss_day"),
                            models.Index(fields=["manager", "-lost_on", "-id"], name="loss_manager"),
                            models.Index(fields=["unit", "-lost_on", "-id"], name="loss_unit"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("returned_on", None)),
                                fields=("customer",),
                                name="one_open_loss_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("returned_on", None), ("returned_on__gte", models.F("lost_on")), _connector="OR"
                                ),
                                name="returned_after_the_loss",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_void", False), ("returned_on__isnull", False), _connector="OR"),
                                name="void_came_back",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskColumn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("label_zh", models.CharField(max_length=60)),
                        ("label_en", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("numeric", "Number"), ("categorical", "Category")], max_length=12
                            ),
                        ),
                        (
                            "group",
                            models.CharField(
                                choices=[
                                    ("usage", "Usage"),
                                    ("service", "Service"),
                                    ("money", "Payment"),
                                    ("relationship", "Relationship"),
                                    ("contract", "Agreement"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=12,
                            ),
                        ),
                        ("is_feature", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskModel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("expert", "Expert points"),
                                    ("hybrid", "Expert points, adjusted by events"),
                                    ("scorecard", "Learned scorecard"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("challenger", "Challenger"),
                                    ("in_force", "In force"),
                                    ("retired", "Retired"),
                                ],
                                default="challenger",
                                max_length=10,
                            ),
                        ),
                        ("table", models.JSONField()),
                        ("training", models.JSONField(default=dict)),
                        ("metrics", models.JSONField(default=dict)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("promoted_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "promoted_by",
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
                                condition=models.Q(("state", "in_force")),
                                fields=("state",),
                                name="one_risk_model_in_force",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("hard", "Said or shown by the customer"),
                                    ("capacity", "Among the most at risk"),
                                    ("rise", "Risk has risen fast"),
                                    ("by_hand", "Noticed by a person"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[("yellow", "Yellow"), ("orange", "Orange"), ("red", "Red")], max_length=6
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "New"),
                                    ("acknowledged", "Seen"),
                                    ("in_care", "In care"),
                                    ("saving", "Save case open"),
                                    ("cleared", "Cleared"),
                                    ("retained", "Retained"),
                                    ("churned", "Lost"),
                                    ("false_alarm", "False alarm"),
                                ],
                                default="open",
                                max_length=14,
                            ),
                        ),
                        ("points", models.SmallIntegerField()),
                        ("probability", models.FloatField()),
                        ("reasons", models.JSONField(default=list)),
                        ("is_on_old_data", models.BooleanField(default=False)),
                        ("is_control", models.BooleanField(default=False)),
                        ("opened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("first_action_at", models.DateTimeField(blank=True, null=True)),
                        ("snoozed_until", models.DateField(blank=True, null=True)),
                        ("snooze_reason", models.CharField(blank=True, max_length=200)),
                        ("proposal", models.TextField(blank=True, max_length=1000)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("saved", "Saved"),
                                    ("lost", "Lost"),
                                    ("not_reached", "Not reached"),
                                    ("false_alarm", "False alarm"),
                                    ("subsided", "Risk went down again"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("outcome_reason", models.CharField(blank=True, max_length=500)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
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
                            "opened_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signal",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.signal",
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.riskmodel",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-opened_at"], name="alert_customer"),
                            models.Index(fields=["manager", "-opened_at"], name="alert_manager"),
                            models.Index(fields=["-opened_at", "-id"], name="alert_day"),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("first_action_at", None)),
                                fields=["due_at"],
                                name="alert_to_act_on",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("customer",),
                                name="one_open_alert_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at", None),
                                        models.Q(
                                            ("state__in", ("cleared", "retained", "churned", "false_alarm")),
                                            _negated=True,
                                        ),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("state__in", ("cleared", "retained", "churned", "false_alarm")),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="alert_closed_with_an_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("snoozed_until", None),
                                    models.Q(("snooze_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="alert_snoozed_for_a_reason",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskScore",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="accounts.customer",
                            ),
                        ),
                        ("points", models.SmallIntegerField()),
                        ("probability", models.FloatField()),
                        ("risk", models.PositiveSmallIntegerField()),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[("yellow", "Yellow"), ("orange", "Orange"), ("red", "Red")],
                                default="",
                                max_length=6,
                            ),
                        ),
                        ("reasons", models.TextField(default="[]")),
                        (
                            "missing",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list, size=None
                            ),
                        ),
                        ("scored_on", models.DateField()),
                        (
                            "recent",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SmallIntegerField(), default=list, size=None
                            ),
                        ),
                        ("quiet_until", models.DateField(blank=True, null=True)),
                        (
                            "model",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.riskmodel",
                            ),
                        ),
                        ("fingerprint", models.BigIntegerField(null=True)),
                    ],
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskSnapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("taken_on", models.DateField()),
                        ("points", models.SmallIntegerField(null=True)),
                        ("probability", models.FloatField(null=True)),
                        ("features", models.JSONField()),
                        ("is_flagged", models.BooleanField(default=False)),
                        ("is_control", models.BooleanField(default=False)),
                        ("is_lost", models.BooleanField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.riskmodel",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "taken_on"], name="snapshot_customer")],
                        "constraints": [
                            models.UniqueConstraint(fields=("taken_on", "customer"), name="one_snapshot_per_month")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SaveCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Opened"),
                                    ("offering", "Offers made"),
                                    ("retained", "Retained"),
                                    ("lost", "Lost"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("price", "Price and tariffs"),
                                    ("network", "Network quality"),
                                    ("service", "Service"),
                                    ("competitor", "Offer of a competitor"),
                                    ("product", "Product does not fit"),
                                    ("billing", "Disputed bills"),
                                    ("moved", "Moved away"),
                                    ("closed_down", "Closed down or deceased"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("words", models.TextField(blank=True, max_length=1000)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("result_note", models.CharField(blank=True, max_length=500)),
                        ("confirm_on", models.DateField(blank=True, null=True)),
                        ("is_confirmed", models.BooleanField(null=True)),
                        ("confirmed_on", models.DateField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "alert",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="retention.alert"
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "competitor",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.competitor",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
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
                            "opened_by",
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
                        "indexes": [
                            models.Index(fields=["customer", "-requested_at"], name="save_case_customer"),
                            models.Index(fields=["manager", "-requested_at"], name="save_case_manager"),
                            models.Index(
                                condition=models.Q(("is_confirmed", None), ("state", "retained")),
                                fields=["confirm_on"],
                                name="save_case_to_confirm",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("customer",),
                                name="one_open_save_case_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("state__in", ["open", "offering"])),
                                    models.Q(("closed_at__isnull", False), ("state__in", ["retained", "lost"])),
                                    _connector="OR",
                                ),
                                name="save_case_closed_with_a_result",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SaveOffer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=300)),
                        ("cost", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("limit", models.DecimalField(decimal_places=2, max_digits=14)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waits for approval"),
                                    ("refused", "Not approved"),
                                    ("offered", "Offered"),
                                    ("accepted", "Accepted by the customer"),
                                    ("declined", "Declined by the customer"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("offered_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decision_note", models.CharField(blank=True, max_length=300)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="offers",
                                to="retention.savecase",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "offered_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="engagement.servicepolicy",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["case", "id"], name="offer_case"),
                            models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="offer_waiting"),
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="offer_cost_not_negative")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="AlertStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "from_state",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("open", "New"),
                                    ("acknowledged", "Seen"),
                                    ("in_care", "In care"),
                                    ("saving", "Save case open"),
                                    ("cleared", "Cleared"),
                                    ("retained", "Retained"),
                                    ("churned", "Lost"),
                                    ("false_alarm", "False alarm"),
                                ],
                                max_length=14,
                            ),
                        ),
                        (
                            "to_state",
                            models.CharField(
                                choices=[
                                    ("open", "New"),
                                    ("acknowledged", "Seen"),
                                    ("in_care", "In care"),
                                    ("saving", "Save case open"),
                                    ("cleared", "Cleared"),
                                    ("retained", "Retained"),
                                    ("churned", "Lost"),
                                    ("false_alarm", "False alarm"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=1000)),
                        ("at", models.DateTimeField()),
                        (
                            "alert",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="retention.alert",
                            ),
                        ),
                        (
                            "by",
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
                        "indexes": [models.Index(fields=["alert", "id"], name="alert_step")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ChurnAnalysis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("due", "To be written"), ("done", "Written")], default="due", max_length=10
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("price", "Price and tariffs"),
                                    ("network", "Network quality"),
                                    ("service", "Service"),
                                    ("competitor", "Offer of a competitor"),
                                    ("product", "Product does not fit"),
                                    ("billing", "Disputed bills"),
                                    ("moved", "Moved away"),
                                    ("closed_down", "Closed down or deceased"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("depth", models.TextField(blank=True, max_length=2000)),
                        ("countermeasure", models.TextField(blank=True, max_length=1000)),
                        ("lesson", models.TextField(blank=True, max_length=1000)),
                        ("facts", models.JSONField(default=dict)),
                        ("article_id", models.BigIntegerField(blank=True, null=True)),
                        ("analysed_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "analysed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "record",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="analysis",
                                to="retention.churnrecord",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "due")), fields=["due_on", "id"], name="analysis_due"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("analysed_at", None), ("state", "due")),
                                    models.Q(("analysed_at__isnull", False), ("state", "done")),
                                    _connector="OR",
                                ),
                                name="analysis_done_at",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CompetitorIntel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("price", "Price"),
                                    ("offer", "Offer"),
                                    ("visit", "Visit to the customer"),
                                    ("network", "Network"),
                                    ("tender", "Tender"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("seen_on", models.DateField()),
                        ("text", models.TextField(max_length=1000)),
                        (
                            "reliability",
                            models.CharField(
                                choices=[
                                    ("sure", "Seen or in writing"),
                                    ("likely", "Said by the customer"),
                                    ("rumour", "Hearsay"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "competitor",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.competitor",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
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
                            "voice",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="visits.customervoice",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["unit", "-seen_on", "-id"], name="intel_unit"),
                            models.Index(fields=["-seen_on", "-id"], name="intel_day"),
                            models.Index(
                                condition=models.Q(("customer__isnull", False)),
                                fields=["customer", "-seen_on"],
                                name="intel_customer",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="OfferLimit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("effective_from", models.DateField()),
                        ("source", models.CharField(default="set", max_length=20)),
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("tier", "effective_from"),
                                name="one_offer_limit_per_tier_and_day",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="offer_limit_not_negative"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ColumnValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.FloatField(blank=True, null=True)),
                        ("text", models.CharField(blank=True, max_length=100)),
                        ("as_of", models.DateField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "column",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="retention.riskcolumn",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("column", "customer"), name="one_value_per_column_and_customer"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ModelReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("made_on", models.DateField(unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("figures", models.JSONField()),
                        (
                            "model",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="retention.riskmodel",
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
