"""How one value of one field is checked and written, whatever door it comes through (decisions 36).

A check takes what a form, JSON or a file gives and returns the value as it is stored; it raises `Invalid`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext_lazy as _

from accounts.rules.identity import normal_credit_code, normal_id_number
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import clean_text, narrow, normal_phone, refuse_characters

FIRST_DATE = date(1900, 1, 1)
YEARS_AHEAD = 10
FIRST_MOMENT = 2000
_ISO_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2})?$")
_WHOLE = re.compile(r"^[+-]?\d{1,18}$")
_INDUSTRY = re.compile(r"^[A-T]\d{0,3}$")
_YES = frozenset({"true", "1", "yes", "y", "on", "是"})
_NO = frozenset({"false", "0", "no", "n", "off", "否", ""})

Check = Callable[[Any, str, date], Any]
"""(value, field, today) → stored value."""


@dataclass(frozen=True)
class Checked:
    """What is left of the values after checking, and everything that is wrong with them."""

    clean: dict[str, Any]
    problems: list[FieldProblem]

    def __iter__(self) -> Any:
        return iter((self.clean, self.problems))

    def or_refuse(self) -> dict[str, Any]:
        """The clean values; raises one `Invalid` with every problem."""
        if self.problems:
            raise Invalid(errors=self.problems)
        return self.clean


def check_values(
    values: Mapping[str, Any],
    checks: Mapping[str, Check],
    *,
    today: date,
    required: tuple[str, ...] = (),
    read_only: frozenset[str] = frozenset(),
) -> Checked:
    """Check every value by its field's check; unknown and protected fields are problems, never dropped."""
    clean: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for field, value in values.items():
        check = checks.get(field)
        if check is None:
            problems.append(_stranger(str(field), read_only))
            continue
        try:
            clean[field] = check(value, field, today)
        except Invalid as refusal:
            problems.extend(refusal.problems)
    for field in required:
        if field not in values:
            problems.append(FieldProblem(field, "required", _("This field is required.")))
    return Checked(clean, problems)


def _stranger(field: str, read_only: frozenset[str]) -> FieldProblem:
    if field in read_only:
        return FieldProblem(field, "read_only_field", _("This field cannot be written here."))
    return FieldProblem(field[:100], "unknown_field", _("There is no field of this name."))


def text(max_length: int, *, blank: bool = True, multiline: bool = False) -> Check:
    """A text; None and spaces are empty."""

    def check(value: Any, field: str, today: date) -> str:
        return clean_text(_string(value, field), field=field, max_length=max_length, blank=blank, multiline=multiline)

    return check


def moment(value: Any, field: str, today: date) -> Any:
    """A moment with its offset; without one it is ours."""
    if value in (None, ""):
        return None
    try:
        found = parse_datetime(narrow(str(value)).strip().replace("/", "-"))
    except ValueError:
        found = None
    if found is None or not FIRST_MOMENT <= found.year <= today.year + YEARS_AHEAD:
        raise Invalid(_("This is not a moment. Example: 2026-11-18T09:30:00+08:00."), code="invalid", field=field)
    return make_aware(found) if is_naive(found) else found


def needed(check: Check) -> Check:
    """The same check, for a field that must hold something."""

    def look(value: Any, field: str, today: date) -> Any:
        found = check(value, field, today)
        if found in (None, ""):
            raise Invalid(_("This field is required."), code="required", field=field)
        return found

    return look


def phone(value: Any, field: str, today: date) -> str:
    """A phone number in its one form, or nothing."""
    given = _string(value, field)
    return normal_phone(given, field=field) if given.strip() else ""


def email(value: Any, field: str, today: date) -> str:
    """An e-mail address, or nothing."""
    given = clean_text(_string(value, field), field=field, max_length=254)
    if given:
        try:
            validate_email(given)
        except ValidationError as problem:
            raise Invalid(_("This is not an e-mail address."), code="invalid_email", field=field) from problem
    return given


def choice(choices: type[TextChoices], *, blank: bool = True) -> Check:
    """One code of a closed list."""
    allowed = frozenset(choices.values)

    def check(value: Any, field: str, today: date) -> str:
        given = _string(value, field).strip()
        if given in allowed or (blank and not given):
            return given
        raise Invalid(
            _("This is not one of the choices: %(choices)s."),
            code="invalid_choice",
            field=field,
            params={"choices": ", ".join(choices.values)},
        )

    return check


def day(*, past: bool = False, blank: bool = True) -> Check:
    """A date from 1900 to ten years ahead (to today when it lies in the past by nature)."""

    def check(value: Any, field: str, today: date) -> date | None:
        found = _date(value, field)
        if found is None:
            if blank:
                return None
            raise Invalid(_("This field is required."), code="required", field=field)
        latest = today if past else date(today.year + YEARS_AHEAD, 12, 31)
        if not FIRST_DATE <= found <= latest:
            raise Invalid(
                _("The date must be between %(first)s and %(last)s."),
                code="out_of_range",
                field=field,
                params={"first": FIRST_DATE, "last": latest},
            )
        return found

    return check


def _date(value: Any, field: str) -> date | None:
    if value is None or (isinstance(value, date) and not hasattr(value, "hour")):
        return value
    given = narrow(_string(value, field)).strip()
    if not given:
        return None
    found = _ISO_DATE.match(given) or _COMPACT_DATE.match(given)
    if found is None:
        raise Invalid(_("This is not a date. Example: 2026-11-18."), code="invalid_date", field=field)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as problem:
        raise Invalid(_("This day does not exist."), code="invalid_date", field=field) from problem


def clock(value: Any, field: str, today: date) -> time | None:
    """A time of day to the minute, or nothing."""
    if value is None or isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None) if value else None
    given = narrow(_string(value, field)).strip()
    if not given:
        return None
    found = _TIME.match(given)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Invalid(_("This is not a time of day. Example: 18:30."), code="invalid_time", field=field)
    return time(int(found[1]), int(found[2]))


def money(value: Any, field: str, today: date) -> Decimal | None:
    """An amount in yuan with two decimals, not negative, or nothing (decisions 29)."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Invalid(_("This is not a number."), code="not_a_number", field=field)
    given = narrow(value).replace(",", "").strip() if isinstance(value, str) else str(value)
    if not given:
        return None
    try:
        amount = Decimal(given)
    except InvalidOperation as problem:
        raise Invalid(_("This is not a number."), code="not_a_number", field=field) from problem
    if not amount.is_finite():
        raise Invalid(_("This is not a number."), code="not_a_number", field=field)
    if not 0 <= amount < Decimal(10) ** 12:
        raise Invalid(
            _("The amount must be between %(low)s and %(high)s."),
            code="out_of_range",
            field=field,
            params={"low": "0", "high": "999999999999.99"},
        )
    return amount.quantize(Decimal("0.01"))


def whole(low: int, high: int) -> Check:
    """A whole number within limits, or nothing."""

    def check(value: Any, field: str, today: date) -> int | None:
        if value is None or value == "":
            return None
        given = narrow(value).strip() if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not _WHOLE.match(given):
            raise Invalid(_("This is not a whole number."), code="not_a_number", field=field)
        number = int(given)
        if not low <= number <= high:
            raise Invalid(
                _("The number must be between %(low)s and %(high)s."),
                code="out_of_range",
                field=field,
                params={"low": low, "high": high},
            )
        return number

    return check


def flag(value: Any, field: str, today: date) -> bool:
    """Yes or no."""
    if isinstance(value, bool) or value is None:
        return bool(value)
    given = _string(value, field).strip().lower()
    if given not in _YES | _NO:
        raise Invalid(_("This is neither yes nor no."), code="invalid_choice", field=field)
    return given in _YES


def credit_code(value: Any, field: str, today: date) -> str:
    """A unified social credit code, or nothing."""
    given = _string(value, field)
    return normal_credit_code(given, field=field) if given.strip() else ""


def id_number(value: Any, field: str, today: date) -> str:
    """An ID number, or nothing."""
    given = _string(value, field)
    return normal_id_number(given, today=today, field=field) if given.strip() else ""


def industry(value: Any, field: str, today: date) -> str:
    """A section or class of GB/T 4754 (CUS-26): a letter A to T and up to three digits."""
    given = narrow(_string(value, field)).strip().upper()
    if given and not _INDUSTRY.match(given):
        raise Invalid(
            _("An industry is a letter from A to T with up to three digits (GB/T 4754)."),
            code="invalid_industry",
            field=field,
        )
    return given


def _string(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid(_("This must be a text."), code="invalid_type", field=field)
    given = str(value)
    refuse_characters(given, field)
    return given
