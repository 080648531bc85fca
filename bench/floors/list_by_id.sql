-- The same rows in the order of ids, as the API hands them out.
SELECT c.id, c.number, c.name, c.kind, c.state, c.tier_id, c.phone, c.unit_id, c.manager_id, c.district,
       c.is_important, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness, s.value
FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id
WHERE s.customer_id > $1::bigint AND c.id > $1::bigint ORDER BY s.customer_id LIMIT $2
