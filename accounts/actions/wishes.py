"""What a form, a body or a learned fact wants of a customer: values checked, codes looked up, nothing written yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind, CustomerState
from accounts.models import Customer
from accounts.queries import names
from accounts.rules import PERSON_FIELDS, check_customer, check_person
from accounts.rules import fields as f
from crm.core.errors import FieldProblem, Invalid

REFERENCES: frozenset[str] = frozenset(
    {
        "kind", "state", "exited_on", "unit", "unit_id", "manager", "manager_id", "tier", "tier_id", "group_id",
        "person",
    }
)  # fmt: skip
"""Keys beside the plain fields: `unit`, `manager`, `tier` are code, staff number, code; the `_id` forms are ids."""

_KIND, _STATE = f.choice(CustomerKind, blank=False), f.choice(CustomerState, blank=False)
GONE = (CustomerState.CHURNED, CustomerState.EXITED)


@dataclass
class Wish:
    """What is wanted of one customer; references are set only when they were given."""

    columns: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    references: dict[str, int | None] = field(default_factory=dict)  # unit_id, manager_id, tier_id, group_id
    problems: list[FieldProblem] = field(default_factory=list)

    def refuse(self, name: str, code: str, message: Any) -> None:
        """Remember a problem."""
        self.problems.append(FieldProblem(name, code, message))


def read_wish(values: Mapping[str, Any], *, today: date, current: Customer | None = None) -> Wish:
    """Check values for a new customer (`current` None) or a change of one."""
    wish = Wish()
    plain: dict[str, Any] = {}
    person = dict(values.get("person") or {})
    for name, value in values.items():
        if name in PERSON_FIELDS:
            person[name] = value
        elif name not in REFERENCES:
            plain[name] = value
    kind = _kind(wish, values, current)
    checked = check_customer(
        plain,
        partial=current is not None,
        today=today,
        kind=kind,
        current=None if current is None else _stored(current),
    )
    wish.columns.update(checked.clean)
    wish.problems.extend(checked.problems)
    wish.person, problems = check_person(person, today=today)
    wish.problems.extend(problems)
    if wish.person and kind in (CustomerKind.GROUP, CustomerKind.CHANNEL):
        wish.refuse("person", "not_for_kind", _("Customers of this kind do not have this field."))
    _state(wish, values, today, current)
    _look_up(wish, values, kind)
    _ordinary(wish, kind)
    return wish


def _stored(current: Customer) -> dict[str, Any]:
    return {name: getattr(current, name) for name in ("dnd_from", "dnd_to", "sim_issued_on", "sim_replaced_on")}


def _choice(wish: Wish, values: Mapping[str, Any], name: str, check: f.Check, today: date) -> str | None:
    if name not in values:
        return None
    try:
        return str(check(values[name], name, today))
    except Invalid as refusal:
        wish.problems.extend(refusal.problems)
        return None


def _kind(wish: Wish, values: Mapping[str, Any], current: Customer | None) -> str:
    """The kind of the row; it changes only while no tier hangs on it (ordinary customers are upgraded)."""
    kind = _choice(wish, values, "kind", _KIND, date.min)
    if current is None:
        if kind is None and "kind" not in values:
            wish.refuse("kind", "required", _("This field is required."))
        wish.columns["kind"] = kind or ""
        return kind or ""
    if kind is None or kind == current.kind:
        return current.kind
    if current.tier_id is not None or (kind == CustomerKind.ORDINARY and current.manager_id is not None):
        wish.refuse("kind", "kind_fixed", _("The kind cannot change while the customer has a tier or a manager."))
        return current.kind
    wish.columns["kind"] = kind
    return kind


def _state(wish: Wish, values: Mapping[str, Any], today: date, current: Customer | None) -> None:
    """CUS-31: a state, and the day of leaving that belongs to it."""
    state = _choice(wish, values, "state", _STATE, today)
    if state is not None:
        wish.columns["state"] = state
    after = state or (current.state if current is not None else CustomerState.ACTIVE)
    if "exited_on" in values:
        try:
            wish.columns["exited_on"] = f.day(past=True)(values["exited_on"], "exited_on", today)
        except Invalid as refusal:
            wish.problems.extend(refusal.problems)
        if wish.columns.get("exited_on") and after not in GONE:
            wish.refuse("exited_on", "not_gone", _("Only a customer who left has a day of leaving."))
    if after not in GONE:
        if current is None or current.exited_on is not None:
            wish.columns["exited_on"] = None
    elif not wish.columns.get("exited_on") and (current is None or current.exited_on is None):
        wish.columns["exited_on"] = today


def _look_up(wish: Wish, values: Mapping[str, Any], kind: str) -> None:
    """Codes and ids to rows that exist; null clears manager and tier."""
    finders: dict[str, Any] = {
        "unit": names.unit_id_by_code,
        "manager": names.staff_id_by_number,
        "tier": lambda code: getattr(names.tier_by_code(kind, code), "id", None),
    }
    for name, find in finders.items():
        if name not in values:
            continue
        given = _word(values[name])
        if given is None or given == "":
            found = None
        else:
            found = find(given) if isinstance(given, str) and "\x00" not in given else None
            if found is None:
                wish.refuse(name, "not_found", _("There is no such code."))
                continue
        wish.references[f"{name}_id"] = found
    for name in ("unit_id", "manager_id", "tier_id", "group_id"):
        if name in values:
            given = values[name]
            if given is not None and (isinstance(given, bool) or not isinstance(given, int)):
                wish.refuse(name, "invalid_type", _("This must be an id."))
            else:
                wish.references[name] = given
    if "unit_id" in wish.references and wish.references["unit_id"] is None:
        wish.refuse("unit", "required", _("Every customer belongs to a unit."))


def _word(given: Any) -> Any:
    """A code may be given as {"source", "external_id"} too: the id of units and colleagues is their code everywhere."""
    if isinstance(given, Mapping) and set(given) == {"source", "external_id"}:
        return given["external_id"]
    return given


def _ordinary(wish: Wish, kind: str) -> None:
    """ORG-3: an ordinary customer has neither manager nor tier."""
    if kind != CustomerKind.ORDINARY:
        return
    for name in ("manager", "tier"):
        if wish.references.get(f"{name}_id") is not None:
            wish.refuse(
                name,
                "ordinary_customer",
                _("An ordinary customer has neither manager nor tier. Upgrade the customer first."),
            )
