"""Whom a case concerns: its owner, the customer's manager and who covers him, and who stands above (CMP-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

_CONCERNED = """
WITH c AS (
  SELECT k.id, k.owner_id, u.manager_id, k.unit_id, m.supervisor_id
  FROM complaints_case k JOIN accounts_customer u ON u.id = k.customer_id
  LEFT JOIN accounts_staff m ON m.id = u.manager_id WHERE k.id = ANY(%(cases)s)
), boss AS (
  -- The manager's supervisor; without one the nearest head up the tree.
  SELECT c.id, coalesce(
    (SELECT s.id FROM accounts_staff s WHERE s.id = c.supervisor_id AND s.is_active),
    (SELECT h.id FROM accounts_unit u JOIN accounts_unit a ON u.path LIKE a.path || '%%'
      JOIN accounts_staff h ON h.id = a.head_id AND h.is_active
      WHERE u.id = c.unit_id ORDER BY length(a.path) DESC LIMIT 1)) AS staff_id
  FROM c
), told AS (
  SELECT id, owner_id AS staff_id, false AS is_above FROM c WHERE owner_id IS NOT NULL
  UNION ALL SELECT id, manager_id, false FROM c WHERE manager_id IS NOT NULL
  UNION ALL SELECT id, staff_id, true FROM boss WHERE staff_id IS NOT NULL AND %(above)s
  UNION ALL SELECT t.id, v.substitute_id, false FROM (
    SELECT id, owner_id AS absent FROM c UNION SELECT id, manager_id FROM c
    UNION SELECT id, staff_id FROM boss WHERE %(above)s
  ) t JOIN accounts_cover v ON v.absent_id = t.absent AND v.cancelled_at IS NULL
    AND %(today)s BETWEEN v.starts_on AND v.ends_on
)
SELECT DISTINCT t.id, s.user_id FROM told t JOIN accounts_staff s ON s.id = t.staff_id AND s.is_active
WHERE NOT %(only_above)s OR t.is_above
"""
_DIRECTORS = """
SELECT DISTINCT s.user_id FROM accounts_post p JOIN accounts_staff s ON s.id = p.staff_id AND s.is_active
WHERE p.role = 'director' AND (p.starts_on IS NULL OR p.starts_on <= %(today)s)
  AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
"""


def users_concerned(
    case_ids: Collection[int], today: date, *, above: bool, only_above: bool = False
) -> dict[int, list[int]]:
    """Of each case the users to tell; `above` adds who stands above the manager. Nobody at all: the directors."""
    asked: dict[str, Any] = {"cases": list(case_ids), "today": today, "above": above, "only_above": only_above}
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, asked)
        for case_id, user_id in cursor.fetchall():
            found[case_id].append(user_id)
        alone = [case_id for case_id in case_ids if case_id not in found]
        if alone:
            cursor.execute(_DIRECTORS, asked)
            directors = [row[0] for row in cursor.fetchall()]
            found.update(dict.fromkeys(alone, directors))
    return found
