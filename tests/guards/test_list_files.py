"""The file of every list: a value for every column of every row, and nothing of the other side (SEC-1, SEC-3, PLT-1).

Driven by the lists as they are declared: a new list is looked at from its first day.
"""

from __future__ import annotations

import pytest

from crm.core.lists import kinds
from tests.guards.looks import GRANTED, HIDDEN

pytestmark = pytest.mark.django_db

PLAIN = (str, int, float, bool, type(None))
READERS = ("director", "supervisor", "manager", "market_manager")
ASKED = {"duties": {"state": "provisional"}}
"""Filters without which a list of the world has no row."""
QUIET: frozenset[str] = frozenset()
"""Lists of which the world has no row that its boss sees by itself."""


def rows_of(world, kind, who):
    """Every row of a list as somebody's file holds it, with all its columns; nothing where the list is shut."""
    user = world.cast.users[who]
    if not kind.is_open_to(user.access):
        return []
    return list(kind.rows(user, ASKED.get(kind.key, {}), [column.key for column in kind.columns], False))


def wrong(kind, rows):
    """What is no value of a cell, by column."""
    found = {}
    for row in rows:
        assert len(row) == len(kind.columns), kind.key
        for column, cell in zip(kind.columns, row, strict=True):
            if not isinstance(cell, PLAIN) and not hasattr(cell, "year") and not hasattr(cell, "quantize"):
                found[column.key] = repr(cell)
            elif str(cell).startswith("<") or "</" in str(cell):
                found[column.key] = cell
    return found


def test_every_list_writes_every_column_of_its_rows(world):
    """PLT-1: no column of a file is missing or of a kind that no cell can hold."""
    silent, faults = set(), {}
    for kind in kinds():
        if kind.rows is None:
            continue
        try:
            rows = [row for who in READERS for row in rows_of(world, kind, who)]
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            faults[kind.key] = repr(fault)
            continue
        silent |= set() if rows else {kind.key}
        if found := wrong(kind, rows):
            faults[kind.key] = found
    assert (faults, silent) == ({}, QUIET)


def test_no_file_tells_about_the_other_side(world):
    """SEC-3: who sees nothing of a unit on its pages finds nothing of it in his files."""
    leaks = {}
    for side, watchers, secrets in HIDDEN.values():
        for who in watchers:
            if who not in world.cast.users:
                continue
            for kind in kinds():
                text = repr([[str(cell) for cell in row] for row in rows_of(world, kind, who)]) if kind.rows else ""
                told = {secret for secret in secrets if secret in text} - GRANTED.get((kind.url_name, who), set())
                if told:
                    leaks[side, who, kind.key] = told
    assert leaks == {}
