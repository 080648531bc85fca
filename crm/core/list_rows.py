"""The rows of a list for a file, taken from what its page is given: a file is what the list shows, page after page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils import timezone

from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.lists import MAX_ROWS, Page, Rows, cells, page_by_page, params_of
from crm.core.models import User

Build = Callable[[Asked, datetime], Mapping[str, Any]]
Maker = Callable[[Any], Any]


def asked_as(user: User, params: QueryDict) -> Asked:
    """The list as if this person had opened it with this address."""
    request = Asked()
    request.method = "GET"
    request.GET = params  # type: ignore[assignment]
    request.user = user
    request.access = user.access
    request.htmx = None
    return request


def from_page(
    build: Build,
    lines: str | Callable[[Mapping[str, Any]], Iterable[Any]],
    makers: Mapping[str, Maker],
    more: str = "more_url",
) -> Rows:
    """Rows for files out of the context of a page.

    `build` is the page's own, `lines` names its rows, `makers` says what each column is of a row. The next page is
    where the page's link to more leads.
    """

    def rows(
        user: User, query: Mapping[str, str], columns: Sequence[str], is_unmasked: bool
    ) -> Iterator[tuple[Any, ...]]:
        make, params, left = cells(makers, columns), params_of(query), MAX_ROWS
        while left > 0:
            context = build(asked_as(user, params), timezone.now())
            found = context[lines] if isinstance(lines, str) else lines(context)
            for line in found:
                yield make(line)
                left -= 1
            following = context.get(more)
            if not following:
                return
            params = QueryDict(urlsplit(following).query)

    return rows


def cut(request: Asked, rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """Of a list by id, read one row too far: the rows of a page, and where it goes on."""
    more = with_values(request.GET, before=str(rows[limit - 1].id)) if len(rows) > limit else ""
    return {"rows": rows[:limit], "more_url": more}


def in_steps(
    begin: Callable[[Asked, datetime], Callable[[str], Page]],
    makers: Mapping[str, Maker],
    unmasked: Mapping[str, Maker] | None = None,
) -> Rows:
    """Rows of a long list, read in larger steps than its page.

    `begin` reads the address and answers what reads the rows after a cursor; `unmasked` are the makers of the columns
    that are masked as a rule.
    """

    def rows(
        user: User, query: Mapping[str, str], columns: Sequence[str], is_unmasked: bool
    ) -> Iterator[tuple[Any, ...]]:
        read = begin(asked_as(user, params_of(query)), timezone.now())
        make = cells({**makers, **(unmasked or {})} if is_unmasked else makers, columns)
        return map(make, page_by_page(read))

    return rows
