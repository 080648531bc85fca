"""What the templates of saved segments are given (CUS-15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from accounts.filters import CustomerQuery, read_query
from accounts.models import Segment
from accounts.queries import names
from accounts.queries.segments import count_each, segments_for
from crm.core.abilities import Access
from crm.core.asked import Asked
from crm.core.errors import Invalid
from crm.core.pages import Count


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One saved segment. `words` are its filters; without `url` they are no longer understood."""

    id: int
    name: str
    url: str
    words: str
    owner: str
    unit: str
    is_mine: bool
    count: Count | None = None


def segment_list_context(request: Asked, today: date) -> dict[str, Any]:
    """CUS-15: one's own segments and those of one's units; for the menu of the list without their numbers."""
    segments = segments_for(request.access)
    return {"lines": segment_lines(request.access, segments, today=today, with_counts=not request.htmx)}


def segment_lines(
    access: Access, segments: Iterable[Segment], *, today: date, with_counts: bool = True
) -> list[SegmentLine]:
    """The segments with their filters in words and today's number of the reader's own customers in them."""
    read = [(segment, _read(segment.query, today)) for segment in segments]
    wanted = [(query.filters, query.search) for _segment, query in read if query is not None]
    counts = iter(count_each(access.scope, wanted) if with_counts else ())
    return [_line(access, segment, query, next(counts, None) if query else None) for segment, query in read]


def words_of(query: CustomerQuery) -> str:
    """The filters of a list in words."""
    search = [f"“{query.search}”"] if query.search else []
    return " · ".join([*search, *(chip.label for chip in query.chips)])


def filter_words(text: str, today: date) -> str:
    """The same of a filter that is kept; empty when it is no longer understood."""
    query = _read(text, today)
    return words_of(query) if query else ""


def _read(text: str, today: date) -> CustomerQuery | None:
    """The filter as the list reads it today; None when a value of it is gone."""
    try:
        return read_query(QueryDict(text.lstrip("?")), today)
    except Invalid:
        return None


def _line(access: Access, segment: Segment, query: CustomerQuery | None, count: Count | None) -> SegmentLine:
    return SegmentLine(
        id=segment.pk,
        name=segment.name,
        url=f"{reverse('accounts:customer_list')}?{segment.query.lstrip('?')}" if query else "",
        words=words_of(query) if query else "",
        owner=segment.owner.name,
        unit=names.unit_name(segment.unit_id),
        is_mine=segment.owner_id == access.user_id,
        count=count,
    )
