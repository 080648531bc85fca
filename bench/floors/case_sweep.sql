UPDATE complaints_caseclock SET breached_at = %(now)s, warned_at = coalesce(warned_at, %(now)s)
WHERE state = 'running' AND breached_at IS NULL AND due_at <= %(now)s;
UPDATE complaints_caseclock SET warned_at = %(now)s
WHERE state = 'running' AND warned_at IS NULL AND warn_at <= %(now)s;
UPDATE complaints_case c SET is_breached = true FROM complaints_caseclock w
WHERE w.case_id = c.id AND w.breached_at = %(now)s AND NOT c.is_breached
