import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from retention.rules.expert import EXPERT


def forwards(apps, schema_editor):
    """RET-3: the expert's points are in force until events have taught us better."""
    model = apps.get_model("retention", "RiskModel")
    if not model.objects.filter(state="in_force").exists():
        now = timezone.now()
        model.objects.create(
            stage="expert", state="in_force", table=EXPERT.to_json(), note="", created_at=now, promoted_at=now
        )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0014_guide_of_keeping_customers"),
        ("retention", "0006_seed_offer_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="report",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.attachment",
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="outcome",
            field=models.CharField(
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
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
