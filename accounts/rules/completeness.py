"""Completeness of a profile against the required-field policy (CUS-9, CUS-27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.choices import CustomerKind

GROUPS: tuple[str, ...] = ("basic", "preferences", "private", "contacts")

_PERSON_FIELDS: dict[str, tuple[str, ...]] = {
    "basic": ("name", "phone", "email", "district", "business_address", "joined_on", "sex", "birthday", "sim_kind"),
    "preferences": (
        "preferred_channel",
        "preferred_time",
        "personality",
        "sports",
        "reward_preference",
        "service_notes",
    ),
    "private": (
        "home_address",
        "id_number",
        "occupation",
        "employer",
        "position",
        "family_background",
        "family",
        "consent_on",
    ),
    "contacts": (),
}
_COMPANY_FIELDS: dict[str, tuple[str, ...]] = {
    "basic": ("name", "phone", "email", "district", "business_address", "credit_code", "industry", "joined_on"),
    "preferences": ("preferred_channel", "preferred_time", "service_notes"),
    "private": (),
    "contacts": ("contact_person", "leader", "decision_maker", "telecom_admin"),
}
FIELDS_OF_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    CustomerKind.VIP.value: _PERSON_FIELDS,
    CustomerKind.ORDINARY.value: _PERSON_FIELDS,
    CustomerKind.GROUP.value: _COMPANY_FIELDS,
    CustomerKind.CHANNEL.value: {
        **_COMPANY_FIELDS,
        "basic": (*_COMPANY_FIELDS["basic"], "licence_no", "licence_until"),
    },
}
"""Which fields headquarters may require, by customer kind and profile group."""


@dataclass(frozen=True, slots=True)
class GroupFill:
    """How far one profile group is filled."""

    group: str
    filled: int
    required: int
    missing: tuple[str, ...] = ()

    @property
    def per_cent(self) -> int:
        """In per cent."""
        return completeness(self.filled, self.required)


def completeness(filled: int, required: int) -> int:
    """Per cent of the required fields that are filled, rounded down; nothing required is complete (CUS-9).

    >>> completeness(5, 10)
    50
    """
    return 100 if required <= 0 else filled * 100 // required


def group_of(kind: str, field: str) -> str | None:
    """The profile group a field belongs to for a kind of customer."""
    for group, names in FIELDS_OF_KIND.get(kind, {}).items():
        if field in names:
            return group
    return None


def fill_by_group(required: Mapping[str, str], filled: frozenset[str]) -> list[GroupFill]:
    """Fill of each group from required fields (field → group) and the fields that hold something."""
    found = []
    for group in GROUPS:
        names = [name for name, of in required.items() if of == group]
        missing = tuple(name for name in names if name not in filled)
        found.append(GroupFill(group, len(names) - len(missing), len(names), missing))
    return found
