from django.db import migrations

from accounts.seed import seed_required_fields, seed_tiers


def forwards(apps, schema_editor):
    """CUS-1, CUS-3: the three VIP tiers and five levels for groups and channels; CUS-27: the first policy."""
    seed_tiers(apps.get_model("accounts", "Tier"), apps.get_model("accounts", "TierRule"))
    seed_required_fields(apps.get_model("accounts", "RequiredField"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_numbers_and_storage")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
