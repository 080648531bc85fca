"""JSON in, strictly: no NaN, no doubled key, no NUL, no half surrogate, at most 20 deep and 16 MB (bad inputs 1-6)."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from crm.core.api.problem import Problem
from crm.core.errors import FieldProblem
from crm.core.text import character_problem

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 20
MAX_DIGITS = 400
_SUSPICIOUS = (b"\\u", b"\x7f", b"\xc2", b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")
"""Without any of these bytes no character of the body is one that nobody can store."""
_BEFORE_COLON = (b" :", b"\t:", b"\n:", b"\r:")


class _DoubledKey(ValueError):
    """The same key twice in one object: which one was meant?"""


class _NotANumber(ValueError):
    """NaN, Infinity, or a number nobody can store."""


def _refuse_constant(text: str) -> NoReturn:
    raise _NotANumber(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NotANumber(text[:20])
    return number


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _NotANumber(text[:20] + "…")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, __ in pairs:
            if key in seen:
                raise _DoubledKey(key)
            seen.add(key)
    return made


_DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_float, parse_int=_int, object_pairs_hook=_object
)
_QUICK = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_float, parse_int=_int)
"""The same without a look at each object's keys: thrice as fast."""


def loads(raw: bytes) -> Any:
    """Parse a body, or raise the 400 that says what is wrong with it and where."""
    if len(raw) > MAX_BYTES:
        raise Problem(413, "too_large", _("The body is too large: at most %(max)d MB.") % {"max": MAX_BYTES >> 20})
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        data = _QUICK.decode(text)
        depth, keys = _measured(data)
        # Every key is a quotation mark before a colon, so as many of these as keys are left: none stood twice.
        if depth <= MAX_DEPTH and (any(odd in raw for odd in _BEFORE_COLON) or raw.count(b'":') != keys):
            data = _DECODER.decode(text)
    except UnicodeDecodeError as fault:
        raise Problem(400, "invalid_json", _("The body is not UTF-8 (byte %(at)d).") % {"at": fault.start}) from fault
    except RecursionError as fault:
        raise _too_deep() from fault
    except _DoubledKey as fault:
        raise Problem(400, "invalid_json", _("A key stands twice: %(key)s.") % {"key": str(fault)[:60]}) from fault
    except _NotANumber as fault:
        raise Problem(400, "invalid_json", _("%(text)s is not valid JSON.") % {"text": str(fault)}) from fault
    except json.JSONDecodeError as fault:
        raise Problem(
            400,
            "invalid_json",
            _("The body is not valid JSON: line %(line)d, column %(column)d.")
            % {"line": fault.lineno, "column": fault.colno},
        ) from fault
    if depth > MAX_DEPTH:
        raise _too_deep()
    # Raw control characters inside strings are refused by the decoder; only escapes and these can bring others in.
    problems = bad_characters(data) if any(odd in raw for odd in _SUSPICIOUS) else []
    if problems:
        raise Problem(400, "invalid_character", str(problems[0].message), problems)
    return data


def _too_deep() -> Problem:
    return Problem(400, "too_deep", _("The body is nested more than %(max)d deep.") % {"max": MAX_DEPTH})


def _measured(data: Any) -> tuple[int, int]:
    """(how deep containers nest, at most one more than is allowed; how many keys all objects have together).

    Level by level, so that depth itself costs no stack.
    """
    boxes = (dict, list)
    level = [data] if data.__class__ in boxes else []
    depth = keys = 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        inside: list[Any] = []
        for outer in level:
            if outer.__class__ is dict:
                keys += len(outer)
                inside += [inner for inner in outer.values() if inner.__class__ in boxes]
            else:
                inside += [inner for inner in outer if inner.__class__ in boxes]
        level = inside
    return depth, keys


def bad_characters(data: Any, path: tuple[str, ...] = ()) -> list[FieldProblem]:
    """Every text in the body that holds a character nobody can store, keys included."""
    found: list[FieldProblem] = []
    if isinstance(data, str):
        bad = character_problem(data)
        if bad is not None:
            message = _("This text contains a character that is not allowed (%(character)s).") % {"character": bad}
            found.append(FieldProblem(".".join(path), "invalid_character", message))
    elif isinstance(data, Mapping):
        for key, inner in data.items():
            if character_problem(key) is not None:
                message = _("A key contains a character that is not allowed.")
                found.append(FieldProblem(".".join(path), "invalid_character", message))
            else:
                found += bad_characters(inner, (*path, key))
    elif isinstance(data, list):
        for position, inner in enumerate(data):
            found += bad_characters(inner, (*path, str(position)))
    return found


class StrictJsonParser(BaseParser):
    """The only parser of the API's JSON."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The body as Python values."""
        raw = stream.read(MAX_BYTES + 1)
        return loads(raw)


class MergePatchParser(StrictJsonParser):
    """The same under the name of RFC 7396."""

    media_type = "application/merge-patch+json"
