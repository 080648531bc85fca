-- Part of a name: at most 1,000 candidates by the name's bigrams, then the richest of them.
WITH found AS MATERIALIZED (SELECT id FROM accounts_customer WHERE name_tokens @@ $1::tsquery LIMIT 1000)
SELECT c.id, c.number, c.name, c.kind, c.state, c.tier_id, c.phone, c.unit_id, c.manager_id, c.district,
       c.is_important, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness, s.value
FROM found f JOIN accounts_customer c ON c.id = f.id JOIN accounts_standing s ON s.customer_id = c.id
ORDER BY s.value DESC, s.customer_id DESC LIMIT $2
