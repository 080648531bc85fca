-- Rows of the first page for somebody who sees everything, richest first.
SELECT c.id, c.number, c.name, c.kind, c.state, c.tier_id, c.phone, c.unit_id, c.manager_id, c.district,
       c.is_important, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness, s.value
FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id
ORDER BY s.value DESC, s.customer_id DESC LIMIT $1
