"""What a source may write of the customers at hand: its own fields, and those that nobody owns (sync-api "Writing")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.actions.wishes import Wish
from accounts.models import OwnedField
from accounts.rules.ownership import Verdict, as_text, owned_name, verdict

_WHO_KNOWS = "SELECT customer_id, source FROM accounts_externalid WHERE customer_id = ANY(%s) AND source = ANY(%s)"
_WAITING = "SELECT customer_id, field, source_value, own_value FROM accounts_learnedfact WHERE customer_id = ANY(%s)"
Pair = tuple[str, str]
"""What the source says, and what a person put beside it."""


@dataclass(frozen=True)
class Ground:
    """Who owns which field, which owners know the customers, and what people put beside the owners' word."""

    source: str
    owners: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[int, Collection[str]] = field(default_factory=dict)
    waiting: Mapping[int, Mapping[str, Pair | None]] = field(default_factory=dict)

    def is_shared(self, customer_id: int) -> bool:
        """Whether another source that owns a field knows the customer."""
        return bool(self.known.get(customer_id))

    def strangers(self, customer_id: int, names: Iterable[str]) -> set[str]:
        """Those of the fields that another source owns, which knows the customer."""
        knows = self.known.get(customer_id, ())
        owner = {name: self.owners.get(owned_name(name)) for name in names} if knows else {}
        return {name for name, source in owner.items() if source not in (None, self.source) and source in knows}

    def heed(self, customer_id: int, wish: Wish) -> set[str]:
        """Take out of a wish what the owner only repeats although a person corrected it; answers these fields."""
        kept = set()
        for name, pair in self.waiting.get(customer_id, {}).items():
            if pair is None or self.owners.get(name) != self.source:
                continue
            for values in (wish.columns, wish.person):
                if name in values and self.verdict(values[name], pair) == Verdict.KEPT:
                    del values[name]
                    kept.add(name)
        return kept

    @staticmethod
    def verdict(told: Any, pair: Pair) -> Verdict:
        """The rule, on values as they are stored."""
        return verdict(as_text(told), source_value=pair[0], own_value=pair[1])


def ground_of(customer_ids: Collection[int], source: str) -> Ground:
    """What decides whether the words of a source count; two statements, three where another source owns something."""
    if not customer_ids:
        return Ground(source)
    owners = dict(OwnedField.objects.values_list("field", "source"))
    known: dict[int, set[str]] = {}
    waiting: dict[int, dict[str, Pair | None]] = {}
    others, ids = set(owners.values()) - {source}, list(customer_ids)
    with connection.cursor() as db:
        if others:
            db.execute(_WHO_KNOWS, [ids, list(others)])
            for customer_id, other in db.fetchall():
                known.setdefault(customer_id, set()).add(other)
        db.execute(_WAITING, [ids])
        for customer_id, name, told, own in db.fetchall():
            pair = None if told is None else (told, own or "")
            waiting.setdefault(customer_id, {})[name] = pair
    return Ground(source, owners, known, waiting)


def without(values: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """A body without these fields, those of the person included."""
    if not names:
        return values
    left = {name: value for name, value in values.items() if name not in names}
    if isinstance(left.get("person"), Mapping):
        left["person"] = {name: value for name, value in left["person"].items() if name not in names}
    return left
