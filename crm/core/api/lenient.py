"""`Prefer: handling=lenient` (RFC 7240): unknown fields are left out and named in the answer, instead of refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rest_framework.request import Request

APPLIED = "handling=lenient"
LONGEST_NAME = 60
_ignored: ContextVar[list[str] | None] = ContextVar("crm_ignored", default=None)


def is_asked(request: Request) -> bool:
    """Whether the caller prefers it."""
    given = request.headers.get("Prefer", "").replace(";", ",").lower().split(",")
    return any("".join(part.split()).replace('"', "") == APPLIED for part in given)


def is_on() -> bool:
    """Whether the call at hand is taken leniently."""
    return _ignored.get() is not None


def note(name: str) -> None:
    """A field of the call at hand is left out."""
    found = _ignored.get()
    if found is not None and name[:LONGEST_NAME] not in found:
        found.append(name[:LONGEST_NAME])


def ignored() -> list[str]:
    """What was left out so far, in the order it came."""
    return list(_ignored.get() or [])


@contextmanager
def taken() -> Iterator[None]:
    """The call inside is taken leniently."""
    token = _ignored.set([])
    try:
        yield
    finally:
        _ignored.reset(token)
