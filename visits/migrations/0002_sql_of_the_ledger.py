"""The ledger's rules that sweeps need inside SQL, and room in the rows that every night updates.

The parity tests compare these functions with accounts.rules and visits.rules.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION visits_period_start(period text, day date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE $1
    WHEN 'month' THEN date_trunc('month', $2::timestamp)
    WHEN 'quarter' THEN date_trunc('quarter', $2::timestamp)
    WHEN 'half' THEN date_trunc('year', $2::timestamp) + make_interval(months => (extract(month FROM $2)::int - 1) / 6 * 6)
    WHEN 'year' THEN date_trunc('year', $2::timestamp)
  END::date
$$;
CREATE FUNCTION visits_period_end(period text, day date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (visits_period_start($1, $2)::timestamp + make_interval(months =>
    CASE $1 WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'half' THEN 6 ELSE 12 END))::date - 1
$$;
CREATE FUNCTION visits_birthday_in(birthday date, year integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- 29 February: the day before 1 March, which is the 28th in common years.
  SELECT CASE WHEN extract(month FROM $1) = 2 AND extract(day FROM $1) = 29 THEN make_date($2, 3, 1) - 1
    ELSE make_date($2, extract(month FROM $1)::int, extract(day FROM $1)::int) END
$$;
CREATE FUNCTION visits_next_birthday(birthday date, day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN visits_birthday_in($1, extract(year FROM $2)::int) >= $2
    THEN visits_birthday_in($1, extract(year FROM $2)::int)
    ELSE visits_birthday_in($1, extract(year FROM $2)::int + 1) END
$$;
ALTER TABLE visits_duty SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
"""
DROP = """
ALTER TABLE visits_duty RESET (fillfactor, autovacuum_vacuum_scale_factor);
DROP FUNCTION visits_next_birthday(date, date);
DROP FUNCTION visits_birthday_in(date, integer);
DROP FUNCTION visits_period_end(text, date);
DROP FUNCTION visits_period_start(text, date);
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_tables")]

    operations = [migrations.RunSQL(CREATE, DROP)]
