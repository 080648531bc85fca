-- A page of 1,000 customers by id, with what a record of the API holds.
SELECT c.id, c.number, c.kind, c.name, c.state, c.phone, c.other_phone, c.email, c.district, c.business_address,
       c.credit_code, c.industry, c.market_band, c.monthly_spend, c.joined_on, c.exited_on, c.is_important,
       c.preferred_channel, c.preferred_time, c.no_marketing, c.sim_kind, c.version, c.updated_at, c.unit_id,
       c.manager_id, c.tier_id, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness
FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id
WHERE s.customer_id > $1::bigint AND c.id > $1::bigint ORDER BY s.customer_id LIMIT $2
