-- The ring: what is owed and met this month.
SELECT d.state, count(*) FROM visits_duty d
WHERE d.manager_id = ANY($1::bigint[]) AND d.due_on BETWEEN date_trunc('month', $2::date) AND $2::date + 92
GROUP BY 1
