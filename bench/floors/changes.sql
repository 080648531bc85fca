-- A page of 1,000 rows of the change log between two snapshots, with its keys and the customers it is about.
SELECT p.*, c.unit_id FROM (
  SELECT c.xid::text AS x, c.seq, c.tbl, c.row_id, c.op::text AS o, c.at FROM core_change c
  WHERE (c.xid, c.seq) > ($1::xid8, $2::bigint) AND NOT pg_visible_in_snapshot(c.xid, $3::pg_snapshot)
    AND pg_visible_in_snapshot(c.xid, $4::pg_snapshot) AND c.tbl = 'accounts_customer'
  ORDER BY c.xid, c.seq LIMIT 1000) p JOIN accounts_customer c ON c.id = p.row_id
