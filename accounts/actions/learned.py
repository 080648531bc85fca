"""What people learn of a customer must reach the system that gave him his id (CUS-10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import LearnedFact
from accounts.rules.ownership import SHARED, as_text

if TYPE_CHECKING:
    from crm.core.models import User

# Beside a field that a source owns stand both values (待核实); the oldest moment and the source's word stay.
_NOTE = """
INSERT INTO accounts_learnedfact (customer_id, field, learned_at, source_value, own_value)
SELECT %(customer)s, u.f, %(now)s, CASE WHEN o.id IS NOT NULL THEN u.b END, CASE WHEN o.id IS NOT NULL THEN u.a END
FROM unnest(%(fields)s::text[], %(before)s::text[], %(after)s::text[]) AS u(f, b, a)
LEFT JOIN accounts_ownedfield o ON o.field = u.f AND EXISTS (
  SELECT 1 FROM accounts_externalid e WHERE e.customer_id = %(customer)s AND e.source = o.source)
WHERE EXISTS (SELECT 1 FROM accounts_externalid e WHERE e.customer_id = %(customer)s)
ON CONFLICT (customer_id, field) DO UPDATE SET own_value = excluded.own_value
WHERE accounts_learnedfact.source_value IS NOT NULL
"""
_AS_BEFORE = """
DELETE FROM accounts_learnedfact
WHERE customer_id = %(customer)s AND field = ANY(%(fields)s) AND source_value = own_value
"""


def note_learned(*, customer_id: int, changes: Mapping[str, tuple[Any, Any]], by: User | None, now: datetime) -> None:
    """CUS-10: a person changed these fields (before, after) of a customer whom another system knows.

    Who puts a field back to what its owner says has corrected nothing.
    """
    learned = sorted(SHARED.intersection(changes))
    if not learned or by is None or by.is_service:
        return
    given: dict[str, Any] = {
        "customer": customer_id,
        "now": now,
        "fields": learned,
        "before": [as_text(changes[name][0]) for name in learned],
        "after": [as_text(changes[name][1]) for name in learned],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, given)
        cursor.execute(_AS_BEFORE, given)


def take_over(told: Mapping[int, Collection[str]], waiting: Mapping[int, Collection[str]]) -> None:
    """The source has told these fields of these customers, new or as they stand: nothing of them waits any more."""
    done = {customer_id: names & set(told.get(customer_id, ())) for customer_id, names in _sets(waiting).items()}
    done = {customer_id: names for customer_id, names in done.items() if names}
    if not done:
        return
    rows = LearnedFact.unscoped.filter(customer_id__in=done).values_list("pk", "customer_id", "field")
    known = [pk for pk, customer_id, name in rows if name in done[customer_id]]
    LearnedFact.unscoped.filter(pk__in=known).delete()


def _sets(found: Mapping[int, Collection[str]]) -> dict[int, set[str]]:
    return {customer_id: set(names) for customer_id, names in found.items()}


def fields_told(values: Mapping[str, Any]) -> set[str]:
    """The fields a body or a form names, those of the person included."""
    return {*values, *(values.get("person") or {})}
