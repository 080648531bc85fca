from django.db import migrations

from kpi.seed import seed_indicators


def forwards(apps, schema_editor):
    """KPI-20: alerts handled in time are counted from now on."""
    apps.get_model("kpi", "Indicator").objects.filter(code="F5", measure="").update(measure="warnings_handled")
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0010_policy_coverage")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
