"""Office time for set-based SQL: the same rule as complaints.rules.clock.OfficeTime, compared by a parity test."""

from django.db import migrations

CREATE = """
CREATE FUNCTION complaints_office_spans(first date, last date)
RETURNS TABLE (day date, opens bigint, closes bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  -- The stretches of office time of these days, in microseconds since midnight.
  SELECT d::date, s.opens, s.closes
  FROM generate_series($1::timestamp, $2::timestamp, interval '1 day') d
  CROSS JOIN LATERAL (
    -- Before the first row its hours held already.
    SELECT h.opens, h.lunch_from, h.lunch_to, h.closes FROM core_officehours h
    ORDER BY h.effective_from <= d::date DESC,
      CASE WHEN h.effective_from <= d::date THEN h.effective_from END DESC, h.effective_from LIMIT 1
  ) h
  CROSS JOIN LATERAL (VALUES
    ((extract(epoch FROM h.opens) * 1000000)::bigint, (extract(epoch FROM coalesce(h.lunch_from, h.closes)) * 1000000)::bigint),
    ((extract(epoch FROM h.lunch_to) * 1000000)::bigint, (extract(epoch FROM h.closes) * 1000000)::bigint)
  ) s (opens, closes)
  WHERE s.opens IS NOT NULL AND core_is_working(d::date)
$$;
CREATE FUNCTION complaints_office_elapsed(a timestamptz, b timestamptz)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  -- Whole seconds of office time; below zero when b is earlier.
  SELECT floor(sign(extract(epoch FROM $2 - $1)) * coalesce(sum(greatest(0,
      least(s.closes, CASE WHEN s.day = w.last::date THEN w.until ELSE s.closes END)
      - greatest(s.opens, CASE WHEN s.day = w.first::date THEN w.since ELSE s.opens END))), 0) / 1000000)::bigint
  FROM (
    SELECT x.first, x.last, (extract(epoch FROM x.first::time) * 1000000)::bigint AS since,
      (extract(epoch FROM x.last::time) * 1000000)::bigint AS until
    FROM (SELECT least($1, $2) AT TIME ZONE 'Asia/Shanghai' AS first, greatest($1, $2) AT TIME ZONE 'Asia/Shanghai' AS last) x
  ) w CROSS JOIN LATERAL complaints_office_spans(w.first::date, w.last::date) s
$$;
CREATE FUNCTION complaints_office_deadline(start timestamptz, seconds bigint)
RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  wall timestamp := start AT TIME ZONE 'Asia/Shanghai';
  today date := wall::date;
  at bigint := (extract(epoch FROM wall::time) * 1000000)::bigint;
  rest bigint := abs(seconds) * 1000000;
  near date := today;
  days integer := 14;
  edge bigint;
  s record;
BEGIN
  IF seconds = 0 THEN RETURN start; END IF;
  WHILE abs(near - today) < 10000 LOOP
    IF seconds > 0 THEN
      FOR s IN SELECT * FROM complaints_office_spans(near, near + days - 1) x ORDER BY x.day, x.opens LOOP
        edge := CASE WHEN s.day = today THEN greatest(s.opens, at) ELSE s.opens END;
        CONTINUE WHEN edge >= s.closes;
        IF rest <= s.closes - edge THEN
          RETURN (s.day::timestamp + (edge + rest) * interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai';
        END IF;
        rest := rest - (s.closes - edge);
      END LOOP;
      near := near + days;
    ELSE
      FOR s IN SELECT * FROM complaints_office_spans(near - days + 1, near) x ORDER BY x.day DESC, x.opens DESC LOOP
        edge := CASE WHEN s.day = today THEN least(s.closes, at) ELSE s.closes END;
        CONTINUE WHEN edge <= s.opens;
        IF rest <= edge - s.opens THEN
          RETURN (s.day::timestamp + (edge - rest) * interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai';
        END IF;
        rest := rest - (edge - s.opens);
      END LOOP;
      near := near - days;
    END IF;
    days := least(days * 2, 400);
  END LOOP;
  RAISE EXCEPTION 'the office does not open any more' USING ERRCODE = 'data_exception';
END
$$;
"""
DROP = """
DROP FUNCTION complaints_office_deadline(timestamptz, bigint);
DROP FUNCTION complaints_office_elapsed(timestamptz, timestamptz);
DROP FUNCTION complaints_office_spans(date, date);
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_seed_reference"), ("core", "0010_guide_texts")]

    operations = [migrations.RunSQL(CREATE, DROP)]
