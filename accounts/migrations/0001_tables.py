"""The tables of the first version; `replaces` names the steps in which they came to be."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0004_important_customers"),
        ("accounts", "0005_words_of_choices"),
        ("accounts", "0006_standing_by_value"),
        ("accounts", "0007_task_clock_and_topic"),
        ("accounts", "0007_dispatches"),
        ("accounts", "0008_learned_facts"),
        ("accounts", "0009_products"),
        ("accounts", "0010_open_complaints"),
        ("accounts", "0011_assigned_tasks"),
        ("accounts", "0014_value_assessments"),
        ("accounts", "0015_lines_change_hands"),
        ("accounts", "0016_owned_fields_and_feeds"),
        ("accounts", "0017_customers_that_stand_twice"),
        ("accounts", "0018_when_the_source_told"),
        ("accounts", "0012_lines_signals_and_risk"),
    ]

    initial = True

    dependencies = [("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Unit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=50)),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("city", "City company"),
                                    ("gcd", "Group Customer Department"),
                                    ("bsc", "Business Support Centre"),
                                    ("service_centre", "Customer service centre"),
                                    ("branch", "Branch (business office)"),
                                    ("hall", "Service hall"),
                                    ("enforcement", "Enforcement department"),
                                    ("operations", "Business operations department"),
                                    ("partner", "Partner"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("path", models.CharField(blank=True, default="", max_length=200)),
                        ("area", models.CharField(blank=True, max_length=50)),
                        ("live_from", models.DateField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "complaint_handler",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handles_complaints_of",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "head",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="heads",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="accounts.unit",
                            ),
                        ),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["path"], name="unit_path_like", opclasses=["varchar_pattern_ops"])
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Staff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=50)),
                        ("pinyin", models.CharField(blank=True, max_length=120)),
                        ("initials", models.CharField(blank=True, max_length=20)),
                        (
                            "line",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("group", "Group line"),
                                    ("vip", "VIP line"),
                                    ("channel", "Channel line"),
                                    ("service_hall", "Service hall line"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "grade",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("senior", "Senior account manager"),
                                    ("key_account", "Key-account manager"),
                                    ("representative", "Customer representative"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("post_level", models.PositiveSmallIntegerField(default=3)),
                        (
                            "employment_form",
                            models.CharField(
                                choices=[
                                    ("own", "Company staff"),
                                    ("contract", "Contract staff"),
                                    ("agency", "Agency staff"),
                                    ("society", "Society-hired staff"),
                                    ("outsourced", "Outsourced (partner)"),
                                ],
                                default="own",
                                max_length=20,
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=20)),
                        ("hired_on", models.DateField(blank=True, null=True)),
                        ("probation_ends_on", models.DateField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "backup",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="backs_up",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "supervisor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="accounts.unit"
                            ),
                        ),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("supervisor", models.F("id")), _negated=True),
                                name="staff_not_own_supervisor",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("backup", models.F("id")), _negated=True),
                                name="staff_not_own_backup",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Tier",
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
                                    ("group", "Group customer"),
                                    ("vip", "VIP customer"),
                                    ("channel", "Channel customer"),
                                    ("ordinary", "Ordinary customer"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("rank", models.PositiveSmallIntegerField()),
                        ("label_zh", models.CharField(max_length=30)),
                        ("label_en", models.CharField(max_length=30)),
                        ("minimum_spend", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("minimum_tenure_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "code"), name="tier_code_once_per_kind"),
                            models.UniqueConstraint(fields=("kind", "rank"), name="tier_rank_once_per_kind"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=12)),
                        (
                            "kind",
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
                        ("name", models.CharField(max_length=50)),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("initials", models.CharField(blank=True, max_length=50)),
                        ("name_tokens", django.contrib.postgres.search.SearchVectorField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("prospect", "Prospect"),
                                    ("active", "In service"),
                                    ("suspended", "Suspended"),
                                    ("churned", "Churned"),
                                    ("exited", "Exited"),
                                ],
                                default="active",
                                max_length=12,
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=20)),
                        ("other_phone", models.CharField(blank=True, max_length=20)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("district", models.CharField(blank=True, max_length=30)),
                        ("business_address", models.CharField(blank=True, max_length=200)),
                        ("credit_code", models.CharField(blank=True, max_length=18)),
                        ("industry", models.CharField(blank=True, max_length=4)),
                        (
                            "market_band",
                            models.CharField(
                                blank=True,
                                choices=[("high", "High end"), ("mid", "Middle"), ("low", "Low end")],
                                max_length=10,
                            ),
                        ),
                        ("monthly_spend", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("joined_on", models.DateField(blank=True, null=True)),
                        ("exited_on", models.DateField(blank=True, null=True)),
                        ("owed_from", models.DateField(blank=True, null=True)),
                        ("is_important", models.BooleanField(default=False)),
                        ("important_at", models.DateTimeField(blank=True, null=True)),
                        ("important_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "preferred_channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("phone", "Phone"),
                                    ("wechat", "WeChat"),
                                    ("sms", "SMS"),
                                    ("on_site", "On-site visit"),
                                    ("email", "E-mail"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("preferred_time", models.CharField(blank=True, max_length=50)),
                        ("dnd_from", models.TimeField(blank=True, null=True)),
                        ("dnd_to", models.TimeField(blank=True, null=True)),
                        ("no_marketing", models.BooleanField(default=False)),
                        (
                            "sim_kind",
                            models.CharField(
                                blank=True,
                                choices=[("ordinary", "Ordinary SIM"), ("exclusive", "Exclusive VIP SIM")],
                                max_length=10,
                            ),
                        ),
                        ("sim_issued_on", models.DateField(blank=True, null=True)),
                        ("sim_replaced_on", models.DateField(blank=True, null=True)),
                        ("service_notes", models.TextField(blank=True, max_length=1000)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        ("profile_updated_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "important_by",
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
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="accounts.tier",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="accounts.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name_tokens"], name="customer_name_tokens"
                            ),
                            models.Index(
                                fields=["initials"], name="customer_initials", opclasses=["varchar_pattern_ops"]
                            ),
                            models.Index(django.db.models.functions.text.Right("phone", 4), name="customer_phone_tail"),
                            models.Index(
                                condition=models.Q(("group__isnull", False)), fields=["group"], name="customer_group"
                            ),
                            models.Index(fields=["updated_at", "id"], name="customer_updated"),
                            models.Index(fields=["manager", "id"], name="customer_manager"),
                            models.Index(fields=["unit", "id"], name="customer_unit"),
                            models.Index(
                                condition=models.Q(("is_important", True)), fields=["id"], name="customer_important"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("number",), name="one_customer_per_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "ordinary"), _negated=True),
                                    models.Q(("manager", None), ("tier", None)),
                                    _connector="OR",
                                ),
                                name="ordinary_has_no_manager_or_tier",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ChannelProfile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("licence_no", models.CharField(blank=True, max_length=40)),
                        ("licence_until", models.DateField(blank=True, null=True)),
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="channel_profile",
                                to="accounts.customer",
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
                    name="FamilyMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("relation", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=50)),
                        ("birthday", models.DateField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="family",
                                to="accounts.customer",
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
                    name="GroupMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("msisdn", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(blank=True, max_length=50)),
                        (
                            "state",
                            models.CharField(
                                choices=[("active", "Line in use"), ("inactive", "Line not in use")],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="accounts.customer",
                            ),
                        ),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="JobChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("changed_on", models.DateField()),
                        ("employer_before", models.CharField(blank=True, max_length=100)),
                        ("employer_after", models.CharField(blank=True, max_length=100)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="job_changes",
                                to="accounts.customer",
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
                    name="PersonProfile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                blank=True, choices=[("female", "Female"), ("male", "Male")], max_length=10
                            ),
                        ),
                        ("birthday", models.DateField(blank=True, null=True)),
                        ("is_lunar_birthday", models.BooleanField(default=False)),
                        ("personality", models.CharField(blank=True, max_length=100)),
                        ("sports", models.CharField(blank=True, max_length=100)),
                        ("reward_preference", models.CharField(blank=True, max_length=100)),
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="person",
                                to="accounts.customer",
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
                    name="PrivateProfile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("home_address", models.CharField(blank=True, max_length=200)),
                        ("id_number", models.CharField(blank=True, max_length=20)),
                        ("occupation", models.CharField(blank=True, max_length=50)),
                        ("employer", models.CharField(blank=True, max_length=100)),
                        ("position", models.CharField(blank=True, max_length=50)),
                        ("family_background", models.TextField(blank=True, max_length=1000)),
                        ("consent_on", models.DateField(blank=True, null=True)),
                        ("consent_note", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="private",
                                to="accounts.customer",
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
                    name="RequiredField",
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
                                    ("group", "Group customer"),
                                    ("vip", "VIP customer"),
                                    ("channel", "Channel customer"),
                                    ("ordinary", "Ordinary customer"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("group", models.CharField(max_length=20)),
                        ("field", models.CharField(max_length=40)),
                        ("effective_from", models.DateField()),
                        ("effective_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("effective_to", None)),
                                fields=("kind", "field"),
                                name="one_open_required_field",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Qualification",
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
                                    ("education", "Education"),
                                    ("computer", "Computer certificate"),
                                    ("mandarin", "Mandarin"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("level", models.CharField(max_length=50)),
                        ("issued_on", models.DateField(blank=True, null=True)),
                        ("expires_on", models.DateField(blank=True, null=True)),
                        (
                            "attachment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="qualifications",
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
                    name="PrivateGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("granted_at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "granted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "staff",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="private_grant",
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
                    name="Segment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=50)),
                        ("query", models.CharField(max_length=1000)),
                        ("created_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            models.UniqueConstraint(fields=("owner", "name"), name="one_segment_name_per_owner")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("manager", "Account manager"),
                                    ("supervisor", "Supervisor"),
                                    ("complaint_handler", "Complaint handler"),
                                    ("regional_market_manager", "Regional market manager"),
                                    ("brand_manager", "Brand manager"),
                                    ("group_department", "Group Customer Department officer"),
                                    ("business_support", "Business support officer"),
                                    ("service_centre", "Service centre agent"),
                                    ("service_director", "Customer-service director"),
                                    ("back_office", "Back-office support"),
                                    ("auditor", "Auditor"),
                                    ("director", "Director"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="accounts.staff"
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="accounts.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on", None)),
                                fields=("staff", "role", "unit"),
                                name="one_open_post_per_role_and_unit",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Handover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("note", models.TextField(blank=True, max_length=1000)),
                        ("effective_on", models.DateField()),
                        ("done_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "done_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "from_staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handovers_given",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "to_staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handovers_taken",
                                to="accounts.staff",
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
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Standing",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="standing",
                                serialize=False,
                                to="accounts.customer",
                            ),
                        ),
                        ("unit_id", models.BigIntegerField()),
                        ("manager_id", models.BigIntegerField(null=True)),
                        ("tier_rank", models.PositiveSmallIntegerField(db_default=99, default=99)),
                        ("last_visit_on", models.DateField(null=True)),
                        (
                            "next_due_on",
                            models.DateField(
                                db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31)
                            ),
                        ),
                        (
                            "suggested_on",
                            models.DateField(
                                db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31)
                            ),
                        ),
                        (
                            "duty_state",
                            models.CharField(
                                choices=[
                                    ("none", "Nothing owed"),
                                    ("met", "Met"),
                                    ("open", "Owed"),
                                    ("due_soon", "At risk"),
                                    ("overdue", "Overdue"),
                                ],
                                db_default="none",
                                default="none",
                                max_length=10,
                            ),
                        ),
                        ("is_overdue", models.BooleanField(db_default=False, default=False)),
                        (
                            "face_to_face_due_on",
                            models.DateField(
                                db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31)
                            ),
                        ),
                        (
                            "opened_through",
                            models.DateField(db_default=datetime.date(1900, 1, 1), default=datetime.date(1900, 1, 1)),
                        ),
                        ("completeness", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("value", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                        ("open_complaints", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        (
                            "alert_level",
                            models.CharField(
                                blank=True,
                                choices=[("yellow", "Yellow"), ("orange", "Orange"), ("red", "Red")],
                                db_default="",
                                default="",
                                max_length=6,
                            ),
                        ),
                        ("arrears", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                        ("risk", models.PositiveSmallIntegerField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["manager_id", "next_due_on", "customer"], name="standing_manager_due"),
                            models.Index(
                                fields=["manager_id", "last_visit_on", "customer"], name="standing_manager_visit"
                            ),
                            models.Index(fields=["manager_id", "value", "customer"], name="standing_manager_value"),
                            models.Index(fields=["next_due_on", "customer"], name="standing_due"),
                            models.Index(fields=["value", "customer"], name="standing_value"),
                            models.Index(
                                condition=models.Q(("open_complaints__gt", 0)),
                                fields=["unit_id", "customer"],
                                name="standing_complaints",
                            ),
                            models.Index(fields=["manager_id", "risk", "customer"], name="standing_manager_risk"),
                            models.Index(
                                condition=models.Q(("alert_level", ""), _negated=True),
                                fields=["unit_id", "customer"],
                                name="standing_alert",
                            ),
                            models.Index(
                                condition=models.Q(("arrears__gt", 0)),
                                fields=["unit_id", "customer"],
                                name="standing_arrears",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=50)),
                        ("position", models.CharField(blank=True, max_length=50)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("leader", "Leader"),
                                    ("decision_maker", "Decision maker"),
                                    ("telecom_admin", "Telecom administrator"),
                                    ("finance", "Finance"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=20,
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=20)),
                        ("birthday", models.DateField(blank=True, null=True)),
                        ("relation_strength", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("external_source", models.CharField(blank=True, max_length=40)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_persons",
                                to="accounts.customer",
                            ),
                        ),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer"], name="contact_person_customer")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("relation_strength", None), ("relation_strength__range", (1, 5)), _connector="OR"
                                ),
                                name="contact_strength_1_to_5",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_source", "external_id"),
                                name="one_contact_person_per_external_id",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("contract", "Contract"),
                                    ("licence", "Licence"),
                                    ("letter", "Letter"),
                                    ("photo", "Photo"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("title", models.CharField(max_length=100)),
                        ("file_version", models.PositiveSmallIntegerField(default=1)),
                        ("uploaded_at", models.DateTimeField()),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.attachment"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "uploaded_by",
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
                                fields=("customer", "title", "file_version"), name="one_file_per_version"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ExternalId",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("external_id", models.CharField(max_length=100)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="external_ids",
                                to="accounts.customer",
                            ),
                        ),
                        ("alias", models.BigIntegerField(db_default=0, default=0)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["external_id"], name="external_id_alone")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="one_customer_per_external_id"
                            ),
                            models.UniqueConstraint(
                                fields=("customer", "source", "alias"), name="one_external_id_per_source"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="RelationshipStrength",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("strength", models.PositiveSmallIntegerField()),
                        ("judged_on", models.DateField()),
                        (
                            "by",
                            models.ForeignKey(
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
                                related_name="strengths",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("strength__range", (1, 5))), name="strength_1_to_5"
                            ),
                            models.UniqueConstraint(fields=("customer", "judged_on"), name="one_strength_per_day"),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Leave",
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
                                    ("annual", "Annual leave"),
                                    ("sick", "Sick leave"),
                                    ("personal", "Personal leave"),
                                    ("training", "Training"),
                                ],
                                default="annual",
                                max_length=20,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to="accounts.staff"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="leave_ends_after_start",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="HandoverItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                            ),
                        ),
                        (
                            "handover",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="accounts.handover",
                            ),
                        ),
                        (
                            "previous_staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("handover", "customer"), name="one_item_per_handover")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Cover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("arranged_at", models.DateTimeField()),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "arranged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "absent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="covered_by",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "substitute",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="covers", to="accounts.staff"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["substitute", "ends_on"], name="cover_substitute")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="cover_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("absent", models.F("substitute")), _negated=True),
                                name="cover_by_somebody_else",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "handover",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="accounts.handover",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="accounts.staff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "valid_from"], name="assignment_customer")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to", None)),
                                fields=("customer",),
                                name="one_open_assignment_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="assignment_ends_after_start",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Task",
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
                                    ("follow_up", "Follow-up"),
                                    ("call_back", "Call back"),
                                    ("introduction", "Introduction"),
                                    ("care", "Care"),
                                    ("assigned", "Assigned"),
                                    ("attention", "Extra attention"),
                                    ("dunning", "Unpaid bill"),
                                    ("agreement", "Agreement ends"),
                                    ("papers", "Papers owed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=100)),
                        ("reason", models.TextField(blank=True, max_length=2500)),
                        ("due_on", models.DateField()),
                        ("origin_table", models.CharField(blank=True, max_length=40)),
                        ("origin_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "To do"), ("done", "Completed"), ("cancelled", "Cancelled")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="accounts.staff",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True)),
                        ("shown_from", models.DateField(blank=True, null=True)),
                        (
                            "topic",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("birthday", "Birthday greeting"),
                                    ("holiday", "Holiday greeting"),
                                    ("weather", "Weather reminder"),
                                    ("travel", "Wishes for a journey"),
                                    ("credit", "Credit care"),
                                    ("activity", "Invitation to an activity"),
                                    ("offer", "News of an offer"),
                                ],
                                db_default="",
                                default="",
                                max_length=20,
                            ),
                        ),
                        ("result", models.CharField(blank=True, db_default="", default="", max_length=500)),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("unit", "One's own unit"),
                                    ("city", "City company"),
                                    ("province", "Province company"),
                                ],
                                db_default="",
                                default="",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["staff", "due_on"],
                                name="task_open_by_staff",
                            ),
                            models.Index(fields=["origin_table", "origin_id"], name="task_origin"),
                            models.Index(
                                condition=models.Q(("shown_from__isnull", False), ("state", "open")),
                                fields=["staff", "shown_from"],
                                name="task_shown_early",
                            ),
                            models.Index(
                                condition=models.Q(("kind", "assigned")),
                                fields=["staff", "due_on"],
                                name="task_assigned_to",
                            ),
                            models.Index(
                                condition=models.Q(("kind", "assigned")),
                                fields=["created_by", "due_on"],
                                name="task_assigned_by",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("customer", "kind", "origin_table", "origin_id"),
                                name="one_open_task_per_origin",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("customer__isnull", False), ("kind", "assigned"), _connector="OR"),
                                name="task_has_its_customer",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="TierHistory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tier_history",
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
                        "indexes": [models.Index(fields=["customer", "valid_from"], name="tier_history_customer")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to", None)),
                                fields=("customer",),
                                name="one_open_tier_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="tier_history_ends_after_start",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="TierProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("proposed_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Waiting for decision"),
                                    ("approved", "Approved"),
                                    ("refused", "Refused"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tier_proposals",
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
                            "from_tier",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.tier",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "to_tier",
                            models.ForeignKey(
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
                                condition=models.Q(("state", "open")),
                                fields=("customer",),
                                name="one_open_proposal_per_customer",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="TierRule",
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
                        (
                            "period",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("month", "Every month"),
                                    ("quarter", "Every quarter"),
                                    ("half", "Every half-year"),
                                    ("year", "Every year"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("effective_from", models.DateField()),
                        ("source", models.CharField(default="set", max_length=20)),
                        (
                            "tier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules",
                                to="accounts.tier",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("tier", "purpose", "effective_from"),
                                name="one_tier_rule_per_date",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dispatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("origin_table", models.CharField(max_length=40)),
                        ("origin_id", models.BigIntegerField()),
                        ("text", models.CharField(max_length=1000)),
                        ("reply_due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sent", "Waiting for the reply"),
                                    ("replied", "Replied"),
                                    ("unsolved", "Cannot be solved there"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="sent",
                                max_length=12,
                            ),
                        ),
                        ("sent_at", models.DateTimeField()),
                        ("reply", models.CharField(blank=True, max_length=1000)),
                        ("replied_at", models.DateTimeField(blank=True, null=True)),
                        ("urge_count", models.PositiveSmallIntegerField(default=0)),
                        ("urged_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dispatches",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "from_unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "replied_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "to_unit",
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
                                condition=models.Q(("state", "sent")),
                                fields=["to_unit", "reply_due_at"],
                                name="dispatch_open_by_unit",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sent")), fields=["reply_due_at"], name="dispatch_open_due"
                            ),
                            models.Index(fields=["origin_table", "origin_id"], name="dispatch_origin"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "sent")),
                                fields=("origin_table", "origin_id", "to_unit"),
                                name="one_open_dispatch_per_origin_and_unit",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("origin_table", models.CharField(max_length=40)),
                        ("origin_id", models.BigIntegerField()),
                        ("subject", models.CharField(max_length=200)),
                        ("reason", models.CharField(max_length=300)),
                        ("started_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Reported up"), ("closed", "Settled")], default="open", max_length=10
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                                related_name="escalations",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "started_by",
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
                                condition=models.Q(("state", "open")),
                                fields=("origin_table", "origin_id"),
                                name="one_open_escalation_per_origin",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="EscalationStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField()),
                        ("reached_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting to be accepted"),
                                    ("accepted", "Accepted"),
                                    ("answered", "Settled here"),
                                    ("passed_up", "Passed up"),
                                    ("expired", "Not answered in time"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("comment", models.CharField(blank=True, max_length=500)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
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
                            "escalation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="accounts.escalation",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.staff"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "accepted"])),
                                fields=["due_at"],
                                name="escalation_step_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("escalation", "level"), name="one_step_per_level")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="LearnedFact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=40)),
                        ("learned_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        ("own_value", models.TextField(blank=True, null=True)),
                        ("source_value", models.TextField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["learned_at"], name="learned_fact_oldest")],
                        "constraints": [
                            models.UniqueConstraint(fields=("customer", "field"), name="one_learned_fact_per_field")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("name", models.CharField(max_length=60)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        ("attributes", models.JSONField(blank=True, default=list)),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("group", "Group business"),
                                    ("personal", "Personal business"),
                                    ("goods", "Goods for sale"),
                                ],
                                default="goods",
                                max_length=10,
                            ),
                        ),
                        ("label_en", models.CharField(blank=True, max_length=80)),
                        ("launched_on", models.DateField(blank=True, null=True)),
                        ("min_uses_per_member", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("needs_consent", models.BooleanField(default=False)),
                        ("use_unit", models.JSONField(blank=True, default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name="ProductPrice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("minimum", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("effective_from", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="prices",
                                to="accounts.product",
                            ),
                        ),
                        (
                            "set_by",
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
                                fields=("product", "effective_from"), name="one_price_per_product_and_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minimum", None), ("minimum__gt", 0), _connector="OR"),
                                name="minimum_price_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Line",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[("active", "In service"), ("suspended", "Stopped"), ("closed", "Closed")],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        ("opened_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(blank=True, max_length=40)),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                            "member",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.groupmember",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "number"], name="line_customer"),
                            models.Index(
                                condition=models.Q(("closed_on__isnull", False)),
                                fields=["closed_on"],
                                name="line_closed",
                            ),
                            models.Index(
                                condition=models.Q(("member__isnull", False)), fields=["member"], name="line_member"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on", None), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                                ),
                                name="line_closed_after_it_opened",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    ("closed_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="closed_line_has_its_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("source", "external_id"),
                                name="one_line_per_external_id",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                expressions=[
                                    ("number", "="),
                                    (
                                        models.Func(
                                            models.F("opened_on"),
                                            models.F("closed_on"),
                                            models.Value("[)"),
                                            function="daterange",
                                            output_field=models.DateField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="number_of_one_line_at_a_time",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="LifecycleEvent",
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
                                    ("closed", "Closed"),
                                    ("ported_out", "Ported out"),
                                    ("transferred", "Transferred"),
                                    ("suspended", "Suspended"),
                                    ("resumed", "Resumed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("destination", models.CharField(blank=True, max_length=40)),
                        ("state_before", models.CharField(blank=True, max_length=12)),
                        ("source", models.CharField(max_length=40)),
                        ("external_id", models.CharField(max_length=100)),
                        ("received_at", models.DateTimeField()),
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
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.lifecycleevent",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.line",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-happened_on", "-id"], name="lifecycle_customer"),
                            models.Index(
                                condition=models.Q(("line__isnull", False)), fields=["line"], name="lifecycle_line"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="one_lifecycle_event_per_external_id"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Signal",
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
                                    ("asked_to_leave", "Asked to leave"),
                                    ("port_out_query", "Asked about porting out"),
                                    ("authorisation_code", "Got an authorisation code to port out"),
                                    ("termination", "Asked for termination"),
                                    ("lines_stopped", "Lines were stopped"),
                                    ("members_leaving", "Members are leaving"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                        ("text", models.CharField(blank=True, max_length=500)),
                        ("quantity", models.PositiveIntegerField(blank=True, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("external_id", models.CharField(max_length=100)),
                        ("received_at", models.DateTimeField()),
                        ("handled_at", models.DateTimeField(blank=True, null=True)),
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
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.line",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-happened_at", "-id"], name="signal_customer"),
                            models.Index(
                                condition=models.Q(("handled_at", None)), fields=["id"], name="signal_waiting"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="one_signal_per_external_id")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ValueAssessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("assessed_on", models.DateField()),
                        ("volume", models.PositiveSmallIntegerField()),
                        ("growth", models.PositiveSmallIntegerField()),
                        ("potential", models.PositiveSmallIntegerField()),
                        ("weights", models.JSONField(default=list)),
                        ("score", models.DecimalField(decimal_places=2, max_digits=3)),
                        (
                            "value_class",
                            models.CharField(
                                choices=[("A", "Class A"), ("B", "Class B"), ("C", "Class C"), ("D", "Class D")],
                                max_length=1,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("is_current", models.BooleanField(default=True)),
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
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-assessed_on", "-id"], name="value_history"),
                            models.Index(
                                models.F("value_class"),
                                models.F("customer"),
                                condition=models.Q(("is_current", True)),
                                name="value_by_class",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True)),
                                fields=("customer",),
                                name="one_current_value_per_customer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("growth__range", (1, 5)),
                                    ("potential__range", (1, 5)),
                                    ("score__range", (1, 5)),
                                    ("volume__range", (1, 5)),
                                ),
                                name="value_factors_from_1_to_5",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="FeedExpectation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("kind", models.CharField(max_length=30)),
                        (
                            "rhythm",
                            models.CharField(
                                choices=[("working_day", "Every working day"), ("month_day", "Once a month")],
                                default="working_day",
                                max_length=12,
                            ),
                        ),
                        ("month_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("expected_by", models.TimeField()),
                        ("is_active", models.BooleanField(default=True)),
                        ("since", models.DateTimeField()),
                        ("arrived_at", models.DateTimeField(blank=True, null=True)),
                        ("late_since", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "kind"), name="one_expectation_per_feed")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OwnedField",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=40, unique=True)),
                        ("source", models.CharField(max_length=40)),
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
                    ],
                ),
                migrations.CreateModel(
                    name="CustomerMerge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("into_id", models.BigIntegerField()),
                        ("merged_id", models.BigIntegerField()),
                        ("merged_number", models.CharField(max_length=12)),
                        ("merged_name", models.CharField(max_length=50)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("counts", models.JSONField(default=dict)),
                        ("memory", models.JSONField(default=dict)),
                        ("merged_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.customer"
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
                        "indexes": [models.Index(fields=["-merged_at", "-id"], name="merge_latest")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)),
                                fields=("merged_id",),
                                name="one_survivor_per_merged_customer",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="DuplicatePair",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("score", models.PositiveSmallIntegerField()),
                        (
                            "reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("code", "Same credit code"),
                                        ("licence", "Same licence number"),
                                        ("phone", "Same phone number"),
                                        ("name", "Same name"),
                                        ("birthday", "Same birthday"),
                                        ("similar", "Similar name"),
                                    ],
                                    max_length=10,
                                ),
                                size=None,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "To be looked at"), ("dismissed", "Two different customers")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("found_on", models.DateField()),
                        ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "dismissed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["-score", "-id"], name="pair_likeliest"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("first", "second"), name="one_pair_of_two_customers"),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="pair_smaller_id_first"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
    ]
