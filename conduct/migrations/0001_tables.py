"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [("conduct", "0001_initial"), ("conduct", "0002_call_detail_prints")]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Outing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("leaves_at", models.DateTimeField()),
                        ("returns_at", models.DateTimeField()),
                        ("destination", models.CharField(max_length=200)),
                        ("purpose", models.CharField(max_length=200)),
                        (
                            "source",
                            models.CharField(
                                choices=[("hand", "By hand"), ("plan", "Day plan")], default="hand", max_length=10
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("registered", "Registered"),
                                    ("out", "Out now"),
                                    ("back", "Back"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="registered",
                                max_length=12,
                            ),
                        ),
                        ("registered_at", models.DateTimeField()),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                        ("back_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_by_night", models.BooleanField(default=False)),
                        (
                            "registered_by",
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
                                related_name="outings",
                                to="accounts.staff",
                            ),
                        ),
                        (
                            "supervisor",
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
                            models.Index(fields=["staff", "-day"], name="outing_staff_day"),
                            models.Index(fields=["unit", "-day"], name="outing_unit_day"),
                            models.Index(fields=["-leaves_at", "-id"], name="outing_time"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("returns_at__gt", models.F("leaves_at"))),
                                name="outing_returns_after_leaving",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("back_at", None), ("back_at__gte", models.F("left_at")), _connector="OR"
                                ),
                                name="outing_back_after_left",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "out")), fields=("staff",), name="out_once_at_a_time"
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="OutingCustomer",
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
                            "outing",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stops",
                                to="conduct.outing",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("outing", "customer"), name="outing_customer_once")
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="CallDetailPrint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("purpose", models.CharField(max_length=200)),
                        ("authorised_by", models.CharField(max_length=50)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Waits for the second person"),
                                    ("registered", "May be printed"),
                                    ("refused", "Refused"),
                                    ("printed", "Printed"),
                                    ("expired", "Expired"),
                                ],
                                default="requested",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("registered_at", models.DateTimeField(null=True)),
                        ("remark", models.CharField(blank=True, default="", max_length=200)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("pages", models.PositiveSmallIntegerField(null=True)),
                        ("printed_at", models.DateTimeField(null=True)),
                        (
                            "authorisation",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.line",
                            ),
                        ),
                        (
                            "registered_by",
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
                            models.Index(fields=["customer", "-id"], name="call_details_customer"),
                            models.Index(
                                condition=models.Q(("state", "requested")), fields=["id"], name="call_details_waiting"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="call_details_of_a_whole_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("registered_by", None),
                                    models.Q(("registered_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="call_details_registered_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("printed_at", None),
                                    models.Q(("pages__isnull", False), ("registered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="call_details_printed_when_registered",
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
