SELECT v.*, s.name FROM visits_visit v JOIN accounts_staff s ON s.id = v.staff_id
WHERE v.customer_id = $1::bigint ORDER BY v.occurred_on DESC, v.id DESC LIMIT 20
