from django.db import migrations

from engagement.seed import seed_policies


def forwards(apps, schema_editor):
    """ENG-6: four service policies; marketing and special care to offer (RET-7)."""
    seed_policies(apps.get_model("engagement", "ServicePolicy"), apps.get_model("accounts", "Tier"))


class Migration(migrations.Migration):
    dependencies = [("engagement", "0001_tables"), ("accounts", "0003_seed_tiers")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
