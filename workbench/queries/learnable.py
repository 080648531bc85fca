"""Required facts that nobody knows yet, offered on the log sheet as one-line inputs (CUS-9, CUS-27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.choices import PreferredChannel, Sex, SimKind
from accounts.field_labels import field_label
from accounts.models import Customer
from accounts.queries.completeness import profile_fill
from accounts.rules import CUSTOMER_FIELDS, PERSON_FIELDS

AT_MOST = 4
GROUPS = ("basic", "preferences")
DATES = frozenset({"birthday", "joined_on"})
CHOICES = {"sex": Sex.choices, "sim_kind": SimKind.choices, "preferred_channel": PreferredChannel.choices}


@dataclass(frozen=True, slots=True)
class Learnable:
    """One such fact."""

    name: str
    label: str
    type: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    errors: tuple[str, ...] = ()


def learnable(customer_id: int, kind: str, *, today: date) -> list[Learnable]:
    """The missing facts of a customer who is already visible; private ones are never asked here."""
    groups = profile_fill(Customer(id=customer_id, kind=kind), today)
    missing = [name for group in groups if group.group in GROUPS for name in group.missing]
    known = {*CUSTOMER_FIELDS, *PERSON_FIELDS}
    return [_one(name) for name in missing if name in known][:AT_MOST]


def _one(name: str) -> Learnable:
    choices = tuple((str(value), str(label)) for value, label in CHOICES.get(name, ()))
    return Learnable(name, field_label(name), "date" if name in DATES else "text", choices)


def learnable_names() -> tuple[str, ...]:
    """Every fact that may come with a sheet."""
    return (*CUSTOMER_FIELDS, *PERSON_FIELDS)
