"""JSON in, strictly: size, depth, NaN, broken surrogates and NUL are refused with a reason (safety §5: 2, 4, 6)."""

from __future__ import annotations

from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 16 * 1024 * 1024
DEEPEST = 20


class TooLarge(ParseError):
    """413."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is larger than 16 MB."


def _depth(raw: bytes) -> int:
    """Deepest nesting of brackets outside strings."""
    depth = most = 0
    in_string = escaped = False
    for byte in raw:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in (0x7B, 0x5B):
            depth += 1
            most = max(most, depth)
        elif byte in (0x7D, 0x5D):
            depth -= 1
    return most


def _deepest(value: Any, level: int = 1) -> int:
    """Nesting of a parsed value, stopping one beyond what is allowed."""
    if level > DEEPEST + 1 or not isinstance(value, (dict, list)):
        return level - 1 if not isinstance(value, (dict, list)) else level
    inner = value.values() if isinstance(value, dict) else value
    return max((_deepest(item, level + 1) for item in inner if isinstance(item, (dict, list))), default=level)


def _nul_at(value: Any, path: str = "") -> str | None:
    """Pointer of the first text with a NUL."""
    if isinstance(value, str):
        return path if "\x00" in value else None
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, item in pairs:
        if isinstance(key, str) and "\x00" in key:
            return f"{path}/?"
        found = _nul_at(item, f"{path}/{key}")
        if found is not None:
            return found
    return None


def loads(raw: bytes) -> Any:
    """Parse a body. Raises `ParseError` (`invalid_json`, `too_deep`, `invalid_character`) or `TooLarge`."""
    if len(raw) > MOST_BYTES:
        raise TooLarge
    # orjson itself refuses beyond 1024 levels; a shallow scan suffices when there are few brackets.
    if raw.count(b"[") + raw.count(b"{") > 100_000 and _depth(raw[:65536]) > DEEPEST:
        raise ParseError("The JSON is nested more than 20 levels deep.", code="too_deep")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f" (line {error.lineno}, column {error.colno})"
        raise ParseError(f"This is not valid JSON{place}: {error.msg}", code="invalid_json") from error
    if _deepest(value) > DEEPEST:
        raise ParseError("The JSON is nested more than 20 levels deep.", code="too_deep")
    if b"u0000" in raw or b"\x00" in raw:
        pointer = _nul_at(value)
        if pointer is not None:
            raise ParseError(f"The text at {pointer} contains a NUL character.", code="invalid_character")
    return value


class JSONParser(BaseParser):
    """`application/json`, UTF-8."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Read at most 16 MB and parse them."""
        return loads(stream.read(MOST_BYTES + 1))
