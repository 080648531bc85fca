"""The filters of the enrolments as they stand in the address: read strictly, shown as chips, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from crm.core.addresses import Chip, given_of, unknown_value, without
from crm.core.text import clean_text
from engagement.choices import PolicyKind
from visits.filters import read_id

STATES: dict[str, str | Promise] = {
    "running": gettext_lazy("Enjoyed today"),
    "expiring": gettext_lazy("Ends soon"),
    "unused": gettext_lazy("Not used yet"),
    "planned": gettext_lazy("Not begun yet"),
    "ended": gettext_lazy("Ended"),
}
"""What `engagement.queries.enrolments.STATES` can ask, in words."""
KNOWN = ("state", "policy", "kind", "manager", "unit", "q", "cursor")


@dataclass(frozen=True)
class EnrolmentQuery:
    """What the address asks for."""

    filters: Mapping[str, Any]
    state: str
    search: str
    cursor: str
    chips: tuple[Chip, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but all enrolments is asked for."""
        return bool(self.chips or self.search)


def read_query(params: QueryDict, policies: Mapping[int, str]) -> EnrolmentQuery:
    """Read the address; `policies` are those there are, by id."""
    given = dict(given_of(params, KNOWN))
    filters: dict[str, Any] = {}
    chips: list[Chip] = []
    for name, raw in given.items():
        if name in ("q", "cursor"):
            continue
        conditions, label = _read(name, raw, policies)
        filters |= conditions
        chips.append(Chip(label, without(params, name)))
    search = clean_text(given.get("q", ""), field="q", max_length=50)
    shown = {name: raw for name, raw in given.items() if name != "cursor"}
    return EnrolmentQuery(filters, given.get("state", ""), search, given.get("cursor", ""), tuple(chips), shown)


def _read(name: str, raw: str, policies: Mapping[int, str]) -> tuple[dict[str, Any], str]:
    if name == "state":
        if raw not in STATES:
            raise unknown_value("state")
        return {}, str(STATES[raw])
    if name == "kind":
        if raw not in PolicyKind.values:
            raise unknown_value("kind")
        return {"kind": raw}, str(PolicyKind(raw).label)
    found = read_id(raw, name)
    if name == "policy":
        if found not in policies:
            raise unknown_value("policy")
        return {"policy_id": found}, policies[found]
    if name == "unit":
        if not names.unit_name(found):
            raise unknown_value("unit")
        return {"unit_ids": list(names.subtree(found))}, names.unit_name(found)
    card = names.staff_card(found)
    if card is None:
        raise unknown_value("manager")
    return {"manager_id": found}, f"{_('Manager')}: {card.name}"
