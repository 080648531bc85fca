"""Carry the rows of higher apps along, in the same transaction (decisions 19): functions named in settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@lru_cache(maxsize=32)
def _load(path: str) -> Callable[..., Any]:
    function: Callable[..., Any] = import_string(path)
    return function


def follow(setting: str, **arguments: Any) -> list[Any]:
    """Call every function listed under a setting; returns what they answer."""
    return [_load(path)(**arguments) for path in getattr(settings, setting, ())]


def gather(setting: str, **arguments: Any) -> dict[str, Any]:
    """The same for previews: counts of higher apps, merged into one mapping."""
    merged: dict[str, Any] = {}
    for answer in follow(setting, **arguments):
        merged.update(answer)
    return merged
