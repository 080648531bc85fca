"""What a user may see and do today: posts and subtrees, cover, private grant; one statement (PLT-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.choices import Role
from accounts.rules.abilities import READS_ALL, abilities_of, denied_to
from crm.core.abilities import NO_ACCESS, Access
from crm.core.prepared import run
from crm.core.scope import Scope

if TYPE_CHECKING:
    from crm.core.models import User

# One row per post of the person and of those he covers today (chains are not followed), units expanded.
_SQL = """
WITH me AS (
    SELECT s.id, s.employment_form, g.id IS NOT NULL AS is_granted
    FROM accounts_staff s LEFT JOIN accounts_privategrant g ON g.staff_id = s.id
    WHERE s.user_id = %s AND s.is_active
), people AS (
    SELECT id AS staff_id, false AS is_deputy FROM me
    UNION ALL
    SELECT DISTINCT c.absent_id, true FROM accounts_cover c JOIN me ON me.id = c.substitute_id
    WHERE %s BETWEEN c.starts_on AND c.ends_on AND c.cancelled_at IS NULL
)
SELECT me.id, me.employment_form, me.is_granted, p.staff_id, p.is_deputy, o.role,
    CASE WHEN o.role = ANY(%s) OR u.path IS NULL THEN '{}'::bigint[] ELSE ARRAY(
        SELECT d.id FROM accounts_unit d WHERE d.path LIKE u.path || '%%'
    ) END
FROM me CROSS JOIN people p
LEFT JOIN accounts_post o ON o.staff_id = p.staff_id
    AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
LEFT JOIN accounts_unit u ON u.id = o.unit_id
"""
_TYPES = ("bigint", "date", "text[]", "date", "date")
OWN_ONLY = frozenset({"view_kpi"})
"""KPI-12: who covers a colleague sees his customers, not his assessment."""
_READS_ALL = [role.value for role in READS_ALL]


@dataclass(frozen=True, slots=True)
class PostFact:
    """One post that counts today, his own or of somebody he covers."""

    staff_id: int
    is_deputy: bool
    role: str
    unit_ids: tuple[int, ...]


def access_for(user: User, today: date) -> Access:
    """Abilities and scopes of a user on a day (decisions 12); nothing for somebody without a staff row."""
    with connection.cursor() as cursor:
        # Planning costs five times what running does: planned once per connection.
        run(cursor, _SQL, [user.pk, today, _READS_ALL, today, today], _TYPES)
        rows = cursor.fetchall()
    if not rows:
        return NO_ACCESS
    staff_id, employment_form, is_granted = rows[0][:3]
    posts = tuple(PostFact(row[3], row[4], row[5], tuple(row[6])) for row in rows if row[5] is not None)
    return _access(user.pk, staff_id, employment_form, is_granted, posts)


@lru_cache(maxsize=1024)
def _access(user_id: int, staff_id: int, employment_form: str, is_granted: bool, posts: tuple[PostFact, ...]) -> Access:
    """The union of what each post gives, less what the employment form takes away (ORG-23).

    A value made of values: who has the same posts as at his last request has the same access.
    """
    denied = denied_to(employment_form)
    found: dict[str, list[Scope]] = {}
    own: set[int] = set()
    for post in posts:
        if post.role == Role.MANAGER:
            own.add(post.staff_id)
            continue
        scope = Scope.ALL if post.role in READS_ALL else Scope(unit_ids=post.unit_ids)
        for name in abilities_of(post.role, as_deputy=post.is_deputy) - denied:
            found.setdefault(name, []).append(scope)
    if own:
        mine = Scope(manager_ids=tuple(sorted(own)))
        himself = Scope(manager_ids=(staff_id,)) if staff_id in own else Scope.NOTHING
        for name in abilities_of(Role.MANAGER) - denied:
            found.setdefault(name, []).append(himself if name in OWN_ONLY else mine)
        # The grant is for his own customers; a substitute looks nobody's family up (3.3: "own, if granted").
        if is_granted and staff_id in own and "view_private_profile" not in denied:
            found.setdefault("view_private_profile", []).append(Scope(manager_ids=(staff_id,)))
    scopes: dict[str, Any] = {name: Scope.NOTHING.union(*parts) for name, parts in found.items()}
    return Access(
        user_id=user_id,
        staff_id=staff_id,
        abilities=frozenset(scopes),
        scopes=scopes,
        roles=frozenset(post.role for post in posts if not post.is_deputy),
    )
