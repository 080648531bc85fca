-- The same with what a record of the API holds.
SELECT p.*, c.number, c.kind, c.name, c.state, c.phone, c.other_phone, c.email, c.district, c.business_address,
       c.credit_code, c.industry, c.market_band, c.monthly_spend, c.joined_on, c.exited_on, c.is_important,
       c.preferred_channel, c.preferred_time, c.no_marketing, c.sim_kind, c.version, c.updated_at, c.unit_id,
       c.manager_id, c.tier_id, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness
FROM (
  SELECT c.xid::text AS x, c.seq, c.tbl, c.row_id, c.op::text AS o, c.at FROM core_change c
  WHERE (c.xid, c.seq) > ($1::xid8, $2::bigint) AND NOT pg_visible_in_snapshot(c.xid, $3::pg_snapshot)
    AND pg_visible_in_snapshot(c.xid, $4::pg_snapshot) AND c.tbl = 'accounts_customer'
  ORDER BY c.xid, c.seq LIMIT 1000) p
JOIN accounts_customer c ON c.id = p.row_id JOIN accounts_standing s ON s.customer_id = c.id
