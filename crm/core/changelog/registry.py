"""Which tables are logged, how, and which are not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from django.conf import settings


@dataclass(frozen=True)
class TrackSpec:
    """How one table is logged.

    key_only_for_system: the system's own writes (label "system:…") leave only the key (decisions 24).
    secret: columns whose values never enter the log, only that they changed, plus a keyed digest (decisions 15).
    excluded: volatile or derived columns; a change of these alone leaves no row.
    """

    key_only_for_system: bool = False
    secret: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def tracked_tables() -> dict[str, TrackSpec]:
    """Every logged table of every app."""
    found: dict[str, TrackSpec] = {}
    for source in settings.CHANGE_LOG_SOURCES:
        found.update(import_module(source).CHANGE_LOG)
    return found


@lru_cache(maxsize=1)
def exempt_tables() -> dict[str, str]:
    """Every table that is not logged, with the reason."""
    found: dict[str, str] = {}
    for source in settings.CHANGE_LOG_SOURCES:
        found.update(getattr(import_module(source), "CHANGE_LOG_EXEMPT", {}))
    return found
