"""The table of the change log: partitioned by month, cursor and history indexes, the owner's digest key."""

from django.contrib.postgres.operations import BtreeGinExtension, BtreeGistExtension, HStoreExtension, TrigramExtension
from django.db import migrations

CREATE = """
CREATE TABLE core_change (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT now(),
  tbl text NOT NULL,
  row_id bigint NOT NULL,
  op "char" NOT NULL,
  actor bigint,
  actor_label text NOT NULL DEFAULT '',
  request_id text NOT NULL DEFAULT '',
  ip inet,
  unit_before bigint,
  unit_after bigint,
  before jsonb,
  after jsonb
) PARTITION BY RANGE (at);
CREATE INDEX core_change_cursor ON core_change (xid, seq);
CREATE INDEX core_change_row ON core_change (tbl, row_id, seq);
CREATE TABLE core_change_default PARTITION OF core_change DEFAULT;
CREATE TABLE core_change_key (id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1), key bytea NOT NULL);
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'crm_app') THEN
    REVOKE ALL ON core_change, core_change_default, core_change_key FROM crm_app;
    GRANT SELECT ON core_change TO crm_app;
  END IF;
END $$;
"""

DROP = """
DROP TABLE core_change, core_change_key;
DROP FUNCTION IF EXISTS core_change_digests(text, bigint, hstore), core_change_make_partitions(integer);
DROP FUNCTION IF EXISTS core_log_insert(), core_log_update(), core_log_delete() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_tables")]

    operations = [
        HStoreExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CREATE, DROP),
    ]
