-- Open duties of one manager that are suggested or overdue today, with the customers and the last talk.
SELECT d.id, d.customer_id, d.due_on, d.suggested_on, d.is_introduction, c.name, c.tier_id, c.phone, c.district,
       c.preferred_channel, c.preferred_time, c.service_notes, s.last_visit_on, s.duty_state, s.is_overdue,
       v.content, v.channel_id, v.next_step, v.next_on
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
JOIN accounts_standing s ON s.customer_id = c.id
LEFT JOIN LATERAL (SELECT content, channel_id, next_step, next_on FROM visits_visit
    WHERE customer_id = c.id ORDER BY occurred_on DESC, id DESC LIMIT 1) v ON true
WHERE c.manager_id = ANY($1::bigint[]) AND d.state = 'open' AND (d.suggested_on <= $2::date OR s.is_overdue)
ORDER BY s.is_overdue DESC, d.due_on, d.id
