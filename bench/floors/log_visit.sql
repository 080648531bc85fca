INSERT INTO visits_visit (customer_id, staff_id, manager_id, unit_id, party, channel_id, direction, outcome_id,
  occasion_id, kind, work_class, category, service_kind, occurred_at, occurred_on, logged_at, is_backdated, is_bulk,
  counts, place, content, result, next_step, mood, client_key, logged_from, source, external_id, logged_by_id, version)
SELECT c.id, c.manager_id, c.manager_id, c.unit_id, 'record', 1, 'outbound', 1, 1, 'regular', 'maintenance', 'care',
  'communication', now(), current_date, now(), false, false, true, '', '', '', '', '', gen_random_uuid(), 'form', '',
  '', (SELECT user_id FROM accounts_staff WHERE id = c.manager_id), 1 FROM accounts_customer c WHERE c.id = $1;
UPDATE visits_duty SET state = 'met', met_on = current_date, closed_at = now(),
  met_by_id = (SELECT max(id) FROM visits_visit WHERE customer_id = $1)
  WHERE customer_id = $1 AND state = 'open' AND due_on >= current_date;
UPDATE accounts_standing SET last_visit_on = current_date, duty_state = 'met', is_overdue = false,
  next_due_on = current_date + 30 WHERE customer_id = $1;
INSERT INTO core_change (tbl, row_id, op, actor_label, request_id, after)
  VALUES ('visits_visit', $1, 'I', '', '', '{"customer_id": "1", "content": ""}'),
  ('visits_duty', $1, 'U', '', '', '{"state": "met"}'), ('visits_dialtap', $1, 'U', '', '', '{"visit_id": "1"}')
