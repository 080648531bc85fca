from django.db import migrations

from kpi.seed import seed_indicators


def forwards(apps, schema_editor):
    """KPI-11, KPI-19…48: the indicators and their first targets."""
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_tables")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
