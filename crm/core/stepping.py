"""From one record of a list to the next, in the order of the list one came from (screens: J and K).

The record's page asks nothing: it only carries the list's address in its links. Where the next one is, is looked up
when somebody goes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise

from crm.core.addresses import COLUMNS
from crm.core.asked import Asked
from crm.core.errors import NotAllowed, NotFound
from crm.core.list_rows import asked_as
from crm.core.lists import ListKind, Page, Rows, kind_of, kinds, page_by_page

MOST = 2_000
"""So far from the beginning of a list one can step; beyond it the list itself is the way."""
LIST, QUERY, PLACE = "in", "q", "n"
Ids = Callable[[Asked, datetime], Iterable[int]]


@dataclass(frozen=True)
class Steps:
    """A list whose records have a page: which page, and the ids in the list's order."""

    key: str
    record: str
    ids: Ids


@dataclass(frozen=True)
class Position:
    """The list one came from, as a record's address carries it. `place` counts from 0; unknown at first."""

    steps: Steps
    query: str
    place: int | None = None

    @property
    def kind(self) -> ListKind:
        """The list itself."""
        found = kind_of(self.steps.key)
        if found is None:
            raise NotFound
        return found

    @property
    def label(self) -> str | Promise:
        """What the list is called."""
        return self.kind.label

    @property
    def list_url(self) -> str:
        """The way back to it."""
        return f"{self.kind.url}?{self.query}" if self.query else self.kind.url

    def record_url(self, record_id: int, place: int | None = None) -> str:
        """A record's page that knows where it came from."""
        carried = {LIST: self.steps.key, QUERY: self.query} | ({} if place is None else {PLACE: str(place)})
        return f"{reverse(self.steps.record, args=[record_id])}?{urlencode(carried)}"

    def step_url(self, record_id: int, to: str) -> str:
        """Where the neighbour is looked up."""
        carried = {LIST: self.steps.key, QUERY: self.query, "at": str(record_id), "to": to}
        return f"{reverse('core:step')}?{urlencode(carried | ({} if self.place is None else {PLACE: str(self.place)}))}"


_known: dict[str, Steps] = {}


def register_steps(key: str, record: str, ids: Ids) -> None:
    """Make the records of a list known; called by an app's `lists.py`."""
    _known[key] = Steps(key, record, ids)


def ids_of(begin: Callable[[Asked, datetime], Callable[[str], Page]], id_of: Callable[[Any], int]) -> Ids:
    """Ids of a list that is read page after page, as its files are (crm.core.list_rows.in_steps)."""

    def ids(request: Asked, now: datetime) -> Iterator[int]:
        return map(id_of, page_by_page(begin(request, now), MOST))

    return ids


def ids_on_pages(rows: Rows) -> Ids:
    """Ids of a list whose rows are taken from its page (crm.core.list_rows.from_page); `rows` has a column "id"."""

    def ids(request: Asked, now: datetime) -> Iterator[int]:
        return (int(row[0]) for row in rows(request.user, request.GET.dict(), ("id",), False))

    return ids


def _steps_of(key: str) -> Steps | None:
    kinds()  # the apps' lists are loaded
    return _known.get(key)


def position_of(request: HttpRequest) -> Position | None:
    """The list this record was opened from: in its address, else where the browser says it comes from."""
    match, record_id = request.resolver_match, _record_id(request)
    if match is None or record_id is None or not any(one.record == match.view_name for one in _all()):
        return None
    found = _carried(request.GET)
    if found is None:
        found = _from_referrer(request)
    return found if found is not None and found.steps.record == match.view_name else None


def _all() -> Sequence[Steps]:
    kinds()
    return list(_known.values())


def _record_id(request: HttpRequest) -> int | None:
    found = (request.resolver_match.kwargs if request.resolver_match else {}).get("pk")
    return found if isinstance(found, int) else None


def _carried(params: QueryDict) -> Position | None:
    steps = _steps_of(params.get(LIST, ""))
    if steps is None:
        return None
    place = params.get(PLACE, "")
    is_number = place.isascii() and place.isdigit() and len(place) < 6
    return Position(steps, _clean(params.get(QUERY, "")), int(place) if is_number else None)


def _from_referrer(request: HttpRequest) -> Position | None:
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or len(parts.query) > 2_000:
        return None
    if parts.path == request.path:
        return _carried(QueryDict(parts.query))
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    steps = next((one for one in _all() if (kind := kind_of(one.key)) and kind.url_name == name), None)
    return None if steps is None else Position(steps, _clean(parts.query))


def _clean(query: str) -> str:
    """The filters and the order of a list, without where one was in it."""
    kept = QueryDict(query[:2_000], mutable=True)
    for name in ("cursor", "before", "part", "after", COLUMNS):
        kept.pop(name, None)
    return kept.urlencode()


def neighbour(request: Asked, *, now: datetime) -> tuple[str, bool]:
    """The address of the next or previous record, and whether there is one; else the list's own address."""
    position = _carried(request.GET)
    at = request.GET.get("at", "")
    if position is None or not (at.isascii() and at.isdigit() and len(at) < 19):
        raise NotFound
    if not position.kind.is_open_to(request.access):
        raise NotAllowed
    asked = asked_as(request.user, QueryDict(position.query))
    ids = islice(position.steps.ids(asked, now), MOST)
    found = _walk(ids, int(at), is_forward=request.GET.get("to") != "previous", before=position.place)
    if found is None:
        return position.list_url, False
    return position.record_url(*found), True


def _walk(ids: Iterable[int], at: int, *, is_forward: bool, before: int | None) -> tuple[int, int] | None:
    """The neighbour and its place; no further than needed.

    A record that a deed took out of the list leaves its place to the one that moved up.
    """
    seen: list[int] = []
    for place, found in enumerate(ids):
        if found == at and not is_forward:
            return (seen[-1], place - 1) if seen else None
        if is_forward and seen and seen[-1] == at:
            return found, place
        seen.append(found)
    if before is None or at in seen:
        return None
    place = before if is_forward else before - 1
    return (seen[place], place) if 0 <= place < len(seen) else None
