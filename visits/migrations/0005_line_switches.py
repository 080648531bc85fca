"""What is on for which line: the seed, and the same question for set-based SQL as visits.queries.switches."""

from django.db import migrations

from visits.seed import seed_switches

CREATE = """
CREATE FUNCTION visits_is_on(feature text, line text, unit_id bigint, day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((
    SELECT s.is_on FROM visits_lineswitch s LEFT JOIN accounts_unit a ON a.id = s.unit_id
    WHERE s.feature = $1 AND s.line = $2 AND s.effective_from <= $4
      AND (s.unit_id IS NULL OR EXISTS (SELECT FROM accounts_unit u WHERE u.id = $3 AND starts_with(u.path, a.path)))
    ORDER BY length(a.path) DESC NULLS LAST, s.effective_from DESC LIMIT 1), false)
$$;
"""


def forwards(apps, schema_editor):
    """Issue 3: on for the channel line only."""
    seed_switches(apps.get_model("visits", "LineSwitch"))


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_seed_catalogue")]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION visits_is_on(text, text, bigint, date);"),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
