"""Service phrases as they are kept, and how often they were said (CMP-16); nobody is quoted or named."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.queries import names
from complaints.choices import PhrasePlace
from complaints.models import ServicePhrase
from complaints.rules.phrases import Phrase, wordings_of
from crm.core.errors import NotFound
from crm.core.scope import Scope

CACHE_SECONDS = 30.0
GIVEN = 10
"""The list is the ten of the source; 8–10 are missing in it (G2)."""


@dataclass
class _Kept:
    loaded_at: float = float("-inf")
    phrases: tuple[Phrase, ...] = ()
    ids: dict[int, int] | None = None


_kept = _Kept()


def forget() -> None:
    """Read the list again at the next question (after a change, and in tests)."""
    _kept.loaded_at = float("-inf")


def phrases() -> tuple[Phrase, ...]:
    """The phrases that are looked for, from a small cache: writing a reply asks no table for them."""
    return _loaded().phrases


def phrase_ids() -> dict[int, int]:
    """Number → id of the phrases looked for."""
    return _loaded().ids or {}


def _loaded() -> _Kept:
    if time.monotonic() - _kept.loaded_at > CACHE_SECONDS:
        rows = list(ServicePhrase.objects.filter(is_active=True).exclude(text="", wordings="").order_by("number"))
        _kept.phrases = tuple(Phrase(row.number, row.text, wordings_of(row.wordings), row.kinder) for row in rows)
        _kept.ids = {row.number: row.pk for row in rows}
        _kept.loaded_at = time.monotonic()
    return _kept


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """One place of the list for its page."""

    id: int
    number: int
    text: str
    wordings: tuple[str, ...]
    kinder: str
    is_active: bool
    is_missing: bool


def phrase_list() -> list[PhraseRow]:
    """Every place in order, the empty ones too."""
    return [
        PhraseRow(
            row.pk, row.number, row.text, wordings_of(row.wordings), row.kinder, row.is_active,
            not row.text and row.number <= GIVEN,
        )
        for row in ServicePhrase.objects.order_by("number")
    ]  # fmt: skip


def phrase_for_edit(phrase_id: int) -> ServicePhrase:
    """One phrase, or 404."""
    row = ServicePhrase.objects.filter(pk=phrase_id).first()
    if row is None:
        raise NotFound
    return row


# --- How often


@dataclass(frozen=True, slots=True)
class PhraseCount:
    """How often a phrase was said in a month by a unit: a number, never a sentence or a name."""

    number: int
    text: str
    this_month: int
    last_month: int
    before: int
    by_place: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """In the three months."""
        return self.this_month + self.last_month + self.before


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The same for a unit."""

    name: str
    this_month: int
    last_month: int
    before: int


def month_starts(today: date) -> tuple[date, date, date]:
    """The first days of this month and the two before."""
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    return this, last, (last - timedelta(days=1)).replace(day=1)


def _moments(today: date) -> list[datetime]:
    zone = timezone.get_current_timezone()
    return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in month_starts(today)]


_COUNTS = """
SELECT {by}, h.place, count(*) FILTER (WHERE h.at >= %s), count(*) FILTER (WHERE h.at >= %s AND h.at < %s),
    count(*) FILTER (WHERE h.at < %s)
FROM complaints_phrasehit h JOIN complaints_servicephrase p ON p.id = h.phrase_id
WHERE h.at >= %s AND {where} GROUP BY 1, 2
"""


def _counted(scope: Scope, by: str, today: date) -> list[tuple[int, str, int, int, int]]:
    this, last, before = _moments(today)
    where, params = scope.sql_for(unit="h.unit_id", manager="h.staff_id")
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(by=by, where=where), [this, last, this, last, before, *params])
        return list(cursor.fetchall())


def phrase_counts(scope: Scope, today: date) -> Sequence[PhraseCount]:
    """How often each phrase was said in this month and the two before (CMP-16), the most frequent first."""
    texts = {row.number: row.text for row in phrase_list()}
    found: dict[int, list[tuple[str, int, int, int]]] = {}
    for number, place, *numbers in _counted(scope, "p.number", today):
        found.setdefault(number, []).append((place, numbers[0], numbers[1], numbers[2]))
    rows = [_count(number, texts.get(number, ""), lines) for number, lines in found.items()]
    return sorted(rows, key=lambda row: (-row.total, row.number))


def _count(number: int, text: str, lines: list[tuple[str, int, int, int]]) -> PhraseCount:
    this, last, before = sum(line[1] for line in lines), sum(line[2] for line in lines), sum(line[3] for line in lines)
    places = tuple((str(PhrasePlace(line[0]).label), line[1] + line[2] + line[3]) for line in sorted(lines))
    return PhraseCount(number, text, this, last, before, places)


def unit_counts(scope: Scope, today: date) -> Sequence[UnitCount]:
    """The same by unit."""
    found: dict[int, list[int]] = {}
    for unit_id, _place, *numbers in _counted(scope, "h.unit_id", today):
        line = found.setdefault(unit_id, [0, 0, 0])
        for place, number in enumerate(numbers):
            line[place] += number
    rows = [UnitCount(names.unit_name(unit_id) or "", *line) for unit_id, line in found.items()]
    return sorted(rows, key=lambda row: (-row.this_month - row.last_month - row.before, row.name))
