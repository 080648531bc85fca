from django.db import migrations
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
    dependencies = [("retention", "0006_seed_offer_limits"), ("core", "0013_desk_guide_texts")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
