SELECT * FROM visits_duty WHERE customer_id = $1::bigint ORDER BY due_on DESC LIMIT 24
