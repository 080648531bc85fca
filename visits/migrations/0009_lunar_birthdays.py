"""Lunar birthdays in SQL: the first days of the lunar months, and the next birthday of either calendar.

The parity test compares the function with `visits.rules.next_birthday`.
"""

from typing import Any

from django.db import migrations

CREATE = """
CREATE TABLE visits_lunarmonth (
  year smallint NOT NULL, month smallint NOT NULL, first_day date NOT NULL, days smallint NOT NULL,
  PRIMARY KEY (month, year)
);
CREATE FUNCTION visits_next_birthday(birthday date, is_lunar boolean, day date) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 THEN coalesce((
      SELECT min(x.kept) FROM (
        SELECT m.first_day + least(extract(day FROM $1)::int, m.days) - 1 AS kept FROM visits_lunarmonth m
        WHERE m.month = extract(month FROM $1)::int
          AND m.year BETWEEN extract(year FROM $3)::int - 1 AND extract(year FROM $3)::int + 1
      ) x WHERE x.kept >= $3
    ), visits_next_birthday($1, $3)) ELSE visits_next_birthday($1, $3) END
$$;
"""
DROP = """
DROP FUNCTION visits_next_birthday(date, boolean, date);
DROP TABLE visits_lunarmonth;
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The months of the calendar the rule knows."""
    from visits.rules.lunar import lunar_months

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visits_lunarmonth (year, month, first_day, days)"
            " SELECT * FROM unnest(%s::smallint[], %s::smallint[], %s::date[], %s::smallint[])",
            [list(column) for column in zip(*lunar_months(), strict=True)],
        )


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_line_switches")]

    operations = [migrations.RunSQL(CREATE, DROP), migrations.RunPython(fill, migrations.RunPython.noop)]
