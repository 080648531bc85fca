from django.db import migrations

from kpi.seed import seed_indicators


def forwards(apps, schema_editor):
    """SAL-23: what was collected of overdue bills is counted from now on (F41)."""
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0011_warnings_handled")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
