"""What a product asks of a subscription, and whether a subscription answers it (SAL-2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.errors import FieldProblem
from crm.core.wording import worded

TEXT, NUMBER, FLAG, DAY, NUMBERS = "text", "number", "flag", "day", "numbers"
KINDS = (TEXT, NUMBER, FLAG, DAY, NUMBERS)
_PHONE = re.compile(r"[0-9]{3,20}")
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that is told of a subscription. `most`: the largest number, or how many numbers may be called."""

    code: str
    label_zh: str
    label_en: str
    kind: str = TEXT
    required: bool = False
    most: int | None = None

    def label(self, language: str) -> str:
        """In the reader's language."""
        return self.label_zh if language.startswith("zh") else self.label_en


def attributes_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """The attributes of a product as they are stored."""
    return tuple(Attribute(**row) for row in stored)


def check_attributes(
    asked: Sequence[Attribute], given: Mapping[str, Any], *, field: str = "attributes"
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """(what is stored, what is wrong). An empty value is none; what the product does not ask for is refused."""
    clean: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for code in sorted(set(given) - {attribute.code for attribute in asked}):
        problems.append(FieldProblem(f"{field}.{code}", "unknown", _("This product has no such attribute.")))
    for attribute in asked:
        value = given.get(attribute.code)
        if value in (None, "", [], ()):
            if attribute.required:
                problems.append(FieldProblem(f"{field}.{attribute.code}", "required", _("This is needed.")))
            continue
        checked, problem = _READ[attribute.kind](attribute, value)
        if problem is not None:
            problems.append(FieldProblem(f"{field}.{attribute.code}", *problem))
        else:
            clean[attribute.code] = checked
    return clean, problems


Checked = tuple[Any, tuple[str, Any] | None]


def _text(_attribute: Attribute, value: Any) -> Checked:
    text = str(value).strip()
    return (text, None) if len(text) <= MOST_TEXT else (None, ("max_length", _("This is too long.")))


def _number(attribute: Attribute, value: Any) -> Checked:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None, ("invalid", _("A whole number is needed."))
    if attribute.most is not None and int(text) > attribute.most:
        return None, ("max_value", worded(_("At most %(most)d."), most=attribute.most))
    return int(text), None


def _flag(_attribute: Attribute, value: Any) -> Checked:
    if isinstance(value, bool):
        return value, None
    words = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}
    found = words.get(str(value).strip().lower())
    return (found, None) if found is not None else (None, ("invalid", _("Yes or no is needed.")))


def _day(_attribute: Attribute, value: Any) -> Checked:
    try:
        return date.fromisoformat(str(value).strip()).isoformat(), None
    except ValueError:
        return None, ("invalid", _("A day is needed, as 2026-11-22."))


def _numbers(attribute: Attribute, value: Any) -> Checked:
    """Numbers that may be called: a list, or as typed with spaces, commas or lines between them; each once."""
    parts = value if isinstance(value, list | tuple) else re.split(r"[\s,;，；、/]+", str(value))
    found = list(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))
    if any(not _PHONE.fullmatch(number) for number in found):
        return None, ("invalid", _("These are not all phone numbers."))
    if attribute.most is not None and len(found) > attribute.most:
        return None, ("too_many", worded(_("At most %(most)d numbers."), most=attribute.most))
    return found, None


_READ = {TEXT: _text, NUMBER: _number, FLAG: _flag, DAY: _day, NUMBERS: _numbers}
