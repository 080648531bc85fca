from django.db import migrations
from django.utils import timezone

from kpi.card_seed import seed_scorecards


def forwards(apps, schema_editor):
    """KPI-9, KPI-11, D18: headquarters' version of the running year; KPI-48 is counted from the units' own versions."""
    now = timezone.now()
    models = (apps.get_model("kpi", name) for name in ("ScorecardVersion", "ScorecardLine", "Indicator"))
    seed_scorecards(*models, year=timezone.localdate(now).year, at=now)
    apps.get_model("kpi", "Indicator").objects.filter(code="F38", measure="").update(measure="unit_rules")


class Migration(migrations.Migration):
    dependencies = [("kpi", "0002_seed_indicators")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
