"""Since when facts learned here wait for their source, and what stands beside the word of a field's owner (CUS-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.field_labels import field_label
from accounts.models import LearnedFact, OwnedField
from accounts.queries.external_ids import known_sources
from accounts.rules.ownership import OWNABLE
from crm.core import parameters, working_days
from crm.core.prepared import run
from crm.core.text import mask_phone

PHONES = frozenset({"phone", "other_phone"})


def waiting_too_long(today: date) -> datetime:
    """A fact learned before this moment has waited longer than the source may take: so many full working days."""
    days = int(parameters.value("sync_days", today))
    return timezone.make_aware(datetime.combine(working_days.calendar().add(today, -days), time.min))


_CORRECTIONS = """
SELECT customer_id, field, coalesce(own_value, ''), source_value, learned_at FROM accounts_learnedfact
WHERE customer_id = ANY(%s) AND source_value IS NOT NULL ORDER BY field
"""


def corrections_of(customer_ids: Sequence[int], *, is_masked: bool) -> dict[int, dict[str, dict[str, Any]]]:
    """What people put beside the word of a field's owner, by customer and field: to be confirmed (sync-api)."""
    if not customer_ids:
        return {}
    found: dict[int, dict[str, dict[str, Any]]] = {}
    with connection.cursor() as db:
        run(db, _CORRECTIONS, ["{" + ",".join(map(str, customer_ids)) + "}"], ("bigint[]",))
        rows = db.fetchall()
    for customer_id, name, value, told, since in rows:
        if is_masked and name in PHONES:
            value, told = mask_phone(value), mask_phone(told)
        found.setdefault(customer_id, {})[name] = {
            "value": value or None, "source_value": told or None, "since": since.isoformat(),
        }  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class FieldOwner:
    """A field of customers and the source that owns it."""

    field: str
    label: str
    source: str
    waiting: int


def field_owners() -> list[FieldOwner]:
    """Every field that a source may own, with its owner and how many corrections wait for him."""
    owners = dict(OwnedField.objects.values_list("field", "source"))
    waiting: dict[str, int] = {}
    for name in LearnedFact.unscoped.filter(source_value__isnull=False).values_list("field", flat=True):
        waiting[name] = waiting.get(name, 0) + 1
    return [FieldOwner(name, str(_label(name)), owners.get(name, ""), waiting.get(name, 0)) for name in OWNABLE]


def sources_to_own() -> list[str]:
    """Sources that have given ids, or own something already."""
    return sorted({*known_sources(), *OwnedField.objects.values_list("source", flat=True)})


def owner_names(fields: Iterable[str]) -> dict[str, str]:
    """Who owns these fields."""
    return dict(OwnedField.objects.filter(field__in=list(fields)).values_list("field", "source"))


def _label(name: str) -> str:
    return field_label(f"{name}_id" if name in ("unit", "manager", "tier") else name)
