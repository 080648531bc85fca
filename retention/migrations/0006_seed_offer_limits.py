from django.db import migrations

from retention.seed import seed_offer_limits


def forwards(apps, schema_editor):
    """RET-7: what a manager may offer a customer of each tier without asking."""
    seed_offer_limits(apps.get_model("retention", "OfferLimit"), apps.get_model("accounts", "Tier"))


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_seed_competitors"), ("accounts", "0003_seed_tiers")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
