"""Who may decide something in a unit today: by a post over it, or standing in for somebody with one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.choices import Role
from accounts.queries import names
from accounts.rules.abilities import abilities_of

if TYPE_CHECKING:
    from crm.core.models import User

_SQL = """
WITH held AS (
    SELECT DISTINCT p.staff_id, p.role FROM accounts_unit u JOIN accounts_unit a ON u.path LIKE a.path || '%%'
    JOIN accounts_post p ON p.unit_id = a.id AND (p.starts_on IS NULL OR p.starts_on <= %(today)s)
        AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
    WHERE u.id = %(unit)s
)
SELECT t.user_id FROM held JOIN accounts_staff t ON t.id = held.staff_id AND t.is_active WHERE role = ANY(%(roles)s)
UNION
SELECT t.user_id FROM held JOIN accounts_cover c ON c.absent_id = held.staff_id AND c.cancelled_at IS NULL
    AND %(today)s BETWEEN c.starts_on AND c.ends_on
JOIN accounts_staff t ON t.id = c.substitute_id AND t.is_active WHERE role = ANY(%(deputised)s)
ORDER BY 1
"""


def users_who_may(ability: str, unit_id: int, today: date) -> list[int]:
    """Users who have an ability over a unit today, deputies among them."""
    values: dict[str, Any] = {
        "today": today,
        "unit": unit_id,
        "roles": [role.value for role in Role if ability in abilities_of(role)],
        "deputised": [role.value for role in Role if ability in abilities_of(role, as_deputy=True)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return [row[0] for row in cursor.fetchall()]


def place_of(user: User) -> tuple[int | None, int | None]:
    """(unit, staff row) of a person; nothing for a client's service user."""
    card = names.staff_of(user.pk)
    return (card.unit_id, card.id) if card else (None, None)
