"""The row rules of a customer and his profile groups, used by form, serializer, bulk and import (decisions 36)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ContactRole,
    CustomerKind,
    MarketBand,
    MemberState,
    PreferredChannel,
    Sex,
    SimKind,
)
from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values
from crm.core.errors import FieldProblem

CUSTOMER_CHECKS: dict[str, Check] = {
    "name": f.text(50, blank=False),
    "phone": f.phone,
    "other_phone": f.phone,
    "email": f.email,
    "district": f.text(30),
    "business_address": f.text(200),
    "credit_code": f.credit_code,
    "industry": f.industry,
    "market_band": f.choice(MarketBand),
    "monthly_spend": f.money,
    "joined_on": f.day(),
    "preferred_channel": f.choice(PreferredChannel),
    "preferred_time": f.text(50),
    "dnd_from": f.clock,
    "dnd_to": f.clock,
    "no_marketing": f.flag,
    "sim_kind": f.choice(SimKind),
    "sim_issued_on": f.day(),
    "sim_replaced_on": f.day(),
    "service_notes": f.text(1000, multiline=True),
}
CUSTOMER_FIELDS: tuple[str, ...] = tuple(CUSTOMER_CHECKS)
READ_ONLY: frozenset[str] = frozenset(
    [
        "id",
        "number",
        "kind",
        "state",
        "unit",
        "unit_id",
        "manager",
        "manager_id",
        "tier",
        "tier_id",
        "group",
        "group_id",
        "pinyin",
        "initials",
        "name_tokens",
        "exited_on",
        "owed_from",
        "is_important",
        "important_by",
        "important_at",
        "important_reason",
        "source_updated_at",
        "version",
        "created_at",
        "updated_at",
        "profile_updated_at",
    ]
)
"""Columns with a deed of their own, or none: never taken from a form or a body."""

PERSON_CHECKS: dict[str, Check] = {
    "sex": f.choice(Sex),
    "birthday": f.day(past=True),
    "is_lunar_birthday": f.flag,
    "personality": f.text(100),
    "sports": f.text(100),
    "reward_preference": f.text(100),
}
PERSON_FIELDS: tuple[str, ...] = tuple(PERSON_CHECKS)

PRIVATE_CHECKS: dict[str, Check] = {
    "home_address": f.text(200),
    "id_number": f.id_number,
    "occupation": f.text(50),
    "employer": f.text(100),
    "position": f.text(50),
    "family_background": f.text(1000, multiline=True),
    "consent_on": f.day(past=True),
    "consent_note": f.text(200),
}
PRIVATE_FIELDS: tuple[str, ...] = tuple(PRIVATE_CHECKS)

CONTACT_CHECKS: dict[str, Check] = {
    "name": f.text(50, blank=False),
    "position": f.text(50),
    "role": f.choice(ContactRole, blank=False),
    "phone": f.phone,
    "birthday": f.day(past=True),
    "relation_strength": f.whole(1, 5),
    "is_active": f.flag,
}
FAMILY_CHECKS: dict[str, Check] = {
    "relation": f.text(30, blank=False),
    "name": f.text(50, blank=False),
    "birthday": f.day(past=True),
}
JOB_CHECKS: dict[str, Check] = {
    "changed_on": f.day(past=True, blank=False),
    "employer_before": f.text(100),
    "employer_after": f.text(100),
}
MEMBER_CHECKS: dict[str, Check] = {
    "msisdn": f.phone,
    "name": f.text(50),
    "state": f.choice(MemberState, blank=False),
}
CHANNEL_CHECKS: dict[str, Check] = {"licence_no": f.text(40), "licence_until": f.day()}

# Fields that make sense for one kind only.
GROUP_ONLY: frozenset[str] = frozenset({"credit_code", "industry"})
VIP_ONLY: frozenset[str] = frozenset({"sim_kind", "sim_issued_on", "sim_replaced_on"})


def check_customer(
    values: Mapping[str, Any],
    *,
    partial: bool,
    today: date,
    kind: str = "",
    current: Mapping[str, Any] | None = None,
) -> Checked:
    """Check the values of a customer; unpacks to (clean values, problems).

    partial: fields left out stay as they are; `current` then gives the stored values that rules between fields
    compare with. Only the name is demanded: a profile may be partial at creation (CUS-9).
    """
    checked = check_values(
        values, CUSTOMER_CHECKS, today=today, required=() if partial else ("name",), read_only=READ_ONLY
    )
    problems = [*checked.problems, *_between_fields({**(current or {}), **checked.clean}, checked.clean)]
    if kind:
        problems += [
            FieldProblem(field, "not_for_kind", _("Customers of this kind do not have this field."))
            for field, value in checked.clean.items()
            if value and not has_field(kind, field)
        ]
    return Checked(checked.clean, problems)


def has_field(kind: str, field: str) -> bool:
    """Whether customers of a kind have a field."""
    if field in GROUP_ONLY:
        return kind in (CustomerKind.GROUP, CustomerKind.CHANNEL)
    return field not in VIP_ONLY or kind == CustomerKind.VIP


def _between_fields(whole: Mapping[str, Any], changed: Mapping[str, Any]) -> list[FieldProblem]:
    """Rules between two fields, told at a field that was given."""
    problems: list[FieldProblem] = []
    if {"dnd_from", "dnd_to"} & changed.keys() and bool(whole.get("dnd_from")) != bool(whole.get("dnd_to")):
        missing = "dnd_to" if whole.get("dnd_from") else "dnd_from"
        problems.append(FieldProblem(missing, "required", _("Give both ends of the do-not-disturb time.")))
    issued, replaced = whole.get("sim_issued_on"), whole.get("sim_replaced_on")
    if {"sim_issued_on", "sim_replaced_on"} & changed.keys() and issued and replaced and replaced < issued:
        problems.append(FieldProblem("sim_replaced_on", "out_of_order", _("A SIM is replaced after it was issued.")))
    return problems


def check_person(values: Mapping[str, Any], *, today: date) -> Checked:
    """Basic and preference groups of a person (CUS-6, CUS-7)."""
    return check_values(values, PERSON_CHECKS, today=today)


def check_private(values: Mapping[str, Any], *, today: date) -> Checked:
    """The private group (CUS-8)."""
    return check_values(values, PRIVATE_CHECKS, today=today)


def check_contact_person(values: Mapping[str, Any], *, today: date, partial: bool = False) -> Checked:
    """A contact person of a group or channel customer (CUS-24)."""
    return check_values(values, CONTACT_CHECKS, today=today, required=() if partial else ("name",))


def check_family_member(values: Mapping[str, Any], *, today: date) -> Checked:
    """A family member (CUS-8)."""
    return check_values(values, FAMILY_CHECKS, today=today, required=("relation", "name"))


def check_job_change(values: Mapping[str, Any], *, today: date) -> Checked:
    """A change of job (CUS-8)."""
    return check_values(values, JOB_CHECKS, today=today, required=("changed_on",))


def check_member(values: Mapping[str, Any], *, today: date) -> Checked:
    """A subscriber line under a group (CUS-28)."""
    return check_values(values, MEMBER_CHECKS, today=today, required=("msisdn",))


def check_channel(values: Mapping[str, Any], *, today: date) -> Checked:
    """The licence of a channel customer."""
    return check_values(values, CHANNEL_CHECKS, today=today)
