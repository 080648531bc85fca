from django.db import migrations

from retention.seed import seed_competitors


def forwards(apps, schema_editor):
    """RET-14: China Telecom, China Unicom, China Broadnet, other."""
    seed_competitors(apps.get_model("retention", "Competitor"))


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_tables")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
