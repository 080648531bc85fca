"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("sales", "0001_quotas_and_orders"),
        ("sales", "0002_words_of_choices"),
        ("sales", "0003_subscriptions_usage_bills"),
        ("sales", "0005_credit_dunning_and_guarantees"),
        ("sales", "0007_dunning_stage_day"),
        ("sales", "0008_words_of_money"),
        ("sales", "0009_payments_of_bills"),
        ("sales", "0010_when_the_source_told"),
    ]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Quota",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "metric",
                            models.CharField(
                                choices=[("activation", "Number activations"), ("product", "Product sales")],
                                max_length=12,
                            ),
                        ),
                        ("month", models.DateField()),
                        ("target", models.PositiveIntegerField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
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
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["unit", "month"], name="quota_unit")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("staff__isnull", False)),
                                fields=("month", "metric", "product", "staff"),
                                name="one_quota_per_manager_and_month",
                                nulls_distinct=False,
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("staff", None)),
                                fields=("month", "metric", "product", "unit"),
                                name="one_quota_per_unit_and_month",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("metric", "product"), ("product__isnull", False)),
                                    models.Q(models.Q(("metric", "product"), _negated=True), ("product", None)),
                                    _connector="OR",
                                ),
                                name="quota_has_its_product",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="quota_month_is_its_first_day"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SalesOrder",
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
                            "metric",
                            models.CharField(
                                choices=[("activation", "Number activations"), ("product", "Product sales")],
                                max_length=12,
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("promised", "Promised"),
                                    ("confirmed", "Confirmed by the customer"),
                                    ("effective", "In effect"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("ordered_on", models.DateField()),
                        ("effective_on", models.DateField(null=True)),
                        ("source_updated_at", models.DateTimeField(null=True)),
                        ("updated_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
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
                            models.Index(
                                condition=models.Q(("state", "effective")),
                                fields=["effective_on", "staff"],
                                include=("quantity",),
                                name="order_in_effect",
                            ),
                            models.Index(fields=["staff", "ordered_on", "id"], name="order_staff"),
                            models.Index(fields=["unit", "ordered_on", "id"], name="order_unit"),
                            models.Index(fields=["ordered_on", "id"], name="order_day"),
                            models.Index(
                                condition=models.Q(("customer__isnull", False)),
                                fields=["customer"],
                                name="order_customer",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="one_order_per_external_id"),
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="order_of_something"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "effective"), _negated=True),
                                    ("effective_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="order_in_effect_since",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("metric", "product"), ("product__isnull", False)),
                                    models.Q(models.Q(("metric", "product"), _negated=True), ("product", None)),
                                    _connector="OR",
                                ),
                                name="order_has_its_product",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Subscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(default=1)),
                        ("attributes", models.JSONField(blank=True, default=dict)),
                        ("consent_note", models.CharField(blank=True, max_length=300)),
                        ("started_on", models.DateField()),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("external_id", models.CharField(max_length=100)),
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
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "product"], name="subscription_customer"),
                            models.Index(fields=["product", "customer"], name="subscription_product"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="one_subscription_per_external_id"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None), ("ended_on__gte", models.F("started_on")), _connector="OR"
                                ),
                                name="subscription_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="subscription_of_something"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="SurveyNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(max_length=1000)),
                        ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("on", models.DateField()),
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
                            "subscription",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sales.subscription"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("satisfaction", None), ("satisfaction__range", (1, 5)), _connector="OR"
                                ),
                                name="survey_satisfaction_1_to_5",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="UsageAdvice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("text", models.TextField(max_length=4000)),
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
                                db_index=False,
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "-month", "-id"], name="advice_customer")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="advice_month_is_its_first_day"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="UsageMonth",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("revenue", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("voice_minutes", models.PositiveIntegerField(blank=True, null=True)),
                        ("data_mb", models.PositiveBigIntegerField(blank=True, null=True)),
                        ("messages", models.PositiveIntegerField(blank=True, null=True)),
                        ("volume", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                        ("active_members", models.PositiveIntegerField(blank=True, null=True)),
                        ("active_lines", models.PositiveIntegerField(blank=True, null=True)),
                        ("balance", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["month", "customer"], name="usage_month")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "product", "month"),
                                name="one_usage_per_customer_product_and_month",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="usage_month_is_its_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("volume", None), ("volume__gte", 0), _connector="OR"),
                                name="usage_volume_not_negative",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Bill",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("due_on", models.DateField()),
                        ("paid_amount", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                        ("paid_on", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.line",
                            ),
                        ),
                        ("told_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("told_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("paid_on", None)), fields=["due_on", "customer"], name="bill_open"
                            ),
                            models.Index(
                                condition=models.Q(("paid_on", None)),
                                fields=["customer", "due_on"],
                                name="bill_customer_open",
                            ),
                            models.Index(
                                condition=models.Q(("line__isnull", False)), fields=["line"], name="bill_line"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "line", "month"),
                                name="one_bill_per_customer_line_and_month",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="bill_month_is_its_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0), ("paid_amount__gte", 0)),
                                name="bill_amounts_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("paid_amount__gte", models.F("amount")), ("paid_on__isnull", False)),
                                    models.Q(("paid_amount__lt", models.F("amount")), ("paid_on", None)),
                                    _connector="OR",
                                ),
                                name="bill_is_paid_in_full_or_open",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="MemberUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("uses", models.PositiveIntegerField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "member",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.groupmember",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.product",
                            ),
                        ),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["product", "month", "member"], include=("uses",), name="use_product")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "product", "month"), name="one_use_per_member_product_and_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="use_month_is_its_first_day"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="NeedType",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=60)),
                        ("label_en", models.CharField(max_length=80)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="QualificationRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("label_zh", models.CharField(max_length=100)),
                        ("label_en", models.CharField(max_length=120)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="JoiningApplication",
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
                                    ("submitted", "Submitted"),
                                    ("checking", "Being checked"),
                                    ("passed", "Passed"),
                                    ("failed", "Not passed"),
                                ],
                                default="submitted",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(blank=True, max_length=1000)),
                        ("applied_at", models.DateTimeField()),
                        ("checker_name", models.CharField(blank=True, max_length=60)),
                        ("checked_on", models.DateField(blank=True, null=True)),
                        ("result_note", models.CharField(blank=True, max_length=500)),
                        ("source", models.CharField(blank=True, max_length=40)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "applied_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            models.Index(fields=["customer", "-id"], name="application_customer"),
                            models.Index(
                                condition=models.Q(("state__in", ["submitted", "checking"])),
                                fields=["id"],
                                name="application_waiting",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["submitted", "checking"])),
                                fields=("customer",),
                                name="one_application_under_way",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by", None),
                                    ("applied_by", None),
                                    models.Q(("checked_by", models.F("applied_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="application_checked_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["passed", "failed"]), _negated=True),
                                    models.Q(
                                        ("checked_on__isnull", False),
                                        models.Q(
                                            ("checked_by__isnull", False),
                                            models.Q(("checker_name", ""), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_result_has_its_checker",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("service", "Group service agreement"),
                                    ("product", "Product agreement"),
                                    ("contract", "Contract period"),
                                ],
                                default="service",
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("signed", "Signed"), ("terminated", "Ended early")],
                                default="signed",
                                max_length=10,
                            ),
                        ),
                        ("signed_on", models.DateField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("terminated_on", models.DateField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("source", models.CharField(blank=True, max_length=40)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "our_signer",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "previous",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="sales.agreement",
                            ),
                        ),
                        (
                            "scan",
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
                            "their_signer",
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
                            "application",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="+",
                                to="sales.joiningapplication",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-ends_on"], name="agreement_customer"),
                            models.Index(
                                condition=models.Q(("ends_on__isnull", False)),
                                fields=["ends_on", "id"],
                                name="agreement_end",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="agreement_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "service"), _negated=True),
                                    ("application__isnull", False),
                                    _connector="OR",
                                ),
                                name="service_agreement_was_checked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "signed"), ("terminated_on", None)),
                                    models.Q(
                                        ("ends_on__isnull", False),
                                        ("state", "terminated"),
                                        ("terminated_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="agreement_terminated_on",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("previous", None),
                                    models.Q(("previous", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="agreement_does_not_follow_itself",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Need",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("found_on", models.DateField()),
                        ("text", models.TextField(max_length=1000)),
                        ("pain", models.TextField(blank=True, max_length=500)),
                        ("budget", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("wanted_on", models.DateField(blank=True, null=True)),
                        ("competitor", models.CharField(blank=True, max_length=100)),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("found", "Found"),
                                    ("routed", "Routed"),
                                    ("proposed", "Proposed"),
                                    ("met", "Need met"),
                                    ("lost", "Need lost"),
                                ],
                                default="found",
                                max_length=10,
                            ),
                        ),
                        ("stage_on", models.DateField()),
                        ("updated_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
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
                            "decision_maker",
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
                            "routed_to",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.unit",
                            ),
                        ),
                        (
                            "type",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sales.needtype",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "type", "found_on", "id"], name="need_customer"),
                            models.Index(fields=["-found_on", "-id"], name="need_found"),
                            models.Index(fields=["stage", "type"], name="need_stage"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("budget", None), ("budget__gte", 0), _connector="OR"),
                                name="need_budget_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "routed"), _negated=True),
                                    ("routed_to__isnull", False),
                                    _connector="OR",
                                ),
                                name="need_routed_to_somebody",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="NeedStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "from_stage",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("found", "Found"),
                                    ("routed", "Routed"),
                                    ("proposed", "Proposed"),
                                    ("met", "Need met"),
                                    ("lost", "Need lost"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "to_stage",
                            models.CharField(
                                choices=[
                                    ("found", "Found"),
                                    ("routed", "Routed"),
                                    ("proposed", "Proposed"),
                                    ("met", "Need met"),
                                    ("lost", "Need lost"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text_before", models.TextField(blank=True, max_length=1000)),
                        ("note", models.CharField(blank=True, max_length=500)),
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
                            "need",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="sales.need",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["need", "id"], name="need_step")],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ApplicationCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_met", models.BooleanField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "application",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checks",
                                to="sales.joiningapplication",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sales.qualificationrule",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("application", "rule"), name="one_check_per_rule")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementReminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ends_on", models.DateField()),
                        ("days", models.PositiveSmallIntegerField()),
                        ("reminded_on", models.DateField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="sales.agreement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "ends_on", "days"), name="one_reminder_per_agreement_and_days"
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CreditAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("limit", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("extra", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                        ("extra_until", models.DateField(blank=True, null=True)),
                        ("used", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                        ("score", models.PositiveSmallIntegerField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("good", "In good standing"),
                                    ("over", "Over the limit"),
                                    ("arrears", "In arrears"),
                                ],
                                db_default="good",
                                default="good",
                                max_length=10,
                            ),
                        ),
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "-used", "-customer"], name="credit_state")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("limit", None), ("limit__gte", 0), _connector="OR"),
                                name="credit_limit_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("extra", 0), ("extra_until", None)),
                                    models.Q(("extra__gt", 0), ("extra_until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="overuse_ends_some_day",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CreditChange",
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
                                choices=[("limit", "Credit limit"), ("overuse", "Overuse for a time")], max_length=10
                            ),
                        ),
                        ("old_limit", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("until", models.DateField(blank=True, null=True)),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting for a decision"),
                                    ("approved", "Approved"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
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
                            "requested_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-id"], name="credit_change_customer"),
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["id"], name="credit_change_waiting"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("customer", "kind"),
                                name="one_waiting_credit_change",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="credit_change_not_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "limit"), ("until", None)),
                                    models.Q(("kind", "overuse"), ("until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="overuse_asked_for_some_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "approved"), _negated=True),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="credit_approved_by_another",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="DunningAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("message", "Text message"),
                                    ("call", "Phone call"),
                                    ("visit", "Visit on site"),
                                    ("letter", "Letter"),
                                    ("stop", "Stop-service proposal"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "stage",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Reminder"),
                                    (2, "Phone call"),
                                    (3, "Visit on site"),
                                    (4, "Stop-service proposal"),
                                ]
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("promised", "Promised to pay"),
                                    ("says_paid", "Says it is paid"),
                                    ("disputed", "Disputes the bill"),
                                    ("refused", "Refuses to pay"),
                                    ("not_reached", "Not reached"),
                                    ("told", "Has been told"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("promise_on", models.DateField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=500)),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer", "-at", "-id"], name="dunning_action_customer")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("promise_on__isnull", False), ("result", "promised")),
                                    models.Q(models.Q(("result", "promised"), _negated=True), ("promise_on", None)),
                                    _connector="OR",
                                ),
                                name="dunning_promise_has_its_day",
                            )
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="DunningCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Reminder"),
                                    (2, "Phone call"),
                                    (3, "Visit on site"),
                                    (4, "Stop-service proposal"),
                                ],
                                default=1,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Being asked for"),
                                    ("promised", "Payment promised"),
                                    ("paid", "Paid in full"),
                                    ("withdrawn", "Bill corrected"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("opened_on", models.DateField()),
                        ("next_on", models.DateField(blank=True, null=True)),
                        ("promised_on", models.DateField(blank=True, null=True)),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        (
                            "bill",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sales.bill"
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
                        ("stage_on", models.DateField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "-id"], name="dunning_customer"),
                            models.Index(
                                condition=models.Q(("closed_on", None)), fields=["customer"], name="dunning_open"
                            ),
                            models.Index(
                                condition=models.Q(("closed_on__isnull", False)),
                                fields=["closed_on"],
                                name="dunning_closed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on", None), ("state__in", ["open", "promised"])),
                                    models.Q(("closed_on__isnull", False), ("state__in", ["paid", "withdrawn"])),
                                    _connector="OR",
                                ),
                                name="dunning_closed_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "promised"), _negated=True),
                                    ("promised_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="promise_has_its_day",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Guarantee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("business", models.CharField(max_length=100)),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("reason", models.CharField(max_length=300)),
                        ("papers", models.CharField(max_length=300)),
                        ("papers_due_on", models.DateField()),
                        ("papers_on", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Approval requested"),
                                    ("approved", "Approved, not in effect yet"),
                                    ("refused", "Refused"),
                                    ("active", "In effect"),
                                    ("overdue", "Papers overdue"),
                                    ("released", "No longer vouched for"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="requested",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        ("active_on", models.DateField(blank=True, null=True)),
                        ("released_on", models.DateField(blank=True, null=True)),
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
                            "requested_by",
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
                        "indexes": [
                            models.Index(fields=["customer", "-id"], name="guarantee_customer"),
                            models.Index(
                                condition=models.Q(("state__in", ["requested", "approved", "active", "overdue"])),
                                fields=["staff"],
                                name="guarantee_of_staff",
                            ),
                            models.Index(
                                condition=models.Q(("papers_on", None), ("state__in", ["active", "overdue"])),
                                fields=["papers_due_on"],
                                name="guarantee_papers",
                            ),
                            models.Index(
                                condition=models.Q(("state", "requested")), fields=["id"], name="guarantee_waiting"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="guarantee_of_something"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["approved", "active", "overdue", "released"]), _negated=True
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="guarantee_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["active", "overdue", "released"]), _negated=True),
                                    ("active_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="guarantee_in_effect_since",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="TierCredit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("limit", models.DecimalField(decimal_places=2, max_digits=14)),
                        (
                            "tier",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tier"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("limit__gte", 0)), name="tier_credit_not_negative"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("paid_on", models.DateField()),
                        ("source", models.CharField(max_length=40)),
                        ("external_id", models.CharField(max_length=100)),
                        ("source_updated_at", models.DateTimeField(blank=True, null=True)),
                        ("updated_at", models.DateTimeField()),
                        (
                            "bill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sales.bill"
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
                        "indexes": [models.Index(fields=["customer"], name="payment_customer")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="one_payment_per_source_and_id"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="payment_amount_not_negative"
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
