SELECT c.*, s.*, p.* FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN accounts_personprofile p ON p.customer_id = c.id WHERE c.id = $1::bigint
