"""Whose word counts about a field that a source owns: one rule for upsert, bulk and file (sync-api "Trust").

A person's correction of an owned field stands beside what the source says until the source has spoken anew.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.rules.customers import CUSTOMER_FIELDS, PERSON_FIELDS

STAYS_HERE = frozenset({"service_notes"})
"""Notes of the managers for each other; no source has them."""
SHARED = frozenset({*CUSTOMER_FIELDS, *PERSON_FIELDS}) - STAYS_HERE
"""What a person may learn of a customer and a source may tell."""
DECIDED = ("kind", "state", "unit", "manager", "tier")
"""What is decided rather than learned: a source owns it against other sources; people decide it by their deeds."""
OWNABLE: tuple[str, ...] = (*(name for name in (*CUSTOMER_FIELDS, *PERSON_FIELDS) if name in SHARED), *DECIDED)


class Verdict(StrEnum):
    """What becomes of a value that the owner tells while a correction stands beside his last word."""

    KEPT = "kept"  # the unchanged old value: the correction stays and still waits
    CONFIRMED = "confirmed"  # the source says the same by now
    OVERRULED = "overruled"  # the source says something third, which counts


def verdict(told: str, *, source_value: str, own_value: str) -> Verdict:
    """Compare what the owner tells with what he said last and with what a person put beside it.

    >>> verdict("139", source_value="138", own_value="139").value
    'confirmed'
    """
    if told == own_value:
        return Verdict.CONFIRMED
    return Verdict.KEPT if told == source_value else Verdict.OVERRULED


def as_text(value: Any) -> str:
    """A stored value in its one written form, the form PostgreSQL gives it as well; nothing is "".

    >>> as_text(Decimal("12")), as_text(True), as_text(None)
    ('12.00', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def owned_name(name: str) -> str:
    """A key of a body as the field it speaks of: `manager_id` is the manager."""
    return name.removesuffix("_id")
