"""Lists: known query parameters only, `limit` and `cursor`, `fields`, `count=capped` (sync-api)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from rest_framework.request import Request

from crm.core import text
from crm.core.errors import FieldProblem, Invalid

MOST = 1000
DEFAULT = 100
PAGING = frozenset({"limit", "cursor", "fields", "sort", "count"})


@dataclass(frozen=True)
class ListQuery:
    """What a caller asked of a list."""

    limit: int
    cursor: str
    sort: str
    fields: tuple[str, ...]
    is_counted: bool
    filters: Mapping[str, Any]


def _whole(raw: str, name: str, least: int, most: int) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 10 or not least <= int(raw) <= most:
        raise Invalid(f"{name} is a whole number from {least} to {most}.", code="not_a_number", field=name)
    return int(raw)


def one_of(choices: Iterable[str]) -> Callable[[str, str], str]:
    """A filter with a fixed list of values."""
    allowed = tuple(choices)

    def parse(raw: str, name: str) -> str:
        if raw not in allowed:
            raise Invalid(f"{name} is one of: {', '.join(allowed)}.", code="unknown_value", field=name)
        return raw

    return parse


def a_text(raw: str, name: str) -> str:
    """A filter of free text, at most 100 characters."""
    return text.clean_text(raw, field=name, max_length=100, blank=False)


def an_id(raw: str, name: str) -> int:
    """A filter of an id."""
    if not raw.isascii() or not raw.isdigit() or len(raw) > 18:
        raise Invalid(f"{name} is an id: a whole number.", code="not_a_number", field=name)
    return int(raw)


def a_day(raw: str, name: str) -> date:
    """A filter of a date, 1900 to 2100."""
    try:
        value = date.fromisoformat(raw) if len(raw) == 10 else None
    except ValueError:
        value = None
    if value is None:
        raise Invalid(f"{name} is a date that exists, like 2026-11-21.", code="invalid_date", field=name)
    if not 1900 <= value.year <= 2100:
        raise Invalid(f"{name} is out of range.", code="out_of_range", field=name)
    return value


def a_moment(raw: str, name: str) -> datetime:
    """A filter of a moment with offset (a plus sign that arrives as a space is taken as such)."""
    try:
        value = parse_datetime(raw.replace(" ", "+") if raw.count(" ") == 1 and "T" in raw else raw)
    except ValueError:
        value = None
    if value is None:
        raise Invalid(f"{name} is a moment like 2026-11-21T08:00:00+08:00.", code="invalid_datetime", field=name)
    return make_aware(value) if is_naive(value) else value


def a_flag(raw: str, name: str) -> bool:
    """A filter of true or false."""
    if raw not in ("true", "false"):
        raise Invalid(f"{name} is true or false.", code="not_a_boolean", field=name)
    return raw == "true"


def list_query(
    request: Request,
    *,
    filters: Mapping[str, Callable[[str, str], Any]],
    sorts: Sequence[str] = ("id",),
    fields: Sequence[str] = (),
) -> ListQuery:
    """Read the query string. Raises `Invalid` naming every parameter that is unknown, doubled or wrong."""
    problems: list[FieldProblem] = []
    found: dict[str, Any] = {}
    given = request.query_params
    for name in given:
        raw = given.getlist(name)
        try:
            if name not in PAGING and name not in filters:
                raise Invalid(f"There is no parameter {name}.", code="unknown_parameter", field=name)
            if len(raw) > 1:
                raise Invalid(f"{name} is given twice.", code="repeated_parameter", field=name)
            text.refuse_characters(raw[0], name)
            if name in filters:
                found[name] = filters[name](raw[0], name)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid("The query is not valid.", errors=problems)
    sort = given.get("sort", sorts[0])
    if sort not in sorts:
        raise Invalid(f"sort is one of: {', '.join(sorts)}.", code="unknown_sort", field="sort")
    wanted = tuple(name for name in given.get("fields", "").split(",") if name)
    unknown = [name for name in wanted if name not in fields]
    if unknown:
        raise Invalid(f"There is no field {unknown[0]}.", code="unknown_field", field="fields")
    if given.get("count", "capped") != "capped":
        raise Invalid("count is: capped.", code="unknown_value", field="count")
    return ListQuery(
        limit=_whole(given.get("limit", str(DEFAULT)), "limit", 1, MOST),
        cursor=given.get("cursor", ""),
        sort=sort,
        fields=wanted,
        is_counted="count" in given,
        filters=found,
    )


def no_parameters(request: Request, *allowed: str) -> None:
    """For a single record: refuse any query parameter but these."""
    unknown = [name for name in request.query_params if name not in allowed]
    if unknown:
        raise Invalid(f"There is no parameter {unknown[0]}.", code="unknown_parameter", field=unknown[0])
