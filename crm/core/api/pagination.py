"""Keyset pages of the API: `limit`, opaque `cursor`, `items` and `next`; no count unless `count=capped`.

Apart from DRF's views on purpose: a pagination class that imports them is a circular import.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from crm.core.api.problem import Problem
from crm.core.api.renderers import wants_lines
from crm.core.errors import FieldProblem
from crm.core.pages import COUNT_CAP, Count, decode_cursor, encode_cursor

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
PLACE = frozenset({"limit", "cursor"})
PAGE = PLACE | {"count", "fields"}
SORTED_PAGE = PAGE | {"sort"}
"""Parameters beside filters: of the feed, of a list, of a list in several orders."""
Page = tuple[Sequence[Any], str | None]
"""Records, and the cursor of the next page."""


def parameter_problem(name: str, code: str, detail: str) -> Problem:
    """A 400 about one query parameter."""
    return Problem(400, code, detail, [FieldProblem(f"?{name}", code, detail)])


def limit_of(request: Request, default: int = DEFAULT_LIMIT) -> int:
    """How many rows: 1 to 1000; a stream of lines reads by the thousand."""
    raw = request.query_params.get("limit")
    if raw is None:
        return MAX_LIMIT if wants_lines(request) else default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 4 and 1 <= int(raw) <= MAX_LIMIT):
        raise parameter_problem("limit", "out_of_range", _("limit must be a number from 1 to 1000."))
    return int(raw)


def cursor_of(request: Request) -> str:
    """The place to go on from, "" at the beginning; the query refuses one that is not of its order (400)."""
    return request.query_params.get("cursor", "")


def page_of_table(rows: Sequence[Any], *, cursor: str, limit: int) -> Page:
    """A page of a handful of rows that are read whole, by their place."""
    (start,) = decode_cursor(cursor, 1, (int,)) if cursor else (0,)
    end = max(start, 0) + limit
    return rows[max(start, 0) : end], encode_cursor([end]) if end < len(rows) else None


def sort_of(request: Request, sorts: Collection[str], default: str) -> str:
    """The order asked for, from an allow-list."""
    name = request.query_params.get("sort", default)
    if name not in sorts:
        allowed = ", ".join(sorts)
        raise parameter_problem("sort", "unknown_sort", _("Unknown sort. Allowed: %(allowed)s.") % {"allowed": allowed})
    return name


def fields_of(request: Request, known: Collection[str]) -> tuple[str, ...]:
    """`?fields=a,b` slims the records; an unknown name is an error, nothing means all."""
    fields = tuple(name for name in request.query_params.get("fields", "").split(",") if name)
    unknown = [name for name in fields if name not in known]
    if unknown:
        detail = _("There is no field %(name)s.") % {"name": unknown[0][:60]}
        raise parameter_problem("fields", "unknown_field", detail)
    return fields


def list_body(
    request: Request, items: Sequence[Any], following: str | None, count: Callable[[], Count] | None = None
) -> dict[str, Any]:
    """The body of a list answer, counted when that was asked for."""
    answer: dict[str, Any] = {"items": items, "next": following}
    cursor = getattr(request.parser_context["view"], "changes_cursor", "")
    if cursor:
        answer["changes_cursor"] = cursor
    if count is not None and wants_count(request):
        counted = count()
        answer["count"] = {"value": counted.number, "capped": counted.is_capped}
    return answer


def page_answer(
    request: Request, shape: type[Serializer[Any]], records: Callable[..., Page], *about: Any, **more: Any
) -> Response:
    """The page of a list that was asked for, slimmed and counted when that was asked for too.

    `records` makes records of this shape and takes `cursor` and `limit` besides what is given here.
    """
    fields = fields_of(request, names_of(shape))
    items, following = records(*about, cursor=cursor_of(request), limit=limit_of(request), **more)
    if fields:
        items = [{name: item[name] for name in ("id", *fields) if name in item} for item in items]

    def count() -> Count:
        found, _rest = records(*about, cursor="", limit=COUNT_CAP + 1, **more)
        return Count(min(len(found), COUNT_CAP), len(found) > COUNT_CAP)

    return Response(list_body(request, items, following, count))


@lru_cache
def names_of(shape: type[Serializer[Any]]) -> frozenset[str]:
    """The fields of such records."""
    return frozenset(shape().fields)


def wants_count(request: Request) -> bool:
    """Whether a capped count was asked for."""
    raw = request.query_params.get("count")
    if raw not in (None, "capped"):
        raise parameter_problem("count", "invalid_choice", _("count can only be: capped."))
    return raw == "capped"
