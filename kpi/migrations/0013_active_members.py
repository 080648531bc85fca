from django.db import migrations

from kpi.seed import seed_indicators


def forwards(apps, schema_editor):
    """SAL-6: the share of members that use what their group subscribed to."""
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0012_arrears_collected")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
