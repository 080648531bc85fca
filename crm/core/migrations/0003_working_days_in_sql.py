"""Working days for set-based SQL: the same rule as crm.core.rules.Calendar."""

from django.db import migrations

CREATE = """
CREATE FUNCTION core_is_working(day date) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT w.kind = 'makeup' FROM core_workday w WHERE w.date = $1), extract(isodow FROM $1) < 6)
$$;
CREATE FUNCTION core_next_working(day date) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT d::date FROM generate_series($1::timestamp, $1::timestamp + interval '60 days', interval '1 day') d
  WHERE core_is_working(d::date) ORDER BY d LIMIT 1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_change_log")]

    operations = [
        migrations.RunSQL(
            CREATE, "DROP FUNCTION core_next_working(date); DROP FUNCTION core_is_working(date);"
        )
    ]
