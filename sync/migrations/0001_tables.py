"""The tables of the first version; `replaces` names the steps in which they came to be."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("sync", "0001_initial"),
        ("sync", "0002_scope_of_missed_calls"),
        ("sync", "0003_scope_of_care"),
        ("sync", "0004_scope_of_cases"),
        ("sync", "0005_scope_of_sales"),
        ("sync", "0006_scope_of_kpi"),
        ("sync", "0007_scope_of_churn"),
        ("sync", "0008_scopes_of_billing_and_alerts"),
        ("sync", "0009_scopes_of_files_and_webhooks"),
        ("sync", "0010_sync_log"),
        ("sync", "0011_webhooks"),
        ("sync", "0012_mappings_by_kind"),
    ]

    initial = True

    dependencies = [("accounts", "0001_tables"), ("core", "0002_change_log")]

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Client",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, unique=True)),
                        ("source", models.CharField(max_length=40)),
                        ("is_active", models.BooleanField(default=True)),
                        ("requests_per_minute", models.PositiveIntegerField(default=600)),
                        ("created_at", models.DateTimeField()),
                        (
                            "owner",
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
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("rows_per_call", models.PositiveIntegerField(default=1000)),
                    ],
                    options={
                        "abstract": False,
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("mapping", models.JSONField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "updated_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("kind", models.CharField(default="customers", max_length=20)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "kind"), name="one_mapping_per_source_and_kind")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("prefix", models.CharField(max_length=12)),
                        (
                            "scopes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("customers:read", "Read customers"),
                                        ("customers:write", "Write customers"),
                                        ("private:read", "Read private profiles"),
                                        ("visits:read", "Read visits and duties"),
                                        ("visits:write", "Write visits"),
                                        ("missed_calls:write", "Report missed calls"),
                                        ("complaints:read", "Read cases"),
                                        ("complaints:write", "Take requests down and work on cases"),
                                        ("sales:read", "Read quotas and orders"),
                                        ("sales:write", "Write quotas and orders"),
                                        ("lines:read", "Read lines and lifecycle events"),
                                        ("lines:write", "Write lines and lifecycle events"),
                                        ("signals:read", "Read churn signals"),
                                        ("signals:write", "Report churn signals"),
                                        ("billing:read", "Read subscriptions, usage and bills"),
                                        ("billing:write", "Write subscriptions, usage and bills"),
                                        ("agreements:read", "Read agreements"),
                                        ("agreements:write", "Write agreements"),
                                        ("policies:read", "Read service policies"),
                                        ("alerts:read", "Read alerts and save cases"),
                                        ("churn:read", "Read churn records"),
                                        ("kpi:read", "Read indicators and results"),
                                        ("care:write", "Tell of the weather"),
                                        ("directory:read", "Read units and staff"),
                                        ("directory:write", "Write units and staff"),
                                        ("imports:write", "Load files"),
                                        ("exports:write", "Order exports"),
                                        ("webhooks:read", "Read webhooks and their deliveries"),
                                        ("webhooks:write", "Set up webhooks"),
                                    ],
                                    max_length=40,
                                ),
                                size=None,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="sync.client"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    name="SyncEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("kind", models.CharField(max_length=30)),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("created", models.PositiveIntegerField(default=0)),
                        ("updated", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("stale", models.PositiveIntegerField(default=0)),
                        ("failed", models.PositiveIntegerField(default=0)),
                        (
                            "ignored",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        ("ms", models.PositiveIntegerField(default=0)),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        ("at", models.DateTimeField()),
                        (
                            "client",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="sync.client",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["client", "-at"], name="sync_entry_of_client"),
                            models.Index(fields=["source", "kind", "-at"], name="sync_entry_of_feed"),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("url", models.CharField(max_length=500)),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("paused", "Paused"),
                                    ("disabled", "Switched off after failures"),
                                ],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        ("secret", models.TextField()),
                        ("previous_secret", models.TextField(blank=True)),
                        ("previous_until", models.DateTimeField(blank=True, null=True)),
                        ("cursor", models.TextField(blank=True)),
                        ("failing_since", models.DateTimeField(blank=True, null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("rest_until", models.DateTimeField(blank=True, null=True)),
                        ("disabled_at", models.DateTimeField(blank=True, null=True)),
                        ("last_delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sync.client"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    name="WebhookMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(unique=True)),
                        ("type", models.CharField(max_length=40)),
                        ("record_id", models.BigIntegerField(default=0)),
                        ("op", models.CharField(max_length=10)),
                        ("cursor", models.TextField(blank=True)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("delivered", "Delivered"),
                                    ("parked", "Given up"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("first_tried_at", models.DateTimeField(blank=True, null=True)),
                        ("try_after", models.DateTimeField()),
                        ("lease", models.UUIDField(blank=True, null=True)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        ("made_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sync.webhook"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "sending"])),
                                fields=["webhook", "type", "record_id", "id"],
                                name="webhook_message_open",
                            ),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["webhook", "try_after"],
                                name="webhook_message_due",
                            ),
                            models.Index(fields=["webhook", "-id"], name="webhook_message_newest"),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="WebhookAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("milliseconds", models.PositiveIntegerField()),
                        ("error", models.CharField(blank=True, max_length=40)),
                        ("answer", models.CharField(blank=True, max_length=200)),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="sync.webhookmessage",
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
