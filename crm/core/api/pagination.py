"""Keyset pages of the API: `limit`, opaque `cursor`, `items` and `next`; no count unless `count=capped`.

Apart from DRF's views on purpose: a pagination class that imports them is a circular import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from crm.core.api.problem import Problem
from crm.core.errors import FieldProblem
from crm.core.pages import BadCursor, Count, Keyset, decode_cursor

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
PARAMETERS = frozenset({"limit", "cursor", "count", "sort", "fields"})


def parameter_problem(name: str, code: str, detail: str) -> Problem:
    """A 400 about one query parameter."""
    return Problem(400, code, detail, [FieldProblem(f"?{name}", code, detail)])


def limit_of(request: Request, default: int = DEFAULT_LIMIT) -> int:
    """How many rows: 1 to 1000."""
    raw = request.query_params.get("limit")
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 4 and 1 <= int(raw) <= MAX_LIMIT):
        raise parameter_problem("limit", "out_of_range", _("limit must be a number from 1 to 1000."))
    return int(raw)


def keyset_of(request: Request, sorts: Mapping[str, tuple[str, ...]], default: str) -> tuple[Keyset, str | None]:
    """The order asked for (from an allow-list: name -> columns, the last one unique) and the checked cursor."""
    name = request.query_params.get("sort", default)
    if name not in sorts:
        allowed = ", ".join(sorts)
        raise parameter_problem("sort", "unknown_sort", _("Unknown sort. Allowed: %(allowed)s.") % {"allowed": allowed})
    keyset = Keyset(sorts[name], limit_of(request))
    cursor = request.query_params.get("cursor") or None
    if cursor is not None:
        try:
            decode_cursor(cursor, len(keyset.order))
        except BadCursor as fault:
            raise parameter_problem("cursor", "invalid_cursor", _("This cursor is not one of ours.")) from fault
    return keyset, cursor


def page(
    request: Request,
    keyset: Keyset,
    rows: Sequence[Any],
    key: Callable[[Any], Sequence[Any]],
    count: Callable[[], Count] | None = None,
) -> dict[str, Any]:
    """The body of a list answer, from `limit + 1` rows."""
    items, following = keyset.page(rows, key)
    answer: dict[str, Any] = {"items": items, "next": following}
    if wants_count(request) and count is not None:
        counted = count()
        answer["count"] = {"value": counted.number, "capped": counted.is_capped}
    return answer


def wants_count(request: Request) -> bool:
    """Whether a capped count was asked for."""
    raw = request.query_params.get("count")
    if raw not in (None, "capped"):
        raise parameter_problem("count", "invalid_choice", _("count can only be: capped."))
    return raw == "capped"
