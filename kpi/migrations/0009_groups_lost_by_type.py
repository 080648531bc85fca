from django.db import migrations

from kpi.seed import seed_indicators


def forwards(apps, schema_editor):
    """RET-9: groups ported out and groups that left, each a rate of its own."""
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0008_measures_of_retention")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
