"""The functions of the change log. All run as their owner with a fixed search path; callers cannot switch them off."""

_HEAD = """
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off AS $body$
DECLARE
  p_who bigint := nullif(current_setting('crm.actor', true), '')::bigint;
  p_label text := coalesce(current_setting('crm.label', true), '');
  p_request text := coalesce(current_setting('crm.request', true), '');
  p_address inet := nullif(current_setting('crm.ip', true), '')::inet;
  p_key_only boolean := TG_ARGV[0] = 'key' AND p_label LIKE 'system:%';
  p_excluded text[] := TG_ARGV[1]::text[];
  p_secret text[] := TG_ARGV[2]::text[];
  p_nulls hstore;
BEGIN
"""

_COLUMNS = (
    "INSERT INTO public.core_change"
    " (tbl, row_id, op, actor, actor_label, request_id, ip, unit_before, unit_after, before, after)"
)

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION core_change_digests(tbl text, row_id bigint, vals hstore) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
  -- A keyed digest of each value: equal values of one field of one row can be told, the value itself cannot.
  SELECT coalesce(jsonb_object_agg(v.key, CASE WHEN v.value IS NULL THEN NULL ELSE 'secret:' || encode(
    sha256(k.key || sha256(k.key || convert_to(concat_ws(chr(31), tbl, row_id, v.key, v.value), 'UTF8'))), 'hex') END),
    '{{}}'::jsonb)
  FROM each(vals) v, public.core_change_key k
$body$;

CREATE OR REPLACE FUNCTION core_log_insert() {_HEAD}
  IF NOT EXISTS (SELECT 1 FROM newt) THEN RETURN NULL; END IF;
  -- A bulk load logs keys: the first image of a row is the row of today walked back through its updates (mechanisms A).
  p_key_only := p_key_only OR (SELECT count(*) > 1000 FROM (SELECT FROM newt LIMIT 1001) many);
  IF p_key_only THEN
    {_COLUMNS}
    -- The key alone: looking the unit up would cost more than everything else of the row.
    SELECT TG_TABLE_NAME, n.id, 'I', p_who, p_label, p_request, p_address, NULL, NULL, NULL, NULL FROM newt n;
  ELSIF cardinality(p_secret) > 0 THEN
    {_COLUMNS}
    SELECT TG_TABLE_NAME, n.id, 'I', p_who, p_label, p_request, p_address, NULL, (j.v ->> 'unit_id')::bigint, NULL,
      jsonb_strip_nulls((j.v - p_excluded - p_secret)
        || core_change_digests(TG_TABLE_NAME::text, n.id, slice(hstore(n), p_secret)))
    FROM newt n CROSS JOIN LATERAL (SELECT to_jsonb(n) AS v OFFSET 0) j;
  ELSE
    -- By hstore as in updates: a third of the time of to_jsonb (imports). Columns without a value are left out.
    SELECT hstore(k, array_fill(NULL::text, ARRAY[cardinality(k)])) INTO p_nulls
    FROM (SELECT akeys(hstore(n)) AS k FROM newt n LIMIT 1) x;
    {_COLUMNS}
    SELECT TG_TABLE_NAME, n.id, 'I', p_who, p_label, p_request, p_address,
      NULL, (h.v -> 'unit_id')::bigint, NULL, hstore_to_jsonb(h.v - p_excluded - p_nulls)
    FROM newt n CROSS JOIN LATERAL (SELECT hstore(n) AS v OFFSET 0) h;
  END IF;
  RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION core_log_delete() {_HEAD}
  -- A removed row keeps its whole image even when the system removes it: nothing else remembers it.
  IF NOT EXISTS (SELECT 1 FROM oldt) THEN RETURN NULL; END IF;
  IF cardinality(p_secret) > 0 THEN
    {_COLUMNS}
    SELECT TG_TABLE_NAME, o.id, 'D', p_who, p_label, p_request, p_address, (j.v ->> 'unit_id')::bigint, NULL,
      jsonb_strip_nulls((j.v - p_excluded - p_secret)
        || core_change_digests(TG_TABLE_NAME::text, o.id, slice(hstore(o), p_secret))), NULL
    FROM oldt o CROSS JOIN LATERAL (SELECT to_jsonb(o) AS v OFFSET 0) j;
  ELSE
    {_COLUMNS}
    SELECT TG_TABLE_NAME, o.id, 'D', p_who, p_label, p_request, p_address,
      (j.v ->> 'unit_id')::bigint, NULL, jsonb_strip_nulls(j.v - p_excluded), NULL
    FROM oldt o CROSS JOIN LATERAL (SELECT to_jsonb(o) AS v OFFSET 0) j;
  END IF;
  RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION core_log_update() {_HEAD}
  IF NOT EXISTS (SELECT 1 FROM newt) THEN RETURN NULL; END IF;
  IF p_key_only AND cardinality(p_excluded) = 0 THEN
    {_COLUMNS}
    SELECT TG_TABLE_NAME, n.id, 'U', p_who, p_label, p_request, p_address, NULL, NULL, NULL, NULL
    FROM newt n JOIN oldt o USING (id) WHERE o.* IS DISTINCT FROM n.*;
  ELSE
    {_COLUMNS}
    SELECT TG_TABLE_NAME, d.id, 'U', p_who, p_label, p_request, p_address, d.unit_before, d.unit_after,
      CASE WHEN p_key_only THEN NULL WHEN cardinality(p_secret) = 0 THEN hstore_to_jsonb(d.was)
        ELSE hstore_to_jsonb(d.was - p_secret)
          || core_change_digests(TG_TABLE_NAME::text, d.id, slice(d.was, p_secret)) END,
      CASE WHEN p_key_only THEN NULL WHEN cardinality(p_secret) = 0 THEN hstore_to_jsonb(d.now)
        ELSE hstore_to_jsonb(d.now - p_secret)
          || core_change_digests(TG_TABLE_NAME::text, d.id, slice(d.now, p_secret)) END
    FROM (
      SELECT n.id, (h.o -> 'unit_id')::bigint AS unit_before, (h.n -> 'unit_id')::bigint AS unit_after,
        (h.o - h.n) - p_excluded AS was, (h.n - h.o) - p_excluded AS now
      FROM newt n JOIN oldt o USING (id) CROSS JOIN LATERAL (SELECT hstore(o) AS o, hstore(n) AS n OFFSET 0) h
      WHERE o.* IS DISTINCT FROM n.* OFFSET 0
    ) d WHERE d.now <> ''::hstore;
  END IF;
  RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION core_change_make_partitions(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
  first date; name text; made integer := 0;
BEGIN
  -- This month and the next ones; a month whose rows already lie in the default partition stays there.
  FOR i IN 0 .. least(greatest(ahead, 0), 12) LOOP
    first := (date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => i))::date;
    name := 'core_change_' || to_char(first, 'YYYYMM');
    IF to_regclass('public.' || name) IS NULL AND NOT EXISTS (
      SELECT 1 FROM public.core_change_default
      WHERE at >= first::timestamp AT TIME ZONE 'Asia/Shanghai'
        AND at < (first + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
    ) THEN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.core_change FOR VALUES FROM (%L) TO (%L)', name,
        first::timestamp AT TIME ZONE 'Asia/Shanghai', (first + interval '1 month') AT TIME ZONE 'Asia/Shanghai');
      IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'crm_app') THEN
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, crm_app', name);
      END IF;
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $body$;

REVOKE ALL ON FUNCTION core_change_digests(text, bigint, hstore) FROM PUBLIC;
REVOKE ALL ON FUNCTION core_change_make_partitions(integer) FROM PUBLIC;
"""
