"""The tables of the first version; `replaces` names the steps in which they came to be."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crm.core.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("core", "0001_initial"),
        ("core", "0004_delete_changesecretkey_user_must_change_password"),
        ("core", "0005_sign_in_codes_and_keys"),
        ("core", "0006_pieces_of_the_night"),
        ("core", "0007_signatures"),
        ("core", "0008_notices_and_guide"),
        ("core", "0011_notices_to_deliver"),
        ("core", "0012_officehours"),
        ("core", "0014_guide_of_keeping_customers"),
        ("core", "0015_exports_and_shared_documents"),
        ("core", "0016_saved_views"),
        ("core", "0017_looks_are_in_the_access_log"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateTables(
            models=[
                migrations.CreateModel(
                    name="Change",
                    fields=[
                        ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("tbl", models.TextField()),
                        ("row_id", models.BigIntegerField()),
                        ("op", models.CharField(max_length=1)),
                        ("actor", models.BigIntegerField(null=True)),
                        ("actor_label", models.TextField(default="")),
                        ("request_id", models.TextField(default="")),
                        ("ip", models.GenericIPAddressField(null=True)),
                        ("unit_before", models.BigIntegerField(null=True)),
                        ("unit_after", models.BigIntegerField(null=True)),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                    ],
                    options={
                        "db_table": "core_change",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=64, unique=True)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="WorkDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("date", models.DateField(unique=True, verbose_name="date")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("holiday", "Holiday"), ("makeup", "Make-up working day")],
                                max_length=7,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(blank=True, default="", max_length=64, verbose_name="name")),
                    ],
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("username", models.CharField(max_length=64, unique=True, verbose_name="staff number")),
                        ("name", models.CharField(max_length=64, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail")),
                        ("language", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "Like the device"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=5,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_service", models.BooleanField(default=False)),
                        ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
                        ("must_change_password", models.BooleanField(default=False)),
                        ("lists", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Upper("username"), name="core_user_username_any_case"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("file", models.FileField(max_length=200, upload_to="")),
                        ("name", models.CharField(max_length=150)),
                        ("content_type", models.CharField(max_length=100)),
                        ("size", models.BigIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("width", models.PositiveIntegerField(null=True)),
                        ("height", models.PositiveIntegerField(null=True)),
                        ("stored_at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visibility",
                            models.CharField(
                                choices=[("internal", "Internal"), ("shared", "May be shared")],
                                default="internal",
                                max_length=8,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=64)),
                        ("params", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("dead", "Given up"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("run_after", models.DateTimeField(null=True)),
                        ("lease", models.UUIDField(null=True)),
                        ("progress_done", models.BigIntegerField(default=0)),
                        ("progress_total", models.BigIntegerField(null=True)),
                        ("doing", models.CharField(blank=True, default="", max_length=200)),
                        ("result", models.JSONField(default=dict)),
                        ("error", models.TextField(blank=True, default="")),
                        ("request_id", models.CharField(blank=True, default="", max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "result_file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "running"])),
                                fields=["id"],
                                name="core_job_open",
                            ),
                            models.Index(fields=["by", "-id"], name="core_job_by"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JobRowError",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("row", models.BigIntegerField()),
                        ("column", models.CharField(blank=True, default="", max_length=100)),
                        ("code", models.CharField(max_length=64)),
                        ("message", models.CharField(max_length=300)),
                        ("value", models.CharField(blank=True, default="", max_length=200)),
                        ("data", models.JSONField(null=True)),
                        (
                            "job",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.job",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["job", "row"], name="core_job_row_error_row")],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=64)),
                        ("subject_table", models.CharField(blank=True, default="", max_length=64)),
                        ("subject_id", models.BigIntegerField(default=0)),
                        ("occasion", models.CharField(blank=True, default="", max_length=64)),
                        ("params", models.JSONField(default=dict)),
                        ("url", models.CharField(blank=True, default="", max_length=300)),
                        ("urgent", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                        ("delivered_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["user", "-id"], name="core_notice_user"),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["user"],
                                name="core_notice_unread",
                            ),
                            models.Index(
                                condition=models.Q(("delivered_at__isnull", True)),
                                fields=["-urgent", "id"],
                                name="core_notice_to_deliver",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "kind", "subject_table", "subject_id", "occasion"),
                                name="core_notice_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Parameter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=64)),
                        ("value", models.JSONField()),
                        ("effective_from", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "effective_from"), name="core_parameter_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "session_key",
                            models.CharField(
                                max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                            ),
                        ),
                        ("session_data", models.TextField(verbose_name="session data")),
                        ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                        ("started_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        ("locked_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "db_table": "core_session",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SignInLock",
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
                                choices=[("account", "account"), ("address", "address"), ("code", "one-time code")],
                                max_length=7,
                            ),
                        ),
                        ("subject", models.CharField(max_length=64)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("failed_at", models.DateTimeField()),
                        ("locked_until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "subject"), name="core_sign_in_lock_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SweepRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("step", models.CharField(max_length=64)),
                        ("business_date", models.DateField()),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("rows", models.BigIntegerField(null=True)),
                        ("seconds", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                        ("detail", models.JSONField(default=dict)),
                        ("error", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["step", "-business_date", "-id"], name="core_sweep_step"),
                            models.Index(fields=["-started_at"], name="core_sweep_started"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("denied", "Refused"),
                                    ("reveal", "Full value shown"),
                                    ("dial", "Dialled"),
                                    ("sign_in", "Signed in"),
                                    ("sign_in_failed", "Sign-in failed"),
                                    ("sign_out", "Signed out"),
                                    ("export", "Exported"),
                                    ("download", "Downloaded"),
                                    ("locked", "Locked out"),
                                    ("look", "Private data looked at"),
                                    ("print", "Printed"),
                                    ("share", "Shared with a customer"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("subject_table", models.CharField(blank=True, default="", max_length=64)),
                        ("subject_id", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(blank=True, default="", max_length=200)),
                        ("detail", models.JSONField(default=dict)),
                        ("ip", models.GenericIPAddressField(null=True)),
                        ("request_id", models.CharField(blank=True, default="", max_length=64)),
                        (
                            "user",
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
                            models.Index(fields=["user", "kind", "at"], name="core_access_user"),
                            models.Index(fields=["subject_table", "subject_id", "at"], name="core_access_subject"),
                            models.Index(fields=["at"], name="core_access_at"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdempotencyKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("request_digest", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField()),
                        ("body", models.BinaryField()),
                        ("created_at", models.DateTimeField(db_index=True)),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "key"), name="core_one_answer_per_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SweepPiece",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("span", models.JSONField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("rows", models.BigIntegerField(null=True)),
                        ("seconds", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                        ("detail", models.JSONField(default=dict)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("error", models.TextField(blank=True, default="")),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pieces",
                                to="core.sweeprun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("run", "number"), name="one_piece_per_number")],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_table", models.CharField(max_length=64)),
                        ("subject_id", models.BigIntegerField()),
                        ("part", models.CharField(max_length=20)),
                        ("content", models.TextField()),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("login", "Signed in"),
                                    ("drawn", "Drawn on the screen"),
                                    ("link", "By one-time link"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("signer_name", models.CharField(max_length=50)),
                        ("signed_at", models.DateTimeField()),
                        ("voided_at", models.DateTimeField(null=True)),
                        (
                            "drawing",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_by",
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
                                condition=models.Q(("voided_at", None)),
                                fields=("subject_table", "subject_id", "part"),
                                name="core_one_signature_per_part",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("method", "login"), _negated=True),
                                    ("signer__isnull", False),
                                    _connector="OR",
                                ),
                                name="core_login_signature_has_signer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("method", "drawn"), _negated=True),
                                    ("drawing__isnull", False),
                                    _connector="OR",
                                ),
                                name="core_drawn_signature_has_drawing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("subject_table", models.CharField(max_length=64)),
                        ("subject_id", models.BigIntegerField()),
                        ("part", models.CharField(max_length=20)),
                        ("digest", models.CharField(max_length=64)),
                        ("issued_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "issued_by",
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
                                condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                                fields=("subject_table", "subject_id", "part"),
                                name="core_one_open_sign_link",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channels",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("email", "E-mail"),
                                        ("wecom", "WeCom"),
                                        ("dingtalk", "DingTalk"),
                                        ("sms", "SMS"),
                                    ],
                                    max_length=10,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("wants_digest", models.BooleanField(default=True)),
                        ("quiet_from", models.TimeField(blank=True, null=True)),
                        ("quiet_to", models.TimeField(blank=True, null=True)),
                        ("wecom", models.CharField(blank=True, default="", max_length=64)),
                        ("dingtalk", models.CharField(blank=True, default="", max_length=64)),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True)),
                        (
                            "area",
                            models.CharField(
                                choices=[
                                    ("phrases", "Phrases"),
                                    ("skills", "Service skills"),
                                    ("availability", "Being there"),
                                    ("care", "Care"),
                                    ("truth", "True records"),
                                    ("desk", "Handling complaints"),
                                    ("retention", "Keeping customers"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("title_zh", models.CharField(max_length=60)),
                        ("title_en", models.CharField(max_length=100)),
                        ("tip_zh", models.CharField(blank=True, default="", max_length=200)),
                        ("tip_en", models.CharField(blank=True, default="", max_length=300)),
                        ("body_zh", models.TextField(max_length=10000)),
                        ("body_en", models.TextField(max_length=20000)),
                        ("source", models.CharField(blank=True, default="", max_length=40)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_shown", models.BooleanField(default=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("updated_at", models.DateTimeField(null=True)),
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
                        (
                            "visibility",
                            models.CharField(
                                choices=[("internal", "Internal"), ("shared", "May be shared")],
                                default="internal",
                                max_length=8,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["area", "position", "id"], name="core_article_place")],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("wecom", "WeCom"),
                                    ("dingtalk", "DingTalk"),
                                    ("sms", "SMS"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("digest", "Morning digest"), ("single", "At once")], max_length=10
                            ),
                        ),
                        ("occasion", models.CharField(max_length=64)),
                        ("notices", models.PositiveSmallIntegerField(default=1)),
                        ("title", models.CharField(max_length=200)),
                        ("body", models.TextField()),
                        ("url", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("unknown", "Outcome unknown"),
                                    ("parked", "Kept here"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("lease", models.UUIDField(null=True)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("try_after", models.DateTimeField()),
                        ("made_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("error", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "sending"])),
                                fields=["try_after", "id"],
                                name="core_delivery_open",
                            ),
                            models.Index(fields=["-id"], name="core_delivery_newest"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "channel", "kind", "occasion"), name="core_delivery_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficeHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField(unique=True)),
                        ("opens", models.TimeField()),
                        ("lunch_from", models.TimeField(blank=True, null=True)),
                        ("lunch_to", models.TimeField(blank=True, null=True)),
                        ("closes", models.TimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closes__gt", models.F("opens")),
                                    models.Q(
                                        models.Q(("lunch_from", None), ("lunch_to", None)),
                                        models.Q(
                                            ("closes__gt", models.F("lunch_to")),
                                            ("lunch_from__gt", models.F("opens")),
                                            ("lunch_to__gt", models.F("lunch_from")),
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                name="core_office_hours_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("list_key", models.CharField(max_length=40)),
                        ("query", models.TextField(blank=True, default="", max_length=4000)),
                        ("columns", models.JSONField(default=list)),
                        (
                            "file_format",
                            models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], default="csv", max_length=4),
                        ),
                        ("language", models.CharField(default="zh-hans", max_length=10)),
                        ("reason", models.CharField(max_length=200)),
                        ("is_unmasked", models.BooleanField(default=False)),
                        ("purpose", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Waits for approval"),
                                    ("refused", "Refused"),
                                    ("making", "Being made"),
                                    ("ready", "Ready"),
                                    ("failed", "Failed"),
                                    ("expired", "Expired"),
                                ],
                                default="making",
                                max_length=10,
                            ),
                        ),
                        ("limits", models.JSONField(default=dict)),
                        ("unit_id", models.BigIntegerField(null=True)),
                        ("staff_id", models.BigIntegerField(null=True)),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("remark", models.CharField(blank=True, default="", max_length=200)),
                        ("rows", models.PositiveIntegerField(null=True)),
                        ("canary", models.CharField(blank=True, default="", max_length=60)),
                        ("made_at", models.DateTimeField(null=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("error", models.CharField(blank=True, default="", max_length=300)),
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
                            "file",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.job",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["by", "-requested_at"], name="export_by"),
                            models.Index(fields=["unit_id", "-id"], name="export_unit"),
                            models.Index(
                                condition=models.Q(("state", "requested")), fields=["id"], name="export_waiting"
                            ),
                            models.Index(
                                condition=models.Q(("state", "ready")), fields=["expires_at"], name="export_ready"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_unmasked", False), models.Q(("purpose", ""), _negated=True), _connector="OR"
                                ),
                                name="unmasked_has_its_purpose",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="export_decided_by_another",
                            ),
                        ],
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ShareLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("customer_id", models.BigIntegerField(null=True)),
                        ("issued_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        (
                            "article",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.article",
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.attachment",
                            ),
                        ),
                        (
                            "issued_by",
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("article__isnull", False), ("attachment", None)),
                                    models.Q(("article", None), ("attachment__isnull", False)),
                                    _connector="OR",
                                ),
                                name="share_of_one_document",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("list_key", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=50)),
                        ("query", models.CharField(blank=True, default="", max_length=1000)),
                        ("columns", models.CharField(blank=True, default="", max_length=1000)),
                        ("unit_id", models.BigIntegerField(null=True)),
                        ("role", models.CharField(blank=True, default="", max_length=32)),
                        ("is_default", models.BooleanField(default=False)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["list_key", "unit_id"], name="core_view_by_list")],
                        "constraints": [
                            models.UniqueConstraint(fields=("owner", "list_key", "name"), name="core_view_name_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True), ("role", "")),
                                fields=("owner", "list_key"),
                                name="core_view_own_default",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True), models.Q(("role", ""), _negated=True)),
                                fields=("role", "list_key"),
                                name="core_view_role_default",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("unit_id", None), ("role", ""), _connector="OR"),
                                name="core_view_one_audience",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
