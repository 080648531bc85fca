from django.db import migrations

from kpi.seed import seed_indicators

MEASURES = {"F6a": "save_attempted", "F6b": "save_succeeded", "F7": "churn_analysed"}


def forwards(apps, schema_editor):
    """KPI-21, KPI-22: save cases and churn analyses are counted from now on."""
    for code, measure in MEASURES.items():
        apps.get_model("kpi", "Indicator").objects.filter(code=code).update(measure=measure)
    seed_indicators(apps.get_model("kpi", "Indicator"), apps.get_model("kpi", "IndicatorTarget"))


class Migration(migrations.Migration):
    dependencies = [("kpi", "0007_day_of_the_full_count")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
