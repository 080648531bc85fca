"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [("engagement", "0001_service_policies"), ("engagement", "0002_benefits_in_english")]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="ServicePolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("service", "VIP service policy"),
                                    ("marketing", "Marketing policy"),
                                    ("care", "Special care"),
                                ],
                                default="service",
                                max_length=10,
                            ),
                        ),
                        ("label_zh", models.CharField(max_length=60)),
                        ("label_en", models.CharField(max_length=80)),
                        ("benefits", models.TextField(blank=True, max_length=1000)),
                        ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        ("tiers", models.ManyToManyField(blank=True, related_name="+", to="accounts.tier")),
                        ("benefits_en", models.TextField(blank=True, max_length=1500)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("cost__gte", 0)), name="policy_cost_not_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="policy_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyEnrolment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("used_on", models.DateField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("enrolled_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "enrolled_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="engagement.servicepolicy",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["customer", "ends_on"], name="enrolment_customer"),
                            models.Index(
                                condition=models.Q(("ends_on__isnull", False)),
                                fields=["ends_on", "id"],
                                name="enrolment_end",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                                ),
                                name="enrolment_ends_after_it_starts",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("customer", "="),
                                    ("policy", "="),
                                    (
                                        models.Func(
                                            models.F("starts_on"),
                                            models.F("ends_on"),
                                            models.Value("[]"),
                                            function="daterange",
                                            output_field=models.DateField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="one_enrolment_at_a_time",
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
