"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("visits", "0001_initial"),
        ("visits", "0004_journal"),
        ("visits", "0006_truth_and_care"),
        ("visits", "0006_plans"),
        ("visits", "0007_visit_photos"),
        ("visits", "0008_voices_and_bulletins"),
        ("visits", "0010_reviews_of_plans"),
        ("visits", "0011_work_reports"),
        ("visits", "0013_shop"),
        ("visits", "0014_criticism"),
        ("visits", "0015_corrected_duties"),
        ("visits", "0016_key_changes"),
    ]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=30)),
                        ("label_en", models.CharField(max_length=40)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_on_site", models.BooleanField(default=False)),
                        ("is_face_to_face", models.BooleanField(default=False)),
                        ("is_offered", models.BooleanField(default=True)),
                        ("slots", models.PositiveSmallIntegerField(default=1)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MonthFreeze",
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
                    name="Occasion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=30)),
                        ("label_en", models.CharField(max_length=40)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "work_class",
                            models.CharField(
                                choices=[
                                    ("development", "Development"),
                                    ("maintenance", "Maintenance"),
                                    ("sales", "Sales"),
                                ],
                                default="maintenance",
                                max_length=20,
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("enquiry", "Enquiry"),
                                    ("handling", "Business handling"),
                                    ("need", "Need solving"),
                                    ("reward", "Reward service"),
                                    ("care", "Care"),
                                ],
                                default="care",
                                max_length=20,
                            ),
                        ),
                        (
                            "service_kind",
                            models.CharField(
                                choices=[
                                    ("communication", "Communication service"),
                                    ("additional", "Additional service"),
                                ],
                                default="communication",
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Outcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=30)),
                        ("label_en", models.CharField(max_length=40)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_effective", models.BooleanField(default=False)),
                        ("is_failed_attempt", models.BooleanField(default=False)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "party",
                            models.CharField(
                                choices=[
                                    ("record", "Manager of record"),
                                    ("cover", "Cover"),
                                    ("presence", "In the manager's presence"),
                                    ("other", "Somebody else"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[("outbound", "Outbound"), ("inbound", "Inbound")],
                                default="outbound",
                                max_length=10,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("regular", "Regular"), ("irregular", "Irregular"), ("special", "Special")],
                                default="regular",
                                max_length=20,
                            ),
                        ),
                        (
                            "work_class",
                            models.CharField(
                                choices=[
                                    ("development", "Development"),
                                    ("maintenance", "Maintenance"),
                                    ("sales", "Sales"),
                                ],
                                default="maintenance",
                                max_length=20,
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("enquiry", "Enquiry"),
                                    ("handling", "Business handling"),
                                    ("need", "Need solving"),
                                    ("reward", "Reward service"),
                                    ("care", "Care"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "service_kind",
                            models.CharField(
                                choices=[
                                    ("communication", "Communication service"),
                                    ("additional", "Additional service"),
                                ],
                                default="communication",
                                max_length=20,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField()),
                        ("occurred_on", models.DateField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("logged_at", models.DateTimeField()),
                        ("is_backdated", models.BooleanField(default=False)),
                        ("is_bulk", models.BooleanField(default=False)),
                        ("counts", models.BooleanField(default=False)),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("content", models.TextField(blank=True, max_length=2000)),
                        ("result", models.CharField(blank=True, max_length=500)),
                        ("next_step", models.CharField(blank=True, max_length=200)),
                        ("next_on", models.DateField(blank=True, null=True)),
                        (
                            "mood",
                            models.CharField(
                                blank=True,
                                choices=[("good", "Good"), ("neutral", "Neutral"), ("bad", "Upset")],
                                max_length=10,
                            ),
                        ),
                        ("event", models.UUIDField(blank=True, null=True)),
                        ("client_key", models.UUIDField(blank=True, null=True)),
                        (
                            "logged_from",
                            models.CharField(
                                choices=[("form", "Form"), ("api", "API"), ("import", "Import")],
                                default="form",
                                max_length=10,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=40)),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "channel",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="visits.channel",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "logged_by",
                            models.ForeignKey(
                                db_index=False,
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
                            "occasion",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="visits.occasion",
                            ),
                        ),
                        (
                            "outcome",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="visits.outcome",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
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
                            models.Index(fields=["customer", "-occurred_on"], name="visit_customer_day"),
                            models.Index(fields=["staff", "-occurred_at"], name="visit_staff_time"),
                            models.Index(fields=["unit", "-occurred_at"], name="visit_unit_time"),
                            models.Index(fields=["-occurred_at", "-id"], name="visit_time"),
                            models.Index(
                                condition=models.Q(("event__isnull", False)), fields=["event"], name="visit_event"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None), ("ended_at__gte", models.F("occurred_at")), _connector="OR"
                                ),
                                name="visit_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("client_key", "customer"), name="one_visit_per_client_key"),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("source", "external_id"),
                                name="one_visit_per_external_id",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Remark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
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
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="visits.visit"
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
                    name="Duty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("contact", "Contact"), ("face_to_face", "Face-to-face contact")],
                                default="contact",
                                max_length=20,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("owed_from", models.DateField()),
                        ("due_on", models.DateField()),
                        ("suggested_on", models.DateField()),
                        ("postponed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Owed"),
                                    ("met", "Met"),
                                    ("provisional", "Missed (provisional)"),
                                    ("missed", "Missed"),
                                    ("excused", "Excused"),
                                    ("void", "No longer owed"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        ("met_on", models.DateField(blank=True, null=True)),
                        ("is_introduction", models.BooleanField(default=False)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("frozen_at", models.DateTimeField(blank=True, null=True)),
                        ("revision", models.PositiveSmallIntegerField(default=1)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "corrected_by",
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
                                related_name="duties",
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
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tierrule",
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
                        (
                            "met_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settles",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["due_on"], name="duty_open_due"
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["manager", "suggested_on"],
                                name="duty_open_manager",
                            ),
                            models.Index(
                                condition=models.Q(("state", "provisional")),
                                fields=["due_on", "id"],
                                name="duty_provisional",
                            ),
                            models.Index(fields=["manager", "due_on"], name="duty_manager_due"),
                            models.Index(
                                condition=models.Q(("met_by__isnull", False)), fields=["met_by"], name="duty_met_by"
                            ),
                            django.contrib.postgres.indexes.BrinIndex(fields=["due_on"], name="duty_due_range"),
                            models.Index(
                                condition=models.Q(("revision__gt", 1)), fields=["due_on"], name="duty_corrected"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "rule", "starts_on", "revision"),
                                name="one_duty_per_period_and_revision",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="DialTap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tapped_at", models.DateTimeField()),
                        ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dial_taps",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.contactperson",
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
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["staff", "-tapped_at"], name="dial_tap_staff")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerVoice",
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
                                    ("opinion", "Opinion"),
                                    ("criticism", "Criticism"),
                                    ("problem", "Problem in the cooperation"),
                                    ("need", "Need"),
                                    ("praise", "Praise"),
                                    ("competitor", "Competitor"),
                                    ("key_change", "Key change"),
                                    ("information", "Other information"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
                        ("said_at", models.DateTimeField()),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="voices",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="voices",
                                to="visits.visit",
                            ),
                        ),
                        ("found_on", models.DateField(blank=True, null=True)),
                        (
                            "reliability",
                            models.CharField(
                                blank=True,
                                choices=[("sure", "Confirmed"), ("likely", "Probable"), ("hearsay", "Hearsay")],
                                db_default="",
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("reported_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("visit", "A visit"),
                                    ("customer", "The customer, otherwise"),
                                    ("press", "Press"),
                                    ("web", "Internet"),
                                    ("third_party", "Third party"),
                                ],
                                db_default="visit",
                                default="visit",
                                max_length=20,
                            ),
                        ),
                        ("suggestion", models.CharField(blank=True, db_default="", default="", max_length=500)),
                        (
                            "topic",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("management", "Management system"),
                                    ("operations", "State of the business"),
                                    ("finance", "Finance system"),
                                    ("market", "Products and market"),
                                    ("leadership", "Leadership"),
                                    ("network", "Network"),
                                    ("tariff", "Tariffs and bills"),
                                    ("service", "Service"),
                                    ("other", "Something else"),
                                ],
                                db_default="",
                                default="",
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-said_at", "-id"], name="voice_time"),
                            models.Index(
                                condition=models.Q(("kind", "key_change")),
                                fields=["reported_at"],
                                name="voice_key_change",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "key_change"), _negated=True),
                                    ("topic__in", ("management", "operations", "finance", "market", "leadership")),
                                    _connector="OR",
                                ),
                                name="key_change_names_its_topic",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitCompanion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="companions",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "staff"), name="companion_once_per_visit")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=500)),
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
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="visits.visit"
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
                    name="VisitPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.contactperson",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="met",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "person"), name="person_met_once_per_visit")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Excuse",
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
                                choices=[("no_contact", "Customer wants no contact"), ("unreachable", "Unreachable")],
                                max_length=20,
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Waiting for decision"),
                                    ("granted", "Granted"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="requested",
                                max_length=12,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
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
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="excuses", to="visits.duty"
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "requested")),
                                fields=("duty",),
                                name="one_open_excuse_per_duty",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CountingRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(choices=[("outbound", "Outbound"), ("inbound", "Inbound")], max_length=10),
                        ),
                        (
                            "party",
                            models.CharField(
                                choices=[
                                    ("record", "Manager of record"),
                                    ("cover", "Cover"),
                                    ("presence", "In the manager's presence"),
                                    ("other", "Somebody else"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_bulk", models.BooleanField(default=False)),
                        ("counts", models.BooleanField()),
                        ("effective_from", models.DateField()),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="visits.channel"
                            ),
                        ),
                        (
                            "outcome",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="visits.outcome"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "direction", "party", "outcome", "is_bulk", "effective_from"),
                                name="one_counting_rule_per_cell_and_date",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        ("sentence", models.CharField(blank=True, max_length=500)),
                        ("closed_at", models.DateTimeField()),
                        ("entries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "review_state",
                            models.CharField(
                                choices=[("waiting", "To review"), ("approved", "Reviewed"), ("returned", "Returned")],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
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
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="day_logs",
                                to="accounts.staff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("review_state", "waiting")),
                                fields=["staff", "on"],
                                name="day_log_waiting",
                            ),
                            models.Index(fields=["on"], name="day_log_day"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("staff", "on"), name="one_day_log_per_manager_and_day")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="LineSwitch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "feature",
                            models.CharField(
                                choices=[
                                    ("check_in", "Check-in book"),
                                    ("customer_signature", "Customer's signature"),
                                    ("monthly_report", "Monthly sales report"),
                                    ("checklist", "Visit checklist"),
                                    ("stock", "Stock"),
                                    ("price", "Prices"),
                                    ("display", "Display"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "line",
                            models.CharField(
                                choices=[
                                    ("group", "Group line"),
                                    ("vip", "VIP line"),
                                    ("channel", "Channel line"),
                                    ("service_hall", "Service hall line"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("is_on", models.BooleanField()),
                        ("effective_from", models.DateField()),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("feature", "line", "unit", "effective_from"),
                                name="one_switch_per_line_unit_and_date",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("line", ""), _negated=True), name="switch_has_a_line"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "period",
                            models.CharField(
                                choices=[("week", "Week"), ("month", "Month"), ("year", "Year")], max_length=10
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("accepted", "Handed in"),
                                    ("system", "Drafted by the system"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("focus", models.CharField(blank=True, max_length=500)),
                        ("drafted_at", models.DateTimeField()),
                        ("touched_at", models.DateTimeField(blank=True, null=True)),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "accepted_by",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plans",
                                to="accounts.staff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["period", "starts_on"], name="plan_period")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("staff", "period", "starts_on"), name="one_plan_per_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("period", "week"), ("starts_on__iso_week_day", 1)),
                                    models.Q(("period", "month"), ("starts_on__day", 1)),
                                    models.Q(("period", "year"), ("starts_on__day", 1), ("starts_on__month", 1)),
                                    _connector="OR",
                                ),
                                name="plan_starts_with_its_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "accepted"), _negated=True),
                                    ("accepted_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="accepted_plan_has_its_moment",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("approved", "Reviewed"), ("returned", "Returned")], max_length=10
                            ),
                        ),
                        ("remark", models.CharField(blank=True, max_length=500)),
                        ("is_together", models.BooleanField(default=False)),
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
                            "day_log",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reviews",
                                to="visits.daylog",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reviews",
                                to="visits.plan",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["staff", "-at"], name="review_staff_time")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision", "returned"), _negated=True),
                                    models.Q(("remark", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="returned_with_a_remark",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("day_log__isnull", False), ("plan", None)),
                                    models.Q(("day_log", None), ("plan__isnull", False)),
                                    _connector="OR",
                                ),
                                name="review_of_one_piece_of_work",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SpecialVisit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("trigger", models.CharField(max_length=500)),
                        ("found_at", models.DateTimeField()),
                        ("visited_at", models.DateTimeField(blank=True, null=True)),
                        ("facts", models.TextField(blank=True, max_length=2000)),
                        ("actions", models.TextField(blank=True, max_length=2000)),
                        ("follow_up", models.CharField(blank=True, max_length=500)),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
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
                                related_name="special_visits",
                                to="accounts.customer",
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
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="special",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-found_at"], name="special_customer"),
                            models.Index(fields=["staff", "-found_at"], name="special_staff"),
                            models.Index(
                                condition=models.Q(("visited_at", None)), fields=["customer"], name="special_open"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("trigger", ""), _negated=True), name="special_visit_has_a_trigger"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("visited_at", None), ("visited_at__gte", models.F("found_at")), _connector="OR"
                                ),
                                name="special_visit_after_found",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CheckIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("arrived_at", models.DateTimeField()),
                        ("latitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                        ("longitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                        ("accuracy", models.PositiveIntegerField(blank=True, null=True)),
                        ("consented_at", models.DateTimeField(blank=True, null=True)),
                        ("wants_customer", models.BooleanField(default=True)),
                        ("manager_signed_at", models.DateTimeField(blank=True, null=True)),
                        ("customer_signed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="check_in", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("latitude", None), ("longitude", None)),
                                    models.Q(
                                        ("consented_at__isnull", False),
                                        ("latitude__isnull", False),
                                        ("longitude__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="check_in_place_needs_consent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("latitude", None),
                                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                                    _connector="OR",
                                ),
                                name="check_in_place_on_earth",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Callback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("drawn_on", models.DateField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[("random", "Drawn at random"), ("twin", "Drawn, similar text")],
                                default="random",
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "To be called"),
                                    ("tried", "Not reached yet"),
                                    ("confirmed", "Confirmed"),
                                    ("denied", "Never happened"),
                                    ("unreached", "Not reached"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("tried_at", models.DateTimeField(blank=True, null=True)),
                        ("took_place", models.BooleanField(null=True)),
                        ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("knows_manager", models.BooleanField(null=True)),
                        ("data_correct", models.BooleanField(null=True)),
                        ("badge_worn", models.BooleanField(null=True)),
                        ("remark", models.CharField(blank=True, max_length=500)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("objection", models.CharField(blank=True, max_length=500)),
                        ("objected_at", models.DateTimeField(blank=True, null=True)),
                        ("is_upheld", models.BooleanField(null=True)),
                        ("ruling", models.CharField(blank=True, max_length=300)),
                        ("ruled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "judge",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "ruled_by",
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
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="callback", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["staff", "month"], name="callback_staff_month"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "tried"])),
                                fields=["id"],
                                name="callback_open",
                            ),
                            models.Index(fields=["answered_at", "id"], name="callback_answered"),
                            models.Index(
                                condition=models.Q(("objected_at__isnull", False), ("ruled_at", None)),
                                fields=["judge"],
                                name="callback_judge",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("satisfaction", None),
                                    models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 5)),
                                    _connector="OR",
                                ),
                                name="satisfaction_from_one_to_five",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CallTest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("called_at", models.DateTimeField()),
                        ("was_answered", models.BooleanField()),
                        ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=200)),
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
                            "staff",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="call_tests",
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
                        "indexes": [models.Index(fields=["-called_at", "-id"], name="call_test_time")],
                        "constraints": [
                            models.UniqueConstraint(fields=("staff", "called_at"), name="call_test_once"),
                            models.CheckConstraint(
                                condition=models.Q(("was_answered", False), ("minutes", None), _connector="OR"),
                                name="answered_test_needs_no_call_back",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("at__gte", models.F("called_at"))), name="call_test_is_past"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Interruption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
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
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="interruption",
                                to="visits.visit",
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
                    name="MissedCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20)),
                        ("called_at", models.DateTimeField()),
                        ("last_called_at", models.DateTimeField()),
                        ("calls", models.PositiveSmallIntegerField(default=1)),
                        (
                            "source",
                            models.CharField(
                                choices=[("hotline", "Hotline"), ("person", "Written down")], max_length=10
                            ),
                        ),
                        ("external_source", models.CharField(blank=True, max_length=40)),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("taken_at", models.DateTimeField()),
                        (
                            "step",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "Manager"), (1, "Backup"), (2, "Supervisor")], default=0
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "To be called back"),
                                    ("tried", "Called back, not reached"),
                                    ("done", "Called back"),
                                    ("dropped", "Dropped"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("tried_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("closing_note", models.CharField(blank=True, max_length=200)),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="missed_calls",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "holder",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
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
                            "taken_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tried_by",
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
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["due_at"], name="missed_call_clock"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "tried"])),
                                fields=["holder"],
                                name="missed_call_holder",
                            ),
                            models.Index(fields=["-called_at", "-id"], name="missed_call_time"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "tried"])),
                                fields=("customer",),
                                name="one_open_missed_call",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="missed_call_once",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Reversal",
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
                                    ("reversed", "Taken out of the count"),
                                    ("restored", "Put back into the count"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
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
                            "callback",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversals",
                                to="visits.callback",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversals",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("visit", "kind"), name="visit_reversed_once")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="TextTwin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("similarity", models.DecimalField(decimal_places=3, max_digits=4)),
                        ("found_on", models.DateField()),
                        (
                            "twin",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="visits.visit",
                            ),
                        ),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="text_twin", to="visits.visit"
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
                    name="Trip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("leaves_on", models.DateField()),
                        ("returns_on", models.DateField(blank=True, null=True)),
                        ("destination", models.CharField(blank=True, max_length=50)),
                        ("note", models.CharField(blank=True, max_length=200)),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="trips",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["leaves_on"], name="trip_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("returns_on", None), ("returns_on__gte", models.F("leaves_on")), _connector="OR"
                                ),
                                name="trip_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("customer", "leaves_on"), name="trip_once_per_day"),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="WeatherWarning",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("district", models.CharField(max_length=30)),
                        ("text", models.CharField(max_length=200)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["-at", "-id"], name="weather_time")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="weather_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("district", "starts_on", "text"), name="weather_told_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField()),
                        (
                            "staff",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plan_feed",
                                to="accounts.staff",
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
                    name="PlanItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("planned_on", models.DateField()),
                        (
                            "half",
                            models.CharField(
                                choices=[("am", "Morning"), ("pm", "Afternoon")], default="am", max_length=2
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("target", models.PositiveIntegerField(default=1)),
                        ("purpose", models.CharField(blank=True, max_length=200)),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("call_back", "Call back"),
                                    ("follow_up", "Promised"),
                                    ("assigned", "Assigned"),
                                    ("introduction", "Introduce yourself"),
                                    ("care", "Care"),
                                    ("birthday", "Birthday"),
                                    ("face_to_face", "Meet in person"),
                                    ("due", "Due this week"),
                                    ("suggested", "This month's share"),
                                    ("forecast", "The new period's share"),
                                    ("target", "Owed by tier"),
                                    ("own", "Added by hand"),
                                    ("again", "Planned again"),
                                ],
                                default="own",
                                max_length=20,
                            ),
                        ),
                        ("reason_on", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("done", "Completed"),
                                    ("missed", "Not done"),
                                    ("cancelled", "Left out"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        ("moved_at", models.DateTimeField(blank=True, null=True)),
                        ("leave_out_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "channel",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="visits.channel",
                            ),
                        ),
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
                            "duty",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="visits.duty",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="visits.plan",
                            ),
                        ),
                        (
                            "segment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.segment",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.task",
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
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["plan", "planned_on"], name="plan_item_day"),
                            models.Index(fields=["customer", "planned_on"], name="plan_item_customer"),
                            models.Index(
                                condition=models.Q(("state", "planned")), fields=["planned_on"], name="plan_item_open"
                            ),
                            models.Index(
                                condition=models.Q(("duty__isnull", False)), fields=["duty"], name="plan_item_duty"
                            ),
                            models.Index(
                                condition=models.Q(("task__isnull", False)), fields=["task"], name="plan_item_task"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("customer__isnull", False), models.Q(("state", "cancelled"), _negated=True)
                                ),
                                fields=("plan", "customer", "planned_on"),
                                name="one_item_per_customer_and_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("visit__isnull", False)),
                                fields=("visit",),
                                name="one_item_per_visit_that_did_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "done"), ("visit__isnull", False)),
                                    models.Q(("state", "done"), _negated=True),
                                    _connector="OR",
                                ),
                                name="done_item_has_its_visit",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanHelper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.staff"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="helpers",
                                to="visits.planitem",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("item", "staff"), name="helper_once_per_item")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("client_key", models.UUIDField(blank=True, null=True)),
                        ("added_at", models.DateTimeField()),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.attachment"
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
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "client_key"), name="one_photo_per_client_key")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Bulletin",
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
                                    ("policy", "Policy"),
                                    ("rule", "Rule"),
                                    ("method", "Procedure"),
                                    ("product", "Product"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=60)),
                        ("body", models.CharField(blank=True, max_length=2000)),
                        ("query", models.CharField(blank=True, max_length=1000)),
                        ("published_at", models.DateTimeField()),
                        ("deadline_on", models.DateField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "published_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-published_at", "-id"], name="bulletin_published")],
                    },
                ),
                migrations.CreateModel(
                    name="BulletinDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("delivered_at", models.DateTimeField()),
                        (
                            "bulletin",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="visits.bulletin",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bulletins",
                                to="accounts.customer",
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
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bulletins",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["bulletin", "staff"], name="bulletin_delivery_staff")],
                        "constraints": [
                            models.UniqueConstraint(fields=("bulletin", "customer"), name="one_delivery_per_bulletin")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="WorkReport",
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
                                    ("monthly_sales", "Monthly analysis of customers' sales"),
                                    ("service_analysis", "Analysis and summary of service work"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("figures", models.JSONField(default=dict)),
                        ("sections", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "To be written"),
                                    ("submitted", "Submitted"),
                                    ("returned", "Returned"),
                                    ("read", "Read"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("prepared_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("returned_count", models.PositiveSmallIntegerField(default=0)),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        ("comment", models.CharField(blank=True, max_length=500)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "read_by",
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
                            models.Index(fields=["staff", "-starts_on"], name="report_staff"),
                            models.Index(
                                condition=models.Q(("state", "draft")), fields=["due_on"], name="report_open_due"
                            ),
                            models.Index(fields=["unit", "state"], name="report_unit_state"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "staff", "starts_on"), name="one_report_per_kind_and_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="report_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"), ("submitted_at__isnull", False), _connector="OR"
                                ),
                                name="report_submitted_has_a_moment",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="PriceRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("price", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("minimum", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="prices",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "product"), name="one_price_row_per_product"),
                            models.CheckConstraint(condition=models.Q(("price__gt", 0)), name="found_price_positive"),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="PriceViolation",
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
                                    ("draft", "Draft"),
                                    ("reported", "Waiting for decision"),
                                    ("approved", "Tier lowered"),
                                    ("refused", "Refused"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("drafted_at", models.DateTimeField()),
                        ("reported_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="price_violations",
                                to="accounts.customer",
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
                            "from_tier",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
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
                            "to_tier",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
                            ),
                        ),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="price_violation",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "-id"], name="violation_state")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_tier", None),
                                    ("to_tier", None),
                                    models.Q(("from_tier", models.F("to_tier")), _negated=True),
                                    _connector="OR",
                                ),
                                name="violation_changes_the_tier",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ShopCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sales_note", models.CharField(blank=True, max_length=500)),
                        ("reminded_of_law", models.BooleanField(blank=True, null=True)),
                        ("display_improved", models.BooleanField(blank=True, null=True)),
                        ("tags_replaced", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("irregular_nearby", models.BooleanField(blank=True, null=True)),
                        ("irregular_report", models.CharField(blank=True, max_length=500)),
                        ("badge_worn", models.BooleanField(default=False)),
                        (
                            "guidance_kind",
                            models.CharField(
                                blank=True,
                                choices=[("order", "Ordering"), ("display", "Display"), ("price", "Prices")],
                                max_length=10,
                            ),
                        ),
                        ("guidance", models.CharField(blank=True, max_length=500)),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shop_check",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("irregular_nearby", True), _negated=True),
                                    models.Q(("irregular_report", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="irregular_business_is_reported",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="StockRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(blank=True, null=True)),
                        ("suggested", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stock",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "product"), name="one_stock_row_per_product")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
    ]
