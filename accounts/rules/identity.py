"""Numbers with a check character: the unified social credit code and the ID number (bad inputs 21, 22)."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.text import narrow, refuse_characters

# GB 32100: no I, O, S, V, Z, which look like digits and other letters.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(3**position % 31 for position in range(17))
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_FORM = re.compile(r"^\d{17}[\dX]$")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_CENTURY_START = 1900


def normal_credit_code(value: str, *, field: str = "credit_code") -> str:
    """A unified social credit code in capitals; refused with a wrong character or check character."""
    refuse_characters(value, field)
    code = re.sub(r"[\s-]", "", narrow(value)).upper()
    if len(code) != 18:
        raise Invalid(
            _("A credit code has 18 characters, this one has %(has)d."),
            code="invalid_credit_code",
            field=field,
            params={"has": len(code)},
        )
    if any(char not in _CREDIT_ALPHABET for char in code):
        raise Invalid(
            _("A credit code has digits and capital letters without I, O, S, V and Z."),
            code="invalid_credit_code",
            field=field,
        )
    total = sum(_CREDIT_ALPHABET.index(char) * weight for char, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True))
    if _CREDIT_ALPHABET[(31 - total % 31) % 31] != code[17]:
        raise Invalid(
            _("The last character of the credit code does not fit the others."),
            code="invalid_credit_code",
            field=field,
        )
    return code


def normal_id_number(value: str, *, today: date, field: str = "id_number") -> str:
    """An 18-character ID number; the refusal says which part is wrong and never repeats the number."""
    refuse_characters(value, field)
    number = re.sub(r"[\s-]", "", narrow(value)).upper()
    if not _ID_FORM.match(number):
        raise Invalid(
            _("An ID number has 17 digits and a check character (old ones of 15 digits are no longer valid)."),
            code="invalid_id",
            field=field,
        )
    if number[:2] not in _PROVINCES:
        raise Invalid(_("The area part of the ID number does not exist."), code="invalid_id", field=field)
    born = born_on(number)
    if born is None or not date(_CENTURY_START, 1, 1) <= born <= today:
        raise Invalid(_("The birth date part of the ID number is not possible."), code="invalid_id", field=field)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    if _ID_CHECKS[total % 11] != number[17]:
        raise Invalid(_("The last character of the ID number does not fit the others."), code="invalid_id", field=field)
    return number


def born_on(id_number: str) -> date | None:
    """The birth date inside an ID number, if such a day exists."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None
