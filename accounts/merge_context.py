"""The pages of customers that stand twice: values as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise

from accounts.choices import DuplicateReason
from accounts.field_labels import field_label
from accounts.forms.merging import OTHER, MergeForm
from accounts.models import Customer, CustomerMerge, DuplicatePair
from accounts.queries import names
from accounts.queries.merges import PAGE, FieldPair, can_undo, candidates, chosen, differing, merges, pairs
from accounts.queries.names import TierView
from accounts.rules import PERSON_FIELDS
from crm.core.pages import Keyset
from crm.core.scope import Scope
from crm.core.text import mask_phone

PHONES = frozenset({"phone", "other_phone"})
ORDER = Keyset(("-score", "-id"), PAGE, (int, int))


@dataclass(frozen=True)
class Choice:
    """One field of both, and which value is ticked."""

    name: str
    label: str | Promise
    kept: str
    other: str
    takes_other: bool


@dataclass(frozen=True)
class PairRow:
    """Two customers who may be one, and why."""

    pair: DuplicatePair
    reasons: list[str | Promise]
    first_tier: TierView | None = None
    second_tier: TierView | None = None


@dataclass(frozen=True)
class MergeRow:
    """What was merged, and whether there is a way back."""

    merge: CustomerMerge
    can_undo: bool


def pairs_page(scope: Scope, cursor: str) -> dict[str, Any]:
    """The pairs of a page and the place where the next begins."""
    score, last = ORDER.values(cursor) if cursor else (None, None)
    found = pairs(scope, None if last is None else (score, last))
    shown, following = ORDER.page(found, lambda row: (row.score, row.pk))
    rows = [
        PairRow(pair, [DuplicateReason(code).label for code in pair.reasons], *map(_tier, (pair.first, pair.second)))
        for pair in shown
    ]
    return {"rows": rows, "next_cursor": following}


def merge_rows(scope: Scope, now: datetime) -> list[MergeRow]:
    """What was merged lately."""
    return [MergeRow(row, can_undo(row, now)) for row in merges(scope)]


def choose_context(scope: Scope, ids: Sequence[int], search: str) -> dict[str, Any]:
    """One customer, or none yet, and who may be merged with him."""
    picked = chosen(scope, ids[:1])
    customer = picked[0] if picked else None
    rows = [(row, _tier(row)) for row in candidates(scope, customer, search)]
    return {"customer": customer, "tier": _tier(customer) if customer else None, "rows": rows, "search": search}


def sides(survivor: Customer, merged: Customer) -> dict[str, Any]:
    """Both customers with their tiers."""
    tiers = {"survivor_tier": _tier(survivor), "merged_tier": _tier(merged)}
    return {"survivor": survivor, "merged": merged} | tiers


def _tier(customer: Customer) -> TierView | None:
    return names.tier(customer.tier_id)


def choices(form: MergeForm, survivor: Customer, merged: Customer) -> list[Choice]:
    """The table of fields to choose from."""
    return [
        Choice(
            pair.name, field_label(pair.name), shown(survivor, pair.name, pair.kept),
            shown(merged, pair.name, pair.other), form.chosen(pair) == OTHER,
        )
        for pair in form.pairs
    ]  # fmt: skip


def merge_form(data: Any, survivor: Customer, merged: Customer) -> MergeForm:
    """The form of these two."""
    found: list[FieldPair] = differing(survivor, merged)
    return MergeForm(found, data, initial={"versions": f"{survivor.version}-{merged.version}"})


def shown(customer: Customer, name: str, value: Any) -> str:
    """A value as people read it; phone numbers masked."""
    if value in (None, ""):
        return "–"
    if name in PHONES:
        return mask_phone(str(value))
    holder: Any = getattr(customer, "person", None) if name in PERSON_FIELDS else customer
    display = getattr(holder, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if hasattr(value, "isoformat") and not isinstance(value, datetime):
        return str(date_format(value, "Y-m-d") if hasattr(value, "year") else f"{value:%H:%M}")
    return str(value)
