SELECT * FROM accounts_contactperson WHERE customer_id = $1::bigint ORDER BY id
