from django.db import migrations

from complaints.seed import seed_office_hours, seed_reference


def forwards(apps, schema_editor):
    """CMP-2, CMP-16…26, SAL-18: categories, order types, targets, phrases; office hours."""
    names = ("Category", "OrderType", "SlaRule", "ServicePhrase")
    seed_reference(*(apps.get_model("complaints", name) for name in names), apps.get_model("accounts", "Tier"))
    seed_office_hours(apps.get_model("core", "OfficeHours"))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_tables"), ("accounts", "0003_seed_tiers"), ("core", "0010_guide_texts")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
