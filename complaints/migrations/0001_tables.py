"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("complaints", "0001_initial"),
        ("complaints", "0003_tier_of_a_clock"),
        ("complaints", "0005_files_of_a_case"),
        ("complaints", "0006_files_of_an_irregularity"),
    ]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log"), ("visits", "0001_tables")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Category",
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
                        ("is_sales", models.BooleanField(default=False)),
                        ("is_violation", models.BooleanField(default=False)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="OrderType",
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
                        ("manager_completes", models.BooleanField(default=False)),
                        ("steps", models.JSONField(default=list)),
                        ("is_urgent", models.BooleanField(default=False)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("enquiry", "Enquiry"),
                                    ("handling", "Business handling"),
                                    ("need", "Service request"),
                                    ("complaint", "Complaint"),
                                    ("quality", "Product quality"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("walk_in", "Walk-in"),
                                    ("phone", "Phone"),
                                    ("visit", "During a visit"),
                                    ("hotline", "Hotline"),
                                    ("system", "Another system"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("ordinary", "Ordinary matter"),
                                    ("serious", "Serious matter"),
                                    ("major", "Major matter"),
                                ],
                                default="ordinary",
                                max_length=10,
                            ),
                        ),
                        ("facts", models.TextField(max_length=2000)),
                        ("expectation", models.CharField(blank=True, max_length=500)),
                        ("happened_at", models.DateTimeField(blank=True, null=True)),
                        ("speaker_name", models.CharField(blank=True, max_length=50)),
                        ("speaker_phone", models.CharField(blank=True, max_length=20)),
                        ("numbers", models.CharField(blank=True, max_length=200)),
                        ("received_at", models.DateTimeField()),
                        ("logged_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "To be accepted"),
                                    ("handling", "In hand"),
                                    ("waiting_customer", "Waiting for the customer"),
                                    ("appointed", "Appointment agreed"),
                                    ("replied", "Result told"),
                                    ("closed", "Case closed"),
                                    ("merged", "Merged into another"),
                                ],
                                default="received",
                                max_length=18,
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("first_reply_at", models.DateTimeField(blank=True, null=True)),
                        ("first_action_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.TextField(blank=True, max_length=2000)),
                        (
                            "reply_method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("phone", "Phone"),
                                    ("face", "Face to face"),
                                    ("wechat", "WeChat"),
                                    ("sms", "SMS"),
                                    ("letter", "Letter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("replied_at", models.DateTimeField(blank=True, null=True)),
                        ("is_resolved", models.BooleanField(blank=True, null=True)),
                        ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("solved_in_one_call", models.BooleanField(default=False)),
                        (
                            "proposed_judgement",
                            models.CharField(
                                choices=[
                                    ("pending", "Not judged yet"),
                                    ("justified", "Justified"),
                                    ("unjustified", "Not justified"),
                                ],
                                default="pending",
                                max_length=12,
                            ),
                        ),
                        (
                            "judgement",
                            models.CharField(
                                choices=[
                                    ("pending", "Not judged yet"),
                                    ("justified", "Justified"),
                                    ("unjustified", "Not justified"),
                                ],
                                default="pending",
                                max_length=12,
                            ),
                        ),
                        ("judged_at", models.DateTimeField(blank=True, null=True)),
                        ("judgement_note", models.CharField(blank=True, max_length=300)),
                        ("cause", models.CharField(blank=True, max_length=200)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("next_due_at", models.DateTimeField(blank=True, null=True)),
                        ("is_breached", models.BooleanField(default=False)),
                        ("external_source", models.CharField(blank=True, max_length=40)),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("client_key", models.UUIDField(blank=True, null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "caused_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="caused_cases",
                                to="visits.visit",
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
                            "contact_person",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.contactperson",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "from_case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="grown_cases",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "judged_by",
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
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_cases",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owned_cases",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "told_in",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="told_cases",
                                to="visits.visit",
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
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.category",
                            ),
                        ),
                        (
                            "order_type",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.ordertype",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-received_at"], name="case_customer"),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["received", "handling", "waiting_customer", "appointed", "replied"])
                                ),
                                fields=["next_due_at", "id"],
                                name="case_open_due",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["received", "handling", "waiting_customer", "appointed", "replied"])
                                ),
                                fields=["unit", "next_due_at"],
                                name="case_open_unit",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["received", "handling", "waiting_customer", "appointed", "replied"])
                                ),
                                fields=["owner", "next_due_at"],
                                name="case_open_owner",
                            ),
                            models.Index(fields=["-received_at", "-id"], name="case_time"),
                            models.Index(fields=["manager", "received_at"], name="case_manager"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(("replied_at__isnull", False), models.Q(("result", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="no_case_closes_without_a_reply",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "complaint"), _negated=True),
                                    models.Q(("expectation", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="complaint_names_what_is_hoped_for",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("satisfaction", None),
                                    models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 5)),
                                    _connector="OR",
                                ),
                                name="case_satisfaction_1_to_5",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "merged"), ("merged_into__isnull", False)),
                                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                                    _connector="OR",
                                ),
                                name="merged_case_names_survivor",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="case_once_per_source",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="QualityFeedback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("product_name", models.CharField(blank=True, max_length=60)),
                        ("batch", models.CharField(blank=True, max_length=60)),
                        ("quantity", models.PositiveIntegerField(blank=True, null=True)),
                        ("defect", models.CharField(blank=True, max_length=500)),
                        ("cause", models.CharField(blank=True, max_length=500)),
                        ("inspected_on", models.DateField(blank=True, null=True)),
                        ("returned_quantity", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "To be inspected"),
                                    ("inspected", "Inspected"),
                                    ("signed", "Signed by the customer"),
                                    ("submitted", "Waiting for approval"),
                                    ("approved", "Exchange approved"),
                                    ("rejected", "Rejected"),
                                    ("exchanged", "Exchanged"),
                                    ("confirmed", "Confirmed by the customer"),
                                    ("closed", "Settled and closed"),
                                ],
                                default="reported",
                                max_length=10,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decision_note", models.CharField(blank=True, max_length=300)),
                        ("exchanged_on", models.DateField(blank=True, null=True)),
                        ("exchanged_quantity", models.PositiveIntegerField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quality",
                                to="complaints.case",
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
                            "inspected_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["state"], name="quality_state")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exchanged_on", None), ("decided_at__isnull", False), _connector="OR"
                                ),
                                name="no_exchange_before_approval",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at", None),
                                    models.Q(("inspected_on__isnull", False), models.Q(("cause", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="feedback_submitted_after_inspection",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ServicePhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(unique=True)),
                        ("text", models.CharField(blank=True, max_length=200)),
                        ("wordings", models.TextField(blank=True, max_length=2000)),
                        ("kinder", models.CharField(blank=True, max_length=200)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("updated_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "updated_by",
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
                            models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="service_phrase_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PhraseHit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                choices=[
                                    ("reply", "Reply to the customer"),
                                    ("update", "Interim word"),
                                    ("step", "Step"),
                                    ("note", "Note"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "phrase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hits",
                                to="complaints.servicephrase",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-at", "-id"], name="phrase_hit_time")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SlaRule",
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
                                    ("enquiry", "Enquiry"),
                                    ("handling", "Business handling"),
                                    ("need", "Service request"),
                                    ("complaint", "Complaint"),
                                    ("quality", "Product quality"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ordinary", "Ordinary matter"),
                                    ("serious", "Serious matter"),
                                    ("major", "Major matter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("first_reply_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("update_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("solution_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "hours",
                            models.CharField(
                                choices=[("office", "Office hours"), ("always", "Round the clock")],
                                default="office",
                                max_length=8,
                            ),
                        ),
                        ("effective_from", models.DateField()),
                        ("set_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.category",
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
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
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
                                fields=("kind", "category", "tier", "level", "effective_from"),
                                name="one_sla_rule_per_cell_and_day",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("first_reply_minutes", None), ("first_reply_minutes__gt", 0), _connector="OR"
                                    ),
                                    models.Q(("update_minutes", None), ("update_minutes__gt", 0), _connector="OR"),
                                    models.Q(("solution_minutes", None), ("solution_minutes__gt", 0), _connector="OR"),
                                ),
                                name="sla_targets_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseClock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("first_reply", "First reply"),
                                    ("update", "Next update"),
                                    ("solution", "Solution"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("turn", models.PositiveSmallIntegerField(default=1)),
                        (
                            "hours",
                            models.CharField(
                                choices=[("office", "Office hours"), ("always", "Round the clock")], max_length=8
                            ),
                        ),
                        ("target_minutes", models.PositiveIntegerField()),
                        ("started_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField(blank=True, null=True)),
                        ("warn_at", models.DateTimeField(blank=True, null=True)),
                        ("remaining_seconds", models.IntegerField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("paused", "Paused"),
                                    ("met", "Within its time"),
                                    ("late", "Too late"),
                                    ("void", "Not needed"),
                                ],
                                default="running",
                                max_length=8,
                            ),
                        ),
                        ("warned_at", models.DateTimeField(blank=True, null=True)),
                        ("breached_at", models.DateTimeField(blank=True, null=True)),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="clocks",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.slarule",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("breached_at", None), ("state", "running")),
                                fields=["due_at"],
                                name="clock_to_breach",
                            ),
                            models.Index(
                                condition=models.Q(("state", "running"), ("warned_at", None)),
                                fields=["warn_at"],
                                name="clock_to_warn",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "round", "kind", "turn"), name="one_clock_per_turn"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["running", "paused"])),
                                fields=("case", "kind"),
                                name="one_live_clock_per_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "paused"), ("due_at", None), ("remaining_seconds__isnull", False)
                                    ),
                                    models.Q(
                                        models.Q(("state", "paused"), _negated=True),
                                        ("due_at__isnull", False),
                                        ("remaining_seconds", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="clock_is_due_or_paused",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="VoiceFeedback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("result", models.CharField(max_length=500)),
                        ("explanation", models.CharField(blank=True, max_length=500)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("face", "Face to face"),
                                    ("wechat", "WeChat"),
                                    ("sms", "SMS"),
                                    ("letter", "Letter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("fed_back_at", models.DateTimeField()),
                        (
                            "fed_back_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "voice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="visits.customervoice"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("note", "Internal note"),
                                    ("said", "The customer said"),
                                    ("update", "Interim word to the customer"),
                                    ("reply", "Reply to the customer"),
                                    ("change", "Change"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=2000)),
                        ("code", models.CharField(blank=True, max_length=30)),
                        ("params", models.JSONField(default=dict)),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("phone", "Phone"),
                                    ("face", "Face to face"),
                                    ("wechat", "WeChat"),
                                    ("sms", "SMS"),
                                    ("letter", "Letter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "phrases",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), default=list, size=None
                            ),
                        ),
                        ("at", models.DateTimeField()),
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
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="complaints.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "at", "id"], name="case_entry_time")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseMerge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state_before",
                            models.CharField(
                                choices=[
                                    ("received", "To be accepted"),
                                    ("handling", "In hand"),
                                    ("waiting_customer", "Waiting for the customer"),
                                    ("appointed", "Appointment agreed"),
                                    ("replied", "Result told"),
                                    ("closed", "Case closed"),
                                    ("merged", "Merged into another"),
                                ],
                                max_length=18,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("merged_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "merged",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="complaints.case"
                            ),
                        ),
                        (
                            "merged_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "survivor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="complaints.case"
                            ),
                        ),
                        (
                            "undone_by",
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
                            models.CheckConstraint(
                                condition=models.Q(("survivor", models.F("merged")), _negated=True),
                                name="case_not_merged_into_itself",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)), fields=("merged",), name="case_merged_once"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CasePause",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "To be accepted"),
                                    ("handling", "In hand"),
                                    ("waiting_customer", "Waiting for the customer"),
                                    ("appointed", "Appointment agreed"),
                                    ("replied", "Result told"),
                                    ("closed", "Case closed"),
                                    ("merged", "Merged into another"),
                                ],
                                max_length=18,
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("until_at", models.DateTimeField(blank=True, null=True)),
                        ("began_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "began_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pauses",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "ended_by",
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
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["until_at"], name="pause_to_end"
                            ),
                            models.Index(fields=["case", "began_at"], name="pause_case"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)), fields=("case",), name="one_open_pause_per_case"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting_customer", "appointed"])),
                                name="pause_only_in_named_states",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                                ),
                                name="pause_ends_after_start",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "step",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Predict needs"),
                                    (2, "Meet the feelings"),
                                    (3, "Open questions"),
                                    (4, "Provide information"),
                                    (5, "Reach agreement"),
                                    (6, "Keep in touch"),
                                ]
                            ),
                        ),
                        ("data", models.JSONField(default=dict)),
                        ("done_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "round", "step"), name="one_record_per_step_and_round"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("step__gte", 1), ("step__lte", 6)), name="step_is_one_of_six"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Instruction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("orders_exchange", models.BooleanField(default=False)),
                        ("given_at", models.DateTimeField()),
                        ("due_on", models.DateField()),
                        ("fed_back_at", models.DateTimeField(blank=True, null=True)),
                        ("feedback", models.CharField(blank=True, max_length=500)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "fed_back_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "voice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="visits.customervoice",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("fed_back_at", None)), fields=["due_on"], name="instruction_open"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("case", None), ("voice__isnull", False)),
                                    models.Q(("case__isnull", False), ("voice", None)),
                                    _connector="OR",
                                ),
                                name="instruction_on_case_or_voice",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Irregularity",
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
                                    ("unlicensed", "Unlicensed operation"),
                                    ("price", "Price violation"),
                                    ("other", "Other irregularity"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("subject", models.CharField(max_length=100)),
                        ("place", models.CharField(max_length=200)),
                        ("facts", models.TextField(max_length=2000)),
                        ("found_at", models.DateTimeField()),
                        ("reported_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "Reported"),
                                    ("forwarded", "Forwarded"),
                                    ("result", "Result known"),
                                    ("copied", "Result passed on"),
                                    ("closed", "Settled and closed"),
                                ],
                                default="reported",
                                max_length=10,
                            ),
                        ),
                        ("forwarded_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.TextField(blank=True, max_length=2000)),
                        ("result_at", models.DateTimeField(blank=True, null=True)),
                        ("copied_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("client_key", models.UUIDField(blank=True, null=True, unique=True)),
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
                            "copied_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "copy_unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="irregularities",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "forwarded_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "result_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "to_unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
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
                        "indexes": [models.Index(fields=["-reported_at", "-id"], name="irregularity_time")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(models.Q(("result", ""), _negated=True), ("copied_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="irregularity_closes_with_result_and_copy",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reported_at__gte", models.F("found_at"))),
                                name="irregularity_found_before_told",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="OrderStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("code", models.CharField(max_length=30)),
                        ("done_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="order_steps",
                                to="complaints.case",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "position"), name="one_order_step_per_place")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        (
                            "attachment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
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
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="complaints.case"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="IrregularityFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        (
                            "attachment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
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
                            "irregularity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="complaints.irregularity",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
    ]
