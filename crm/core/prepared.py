"""Statements planned once per connection: where planning costs more than running (mechanisms, finding 5).

A hot statement over few rows (logging a visit) spends most of its time in the planner. `run` prepares it on the first
use of a connection and executes the plan afterwards. Only for statements whose plan does not depend on the values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_MARK = re.compile(r"%s|%%")
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""Connection of the driver → statement → its name there. A new connection begins empty, as the server does."""


def run(cursor: CursorWrapper, sql: str, params: Sequence[Any], types: Sequence[str]) -> None:
    """Execute a statement with %s marks through its prepared plan; `types` are the marks' types, in order.

    Behind a pooler that shares sessions (the setting Django has for it is on) it is simply executed.
    """
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        cursor.execute(sql, params)
        return
    names = _known.setdefault(connection.connection, {})
    name = names.get(sql)
    if name is None:
        name = f"crm_{len(names)}"
        # Past Django's log: what a page asks does not depend on whether the connection is new.
        cursor.cursor.execute(f"PREPARE {name} ({', '.join(types)}) AS {_numbered(sql)}")
        names[sql] = name
    marks = ", ".join(["%s"] * len(params))
    cursor.execute(f"EXECUTE {name} ({marks})" if params else f"EXECUTE {name}", params or None)


def _numbered(sql: str) -> str:
    """The statement as the server prepares it: $1, $2… for the marks."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found.group() == "%%":
            return "%"
        count += 1
        return f"${count}"

    return _MARK.sub(number, sql)
