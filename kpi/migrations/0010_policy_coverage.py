from django.db import migrations


def forwards(apps, schema_editor):
    """KPI-34: the coverage of service policies is counted from now on."""
    apps.get_model("kpi", "Indicator").objects.filter(code="F21", measure="").update(measure="policy_coverage")


class Migration(migrations.Migration):
    dependencies = [("kpi", "0009_groups_lost_by_type")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
