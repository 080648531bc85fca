-- The rows of a bulk call by one upsert into the customers, known by their ids in the source.
INSERT INTO accounts_customer (number, kind, name, pinyin, initials, state, unit_id, manager_id, tier_id, phone,
  other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,
  is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind, service_notes, version,
  created_at, updated_at)
SELECT c.number, t.kind, t.name, c.pinyin, c.initials, 'active', u.id, s.id, r.id, t.phone, '', t.email, t.district,
  t.business_address, '', '', t.market_band, t.monthly_spend, t.joined_on, false, '', '', '', false, t.sim_kind, '',
  1, now(), now()
FROM jsonb_to_recordset($1::jsonb) AS t(external_id text, kind text, name text, unit text, manager text, tier text,
  phone text, email text, district text, business_address text, market_band text, monthly_spend numeric,
  joined_on date, sim_kind text)
JOIN accounts_externalid e ON e.source = 'bench' AND e.external_id = t.external_id
JOIN accounts_customer c ON c.id = e.customer_id
JOIN accounts_unit u ON u.code = t.unit
JOIN accounts_staff s ON s.number = t.manager
JOIN accounts_tier r ON r.kind = t.kind AND r.code = t.tier
ON CONFLICT (number)
DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone, email = EXCLUDED.email, district = EXCLUDED.district,
  monthly_spend = EXCLUDED.monthly_spend, updated_at = EXCLUDED.updated_at
