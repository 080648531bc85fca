"""Does what one chunk of an import calls for, in the caller's transaction: rows by SQL, deeds by accounts' actions.

Tiers, managers and standings have one writer each, in `accounts.actions`; they carry duties and tasks along.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actions.assignments import move
from accounts.actions.standing import create_standings, ensure_standings, refresh_completeness
from accounts.actions.tiers import set_tiers
from accounts.followers import follow
from accounts.models import Customer
from sync.imports.statements import Statements

if TYPE_CHECKING:
    from crm.core.models import User

_LOCK = (
    "SELECT 1 FROM accounts_customer WHERE id IN (SELECT customer_id FROM import_work"
    " WHERE action = 'updated' OR is_lower) ORDER BY id FOR NO KEY UPDATE"
)
_CREATED = "SELECT customer_id FROM import_work WHERE action = 'created'"
_UPDATED = (
    "SELECT customer_id, has_plain, has_plain OR has_person OR has_state, has_state OR has_moved FROM import_work"
    " WHERE action = 'updated'"
)
_TIERS = "SELECT customer_id, tier_id FROM import_work WHERE action = 'updated' AND has_tier"
_MANAGERS = (
    "SELECT manager_id, array_agg(customer_id ORDER BY customer_id) FROM import_work"
    " WHERE action = 'updated' AND has_manager GROUP BY manager_id ORDER BY manager_id"
)
# CUS-4: an active customer keeps his tier until a supervisor has decided; a wish that was refused is not asked again.
_PROPOSE = (
    "INSERT INTO accounts_tierproposal (customer_id, from_tier_id, to_tier_id, source, reason, proposed_by_id,"
    " proposed_at, state, remark)"
    " SELECT w.customer_id, c.tier_id, w.tier_id, %(source)s, %(reason)s, %(by)s, %(now)s, 'open', ''"
    " FROM import_work w JOIN accounts_customer c ON c.id = w.customer_id"
    " WHERE w.is_lower AND w.action IN ('updated', 'unchanged') AND NOT EXISTS (SELECT 1 FROM accounts_tierproposal r"
    " WHERE r.customer_id = w.customer_id AND r.source = %(source)s AND r.state = 'refused'"
    " AND r.from_tier_id = c.tier_id AND r.to_tier_id IS NOT DISTINCT FROM w.tier_id)"
    " ON CONFLICT (customer_id) WHERE state = 'open' DO UPDATE SET from_tier_id = excluded.from_tier_id,"
    " to_tier_id = excluded.to_tier_id, source = excluded.source, reason = excluded.reason,"
    " proposed_by_id = excluded.proposed_by_id, proposed_at = excluded.proposed_at"
    " WHERE (accounts_tierproposal.from_tier_id, accounts_tierproposal.to_tier_id)"
    " IS DISTINCT FROM (excluded.from_tier_id, excluded.to_tier_id)"
)


def carry_out(statements: Statements, *, by: User | None, now: datetime, today: date, opens_duties: bool) -> None:
    """Create and change the customers of `import_work`; `import_named` holds the new names.

    `opens_duties`: new customers are owed contact at once; otherwise the coming night opens what is owed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        created = _create(cursor, statements)
        updated = _update(cursor, statements)
    changed = [customer_id for customer_id, *_flags in updated]
    plain = [customer_id for customer_id, has_plain, _record, _stated in updated if has_plain]
    stated = [customer_id for customer_id, _plain, _record, is_stated in updated if is_stated]
    stated += created if opens_duties else []
    if created:
        create_standings(created, today=today)
    if plain:
        ensure_standings(plain)
    _change_tiers(statements, by=by, now=now, today=today)
    _change_managers(by=by, now=now)
    if changed:
        refresh_completeness(changed, today=today)
    if stated:
        follow("STATE_FOLLOWERS", customer_ids=stated, today=today, now=now)


def _create(cursor: Any, statements: Statements) -> list[int]:
    cursor.execute(_CREATED)
    created = [row[0] for row in cursor.fetchall()]
    if created:
        cursor.execute(statements.insert_customers(), statements.given)
        for statement in statements.insert_side_rows():
            cursor.execute(statement, statements.given)
        if statements.person:
            cursor.execute(statements.insert_persons(), statements.given)
    return created


def _update(cursor: Any, statements: Statements) -> list[tuple[int, bool, bool, bool]]:
    cursor.execute(_UPDATED)
    updated: list[tuple[int, bool, bool, bool]] = cursor.fetchall()
    if any(record for _id, _plain, record, _stated in updated):
        cursor.execute(statements.update_customers(), statements.given)
    if updated and statements.person:
        cursor.execute(statements.update_persons(), statements.given)
    return updated


def _change_tiers(statements: Statements, *, by: User | None, now: datetime, today: date) -> None:
    """Better tiers at once; worse ones as proposals."""
    if "tier" not in statements.names:
        return
    reason = _("Import from %(source)s") % {"source": statements.source}
    with connection.cursor() as cursor:
        cursor.execute(_TIERS)
        tiers = dict(cursor.fetchall())
        cursor.execute(_PROPOSE, {**statements.given, "reason": reason})
    set_tiers(tiers, reason=reason, effective_on=today, by=by, now=now)


def _change_managers(*, by: User | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MANAGERS)
        groups = cursor.fetchall()
    for manager_id, customer_ids in groups:
        customers = list(Customer.unscoped.filter(pk__in=customer_ids).only("id", "manager_id", "unit_id", "kind"))
        move(customers, manager_id, reason=_("Import"), handover_id=None, introducing=True, by=by, now=now)
