-- Open duties of one manager that are suggested by today or overdue, with their customers.
SELECT d.id, d.customer_id, d.due_on, d.suggested_on, d.is_introduction, c.name, c.tier_id, c.phone, c.district,
       c.preferred_channel, c.preferred_time, c.service_notes, s.last_visit_on, s.duty_state, s.is_overdue
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
JOIN accounts_standing s ON s.customer_id = c.id
WHERE d.manager_id = ANY($1::bigint[]) AND d.state = 'open' AND d.suggested_on <= $2::date
ORDER BY d.due_on, d.id
