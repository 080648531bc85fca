"""Deleted rows are found by what they belonged to, without reading the whole log of their table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0003_working_days_in_sql")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX core_change_deleted ON core_change (tbl, seq) WHERE op = 'D'",
            "DROP INDEX core_change_deleted",
        )
    ]
