"""Statements planned once per connection: where planning costs more than running (mechanisms, finding 5).

A hot statement over few rows (logging a visit) spends most of its time in the planner. `run` prepares it on the first
use of a connection and executes the plan afterwards. Only for statements whose plan does not depend on the values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_MARK = re.compile(r"%s|%%|%\((?P<name>\w+)\)s")
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""Connection of the driver → statement → its name there. A new connection begins empty, as the server does."""


def run(
    cursor: CursorWrapper,
    sql: str,
    params: Sequence[Any] | Mapping[str, Any],
    types: Sequence[str] | Mapping[str, str],
) -> None:
    """Execute a statement through its prepared plan: `%s` marks with types in order, or `%(name)s` with named ones.

    The plan is made without the values: beware of ORDER BY … LIMIT over a filter, which may walk a whole index.
    Behind a pooler that shares sessions (the setting Django has for it is on) it is simply executed.
    """
    if cursor.db.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        cursor.execute(sql, params)
        return
    order = list(types) if isinstance(types, Mapping) else []
    names = _known.setdefault(cursor.db.connection, {})
    name = names.get(sql)
    if name is None:
        name = f"crm_{len(names)}"
        kinds = types.values() if isinstance(types, Mapping) else types
        # Past Django's log: what a page asks does not depend on whether the connection is new.
        cursor.cursor.execute(f"PREPARE {name} ({', '.join(kinds)}) AS {_numbered(sql, order)}")
        names[sql] = name
    values = [params[key] for key in order] if isinstance(params, Mapping) else list(params)
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f"EXECUTE {name} ({marks})" if values else f"EXECUTE {name}", values or None)


def forget() -> None:
    """After DEALLOCATE ALL on this connection: nothing is prepared there any more."""
    _known.pop(connection.connection, None)


def _numbered(sql: str, order: Sequence[str]) -> str:
    """The statement as the server prepares it: $1, $2… for the marks."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found.group() == "%%":
            return "%"
        if found["name"]:
            return f"${order.index(found['name']) + 1}"
        count += 1
        return f"${count}"

    return _MARK.sub(number, sql)
