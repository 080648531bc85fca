"""Filters in the addresses of the desk, read strictly."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core.addresses import unknown_value
from crm.core.asked import Asked
from visits.filters import read_id


def filter_id(request: Asked, name: str) -> int | None:
    """The id of a filter in the address, None without it; anything but a number is a 400 (bad input 9)."""
    raw = request.GET.get(name, "")
    return read_id(raw, name) if raw else None


def one_of(request: Asked, name: str, known: Sequence[str]) -> str:
    """The value of a filter in the address, empty without it; anything unknown is a 400 (bad input 7)."""
    raw = request.GET.get(name, "")
    if raw and raw not in known:
        raise unknown_value(name)
    return raw
