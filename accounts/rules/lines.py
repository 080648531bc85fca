"""The rules of lines, of what happens to them, and of hard signs of leaving (sync-api: lines, lifecycle, signals)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerState, LifecycleKind, LineState, SignalKind
from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values, moment, needed
from accounts.rules.references import reference
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import narrow, normal_phone

CLOCK_SKEW = timedelta(days=1)
"""So far ahead the clock of a source may be."""
ENDS = frozenset({LifecycleKind.CLOSED, LifecycleKind.PORTED_OUT, LifecycleKind.TRANSFERRED})
"""What ends a line, or the whole customer."""
GONE = frozenset({CustomerState.CHURNED, CustomerState.EXITED})
CUSTOMER_AFTER = {
    LifecycleKind.CLOSED: CustomerState.CHURNED,
    LifecycleKind.PORTED_OUT: CustomerState.CHURNED,
    LifecycleKind.TRANSFERRED: CustomerState.EXITED,
    LifecycleKind.SUSPENDED: CustomerState.SUSPENDED,
    LifecycleKind.RESUMED: CustomerState.ACTIVE,
}


def line_number(value: Any, field: str, today: date) -> str:
    """A phone number in its one form; the code of a leased line as it is."""
    given = str(f.text(20, blank=False)(value, field, today))
    try:
        return normal_phone(given, field=field)
    except Invalid:
        return narrow(given).replace(" ", "").upper()


LINE_CHECKS: dict[str, Check] = {
    "external_id": f.text(100),
    "source": f.text(40),
    "number": line_number,
    "customer": needed(reference),
    "member": f.phone,
    "state": f.choice(LineState),
    "opened_on": needed(f.day()),
    "closed_on": f.day(),
    "source_updated_at": moment,
}
EVENT_CHECKS: dict[str, Check] = {
    "external_id": f.text(100),
    "source": f.text(40),
    "customer": reference,
    "line": reference,
    "kind": f.choice(LifecycleKind),
    "happened_on": f.day(past=True),
    "destination": f.text(40),
    "reverses": reference,
}
SIGNAL_CHECKS: dict[str, Check] = {
    "external_id": f.text(100),
    "source": f.text(40),
    "customer": reference,
    "line": reference,
    "kind": f.choice(SignalKind, blank=False),
    "happened_at": needed(moment),
    "text": f.text(500, multiline=True),
    "quantity": f.whole(0, 1_000_000),
}


def check_line(values: Mapping[str, Any], *, today: date) -> Checked:
    """A line: closed on its day, never before it was opened; a day of closing that has come closes it."""
    checked = check_values(values, LINE_CHECKS, today=today, required=("number", "customer", "opened_on"))
    clean, problems = checked.clean, checked.problems
    if problems:
        return checked
    closed_on = clean.get("closed_on")
    if clean.get("state") == LineState.CLOSED and closed_on is None:
        problems.append(FieldProblem("closed_on", "required", _("Since when is it closed?")))
    elif closed_on is not None and closed_on < clean["opened_on"]:
        problems.append(FieldProblem("closed_on", "out_of_order", _("A line is closed after it was opened.")))
    elif closed_on is not None and closed_on <= today:
        clean["state"] = LineState.CLOSED.value
    clean["state"] = clean.get("state") or LineState.ACTIVE.value
    return checked


def check_event(values: Mapping[str, Any], *, today: date) -> Checked:
    """Something that happened to a line or a customer, or that reverses what was told wrongly."""
    checked = check_values(values, EVENT_CHECKS, today=today)
    clean, problems = checked.clean, checked.problems
    if problems:
        return checked
    if clean.get("reverses") is not None:
        clean["happened_on"] = clean.get("happened_on") or today
        return checked
    for name in ("kind", "happened_on"):
        if not clean.get(name):
            problems.append(FieldProblem(name, "required", _("This field is required.")))
    if clean.get("customer") is None and clean.get("line") is None:
        problems.append(FieldProblem("customer", "required", _("Say which customer, or which line.")))
    if clean.get("destination") and clean.get("kind") not in (LifecycleKind.PORTED_OUT, LifecycleKind.TRANSFERRED):
        problems.append(FieldProblem("destination", "not_for_kind", _("Only what leaves goes somewhere.")))
    return checked


def check_signal(values: Mapping[str, Any], *, today: date, now: datetime) -> Checked:
    """A hard sign of leaving (RET-3)."""
    checked = check_values(values, SIGNAL_CHECKS, today=today, required=("kind", "happened_at"))
    clean, problems = checked.clean, checked.problems
    if not problems and clean.get("customer") is None and clean.get("line") is None:
        problems.append(FieldProblem("customer", "required", _("Say which customer, or which line.")))
    if not problems and clean["happened_at"] > now + CLOCK_SKEW:
        problems.append(FieldProblem("happened_at", "out_of_range", _("This moment lies in the future.")))
    return checked


def natural_id(*parts: Any) -> str:
    """The id of what came without one: the same thing told twice has the same.

    >>> natural_id("closed", 7, date(2026, 11, 1)) == natural_id("closed", 7, date(2026, 11, 1))
    True
    """
    return "=" + sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:40]


def customer_after(kind: str, state: str) -> str:
    """CUS-31: the state of a customer after an event; who is gone already stays so, "" refuses.

    >>> [customer_after(*one) for one in (("ported_out", "active"), ("closed", "exited"), ("suspended", "exited"))]
    ['churned', 'exited', '']
    """
    if state == CustomerState.PROSPECT or (state in GONE and kind == LifecycleKind.SUSPENDED):
        return ""
    if state in GONE and kind in ENDS:
        return state
    return CUSTOMER_AFTER[LifecycleKind(kind)].value


def line_after(kind: str, state: str) -> str:
    """The state of a line after an event; a closed line is only reopened by a reversal, "" refuses."""
    if kind in ENDS:
        return LineState.CLOSED.value
    if state == LineState.CLOSED:
        return ""
    return (LineState.SUSPENDED if kind == LifecycleKind.SUSPENDED else LineState.ACTIVE).value


def overlaps(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans [from, to) share a day: a number belongs to one line at a time."""
    (a, b), (c, d) = first, second
    return (d is None or a < d) and (b is None or c < b) and a != b and c != d


def is_leaving(gone: int, before: int, *, share: int, least: int) -> bool:
    """RET-9: so many of a group's members (or lines) have left of those there were that it is a sign.

    >>> is_leaving(4, 20, share=20, least=3), is_leaving(3, 20, share=20, least=3), is_leaving(2, 4, share=20, least=3)
    (True, False, False)
    """
    return gone >= least and gone * 100 >= share * before
