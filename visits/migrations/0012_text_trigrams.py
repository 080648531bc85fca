"""Trigrams of characters in SQL: those of pg_trgm leave Chinese out where the server's locale is C.

The parity test compares them with visits.rules.callbacks.
"""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION visits_trigrams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT substr(x.s, i, 3))
  FROM (SELECT regexp_replace(lower($1), '\s', '', 'g') AS s) x, generate_series(1, greatest(length(x.s) - 2, 1)) i
$$;
CREATE FUNCTION visits_similarity(a text[], b text[]) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT c.shared::numeric / (cardinality($1) + cardinality($2) - c.shared)
  FROM (SELECT count(*) AS shared FROM unnest($1) x WHERE x = ANY($2)) c
$$;
"""
DROP = "DROP FUNCTION visits_similarity(text[], text[]); DROP FUNCTION visits_trigrams(text);"


class Migration(migrations.Migration):
    dependencies = [("visits", "0009_lunar_birthdays")]
    operations = [migrations.RunSQL(CREATE, DROP)]
