"""Query parameters, strictly: an unknown one is an error, every value is read by its type (bad inputs 1, 7-11, 16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from crm.core.api.pagination import parameter_problem
from crm.core.api.problem import Problem
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import clean_text, narrow

Reader = Callable[[str, str], Any]
EARLIEST = date(1900, 1, 1)
MAX_TEXT = 200


def read_parameters(request: Request, readers: Mapping[str, Reader], also: Iterable[str] = ()) -> dict[str, Any]:
    """The filters that were given, typed; all problems of the query string are reported together.

    `also` names the parameters that somebody else reads: those of the page.
    """
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    known = set(readers).union(also)
    for name, texts in request.query_params.lists():
        if name not in known:
            problems.append(FieldProblem(f"?{name[:60]}", "unknown_parameter", _("There is no such parameter.")))
        elif len(texts) > 1:
            problems.append(FieldProblem(f"?{name}", "repeated_parameter", _("This parameter may be given once.")))
        elif name in readers:
            try:
                values[name] = readers[name](name, texts[0])
            except Problem as fault:
                problems += fault.errors
    if problems:
        raise Problem(400, problems[0].code, _("Some query parameters are not right."), problems)
    return values


def text(name: str, raw: str) -> str:
    """Any text."""
    try:
        return clean_text(raw, max_length=MAX_TEXT)
    except Invalid as fault:
        raise parameter_problem(name, fault.code, str(fault)) from fault


def number(name: str, raw: str) -> int:
    """A whole number that fits the database."""
    digits = narrow(raw[:40]).strip()
    try:
        value = int(digits)
    except ValueError as fault:
        raise parameter_problem(name, "not_a_number", _("This is not a number.")) from fault
    if abs(value) > 2**63 - 1:
        raise parameter_problem(name, "out_of_range", _("This number is too large."))
    return value


def decimal(name: str, raw: str) -> Decimal:
    """An amount."""
    try:
        value = Decimal(narrow(raw[:40]).strip())
    except InvalidOperation as fault:
        raise parameter_problem(name, "not_a_number", _("This is not a number.")) from fault
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        raise parameter_problem(name, "out_of_range", _("This number is too large."))
    return value


def day(name: str, raw: str) -> date:
    """An ISO date between 1900 and ten years ahead."""
    try:
        value = date.fromisoformat(narrow(raw[:20]).strip())
    except ValueError as fault:
        raise parameter_problem(name, "invalid_date", _("This date does not exist. Example: 2026-03-31.")) from fault
    if not EARLIEST <= value <= timezone.localdate() + timedelta(days=3660):
        raise parameter_problem(name, "out_of_range", _("This date is too far away."))
    return value


def moment(name: str, raw: str) -> datetime:
    """An RFC 3339 moment with offset."""
    try:
        value = parse_datetime(narrow(raw[:40]).strip().replace(" ", "+"))
    except ValueError:
        value = None
    if value is None or timezone.is_naive(value):
        raise parameter_problem(
            name, "invalid_date", _("This is not a moment with offset. Example: 2026-03-31T08:00:00+08:00.")
        )
    if not EARLIEST <= value.date() <= timezone.localdate() + timedelta(days=3660):
        raise parameter_problem(name, "out_of_range", _("This date is too far away."))
    return value


def flag(name: str, raw: str) -> bool:
    """true or false."""
    if raw not in ("true", "false"):
        raise parameter_problem(name, "invalid_choice", _("Allowed: %(allowed)s.") % {"allowed": "true, false"})
    return raw == "true"


@dataclass(frozen=True)
class OneOf:
    """One of these words; OpenAPI lists them."""

    allowed: tuple[str, ...]

    def __call__(self, name: str, raw: str) -> str:
        """The word, or what is allowed."""
        if raw not in self.allowed:
            allowed = ", ".join(self.allowed)
            raise parameter_problem(name, "invalid_choice", _("Allowed: %(allowed)s.") % {"allowed": allowed})
        return raw


def one_of(*allowed: str) -> OneOf:
    """One of these words."""
    return OneOf(allowed)
