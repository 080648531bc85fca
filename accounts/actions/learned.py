"""What people learn of a customer must reach the system that gave him his id (CUS-10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import LearnedFact
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS

if TYPE_CHECKING:
    from crm.core.models import User

STAYS_HERE = frozenset({"service_notes"})
"""Notes of the managers for each other; no source has them."""
SHARED = frozenset({*CUSTOMER_FIELDS, *PERSON_FIELDS}) - STAYS_HERE

_NOTE = """
INSERT INTO accounts_learnedfact (customer_id, field, learned_at)
SELECT %s, f, %s FROM unnest(%s::text[]) AS f
WHERE EXISTS (SELECT 1 FROM accounts_externalid e WHERE e.customer_id = %s)
ON CONFLICT (customer_id, field) DO NOTHING
"""


def note_learned(*, customer_id: int, fields: Iterable[str], by: User | None, now: datetime) -> None:
    """CUS-10: a person changed these fields of a customer whom another system knows; the oldest moment stays."""
    learned = sorted(SHARED.intersection(fields))
    if not learned or by is None or by.is_service:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [customer_id, now, learned, customer_id])


def take_over(told: Mapping[int, Collection[str]]) -> None:
    """The source has told these fields of these customers, new or as they stand: nothing of them waits any more."""
    rows = LearnedFact.unscoped.filter(customer_id__in=told).values_list("pk", "customer_id", "field")
    known = [pk for pk, customer_id, name in rows if name in told[customer_id]]
    if known:
        LearnedFact.unscoped.filter(pk__in=known).delete()


def fields_told(values: Mapping[str, Any]) -> set[str]:
    """The fields a body or a form names, those of the person included."""
    return {*values, *(values.get("person") or {})}
