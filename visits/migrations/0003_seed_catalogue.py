from django.db import migrations

from visits.seed import seed_catalogue


def forwards(apps, schema_editor):
    """CON-5, CON-6, CON-8, CON-9: channels, outcomes, occasions and what counts."""
    models = [apps.get_model("visits", name) for name in ("Channel", "Outcome", "Occasion", "CountingRule")]
    seed_catalogue(*models)


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_sql_of_the_ledger")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
