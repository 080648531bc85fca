-- The ids elsewhere of those customers.
SELECT customer_id, source, external_id FROM accounts_externalid
WHERE customer_id > $1::bigint AND customer_id <= $1::bigint + $2
