"""Text from people and machines: cleaned once, refused with a reason, masked for the screen.

Forms, serializers, bulk and import call these same functions (decisions 36; bad inputs 1-21).
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

_TO_SPACES = str.maketrans("\n\t", "  ")
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_BAD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")
_PLUS_CHINA = re.compile(r"^(?:\+|00)86-?(?=\d)")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d\d)-?([2-9]\d{6,7})(?:(?:-|转|ext\.?|x|#)(\d{1,6}))?$", re.IGNORECASE)
_SERVICE_NUMBER = re.compile(r"^(?:1\d{4}|9\d{4,7}|[48]00-?\d{3}-?\d{4})$")
_PHONE_NOISE = re.compile(r"[\s().·•]")
_PHONE_DASH = re.compile(r"[\u2010-\u2015\u2212]")


def character_problem(value: str) -> str | None:
    """Which character has no business in a text: NUL, a control character, half a surrogate pair, a non-character."""
    found = _BAD.search(value)
    if found is None:
        return None
    return "NUL" if found[0] == "\x00" else f"U+{ord(found[0]):04X}"


def refuse_characters(value: str, field: str | None = None) -> None:
    """Raise `invalid_character` when the text holds a character that cannot be stored or shown."""
    bad = character_problem(value)
    if bad is not None:
        raise Invalid(
            _("This text contains a character that is not allowed (%(character)s)."),
            code="invalid_character",
            field=field,
            params={"character": bad},
        )


def is_visible(value: str) -> bool:
    """Whether anything of it can be seen; zero-width characters and spaces cannot."""
    return any(
        unicodedata.category(char) not in {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn"}
        and char not in "\u115f\u1160\u3164\uffa0"
        for char in value
    )


def clean_text(
    value: str,
    *,
    field: str | None = None,
    max_length: int | None = None,
    blank: bool = True,
    multiline: bool = False,
) -> str:
    """The text as it is stored: NFC, outer space gone, one kind of line break; refuses what cannot be shown.

    NFKC would change what people typed (full-width brackets in company names); numbers and phones are NFKC'd
    by their own functions.
    """
    refuse_characters(value, field)
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    if not multiline:
        text = text.translate(_TO_SPACES)
    text = text.strip().strip("\u200b\u2060\ufeff").strip()
    if not blank and not is_visible(text):
        raise Invalid(_("This field needs at least one visible character."), code="blank", field=field)
    if max_length is not None and len(text) > max_length:
        raise Invalid(
            _("This text is too long: at most %(max)d characters, it has %(has)d."),
            code="too_long",
            field=field,
            params={"max": max_length, "has": len(text)},
        )
    return text


_OTHER_DIGIT = re.compile(r"[^\D0-9]")


def narrow(value: str) -> str:
    """Full-width letters and digits as ordinary ones, Arabic digits too (NFKC, then decimal digits)."""
    if value.isascii():
        return value
    text = unicodedata.normalize("NFKC", value)
    if not _OTHER_DIGIT.search(text):
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def normal_phone(value: str, *, field: str | None = None) -> str:
    """One way to write a number: mobiles as 11 digits, landlines as 0571-88886666, service numbers as digits.

    >>> normal_phone("+86 138-0013-8000")
    '13800138000'
    """
    refuse_characters(value, field)
    typed = _PHONE_DASH.sub("-", _PHONE_NOISE.sub("", narrow(value)))
    text = _PLUS_CHINA.sub("", typed)
    if _MOBILE.match(digits := text.replace("-", "")):
        return digits
    if text != typed and not text.startswith("0"):
        text = f"0{text}"  # +86 571 …: the area code as one dials it at home
    if found := _LANDLINE.match(text):
        area, local, extension = found.groups()
        return f"{area}-{local}" + (f"-{extension}" if extension else "")
    if _SERVICE_NUMBER.match(text):
        return digits
    raise Invalid(
        _("This is not a phone number. Examples: 13800138000, 0571-88886666."), code="invalid_phone", field=field
    )


def mask_phone(value: str | None) -> str:
    """P2 by default: the middle is hidden.

    >>> mask_phone("13800138000")
    '138****8000'
    """
    if not value:
        return ""
    if "-" in value:
        area, __, rest = value.partition("-")
        return f"{area}-****{rest[-4:] if len(rest) > 6 else rest[-2:]}"
    if len(value) < 7:
        return value[:1] + "*" * (len(value) - 1)
    return f"{value[:3]}****{value[-4:]}"


def mask_id(value: str | None) -> str:
    """P3: the first and the last character only.

    >>> mask_id("11010519491231002X")
    '1****************X'
    """
    if not value:
        return ""
    if len(value) < 3:
        return "*" * len(value)
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"


def mask_value(value: str | None) -> str:
    """Any value in a report of errors: enough to find it, not enough to use it."""
    if not value:
        return ""
    if len(value) <= 2:
        return value[0] + "*" * (len(value) - 1)
    return f"{value[0]}{'*' * min(len(value) - 2, 6)}{value[-1]}"
