"""The rules of agreements, for page and API alike (SAL-14, SAL-15, decisions 36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind
from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values, moment, needed
from crm.core.errors import FieldProblem
from sales.choices import AgreementKind, ApplicationState

REMINDERS = (90, 60, 30)
"""So many days before its end an agreement is spoken of, once each (SAL-15); at the last a task is opened."""
LAST_REMINDER = REMINDERS[-1]

AGREEMENT_CHECKS: dict[str, Check] = {
    "number": needed(f.text(40)),
    "source": f.text(40),
    "customer": f.text(100),
    "kind": f.choice(AgreementKind),
    "previous": f.text(40),
    "signed_on": f.day(past=True, blank=False),
    "starts_on": f.day(),
    "ends_on": f.day(),
    "terminated_on": f.day(past=True),
    "our_signer": f.text(20),
    "their_signer": f.text(50),
    "note": f.text(500),
    "checked_on": f.day(past=True),
    "checked_by": f.text(60),
    "source_updated_at": moment,
}


def check_agreement(values: Mapping[str, Any], *, today: date) -> Checked:
    """One agreement: its days in order; it starts on the day it was signed unless it says otherwise."""
    checked = check_values(values, AGREEMENT_CHECKS, today=today, required=("number", "signed_on"))
    clean, problems = checked.clean, checked.problems
    clean["kind"] = clean.get("kind") or AgreementKind.SERVICE.value
    clean["starts_on"] = clean.get("starts_on") or clean.get("signed_on")
    starts, ends, ended = clean["starts_on"], clean.get("ends_on"), clean.get("terminated_on")
    if ended and (ends is None or ends > ended):
        clean["ends_on"] = ends = ended
    if starts and ends and ends < starts:
        problems.append(FieldProblem("ends_on", "out_of_order", _("An agreement ends after it starts.")))
    if bool(clean.get("checked_on")) != bool(clean.get("checked_by")):
        problems.append(FieldProblem("checked_by", "required", _("A qualification check has its day and its checker.")))
    return checked


@dataclass(frozen=True, slots=True)
class Earlier:
    """The agreement that a new one follows."""

    id: int
    customer_id: int
    starts_on: date
    application_id: int | None
    is_followed: bool


def refusal_to_renew(earlier: Earlier | None, customer_id: int, starts_on: date) -> FieldProblem | None:
    """Why an agreement cannot follow that one, if so: the same customer's, later, and only one follows (SAL-15)."""
    if earlier is None or earlier.customer_id != customer_id:
        return FieldProblem("previous", "not_found", _("There is no such agreement of this customer."))
    if earlier.is_followed:
        return FieldProblem("previous", "renewed_already", _("This agreement has been renewed already."))
    if starts_on <= earlier.starts_on:
        return FieldProblem("starts_on", "out_of_order", _("A renewal starts after the agreement it follows."))
    return None


def needs_check(customer_kind: str, kind: str) -> bool:
    """Whether such an agreement rests on a qualification check: every agreement of a group, every group agreement."""
    return customer_kind == CustomerKind.GROUP or kind == AgreementKind.SERVICE


def refusal_to_sign(state: str | None) -> FieldProblem | None:
    """SAL-14: why there is no agreement yet; `state` is that of the customer's newest application, None without one."""
    if state == ApplicationState.PASSED:
        return None
    if state is None:
        words = _("No qualification check yet: file the joining application first.")
        return FieldProblem("customer", "not_checked", words)
    if state == ApplicationState.FAILED:
        return FieldProblem("customer", "check_failed", _("The qualification check was not passed: no agreement."))
    return FieldProblem("customer", "check_not_finished", _("The qualification check is not finished yet."))
