"""Channels, outcomes, occasions and what counts, from a small process cache: the log sheet asks no table for them."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

from visits.models import Channel, CountingRule, Occasion, Outcome
from visits.rules.counting import Cell, CountingRow, counts

CACHE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One catalogue row with both labels."""

    id: int
    code: str
    label_zh: str
    label_en: str
    is_active: bool

    @property
    def label(self) -> str:
        """The label in the language of the moment (decisions 29)."""
        return self.label_en if (get_language() or "").startswith("en") else self.label_zh


@dataclass(frozen=True, slots=True)
class ChannelEntry(Entry):
    """A channel and what follows from it."""

    is_on_site: bool
    is_face_to_face: bool
    is_offered: bool
    slots: int


@dataclass(frozen=True, slots=True)
class OutcomeEntry(Entry):
    """An outcome: effective, or a failed attempt."""

    is_effective: bool
    is_failed_attempt: bool


@dataclass(frozen=True, slots=True)
class OccasionEntry(Entry):
    """An occasion and what it makes of the computed fields (CON-9)."""

    work_class: str
    category: str
    service_kind: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it, by code and by id, in the order of the settings."""

    channels: dict[str, ChannelEntry]
    outcomes: dict[str, OutcomeEntry]
    occasions: dict[str, OccasionEntry]
    channels_by_id: dict[int, ChannelEntry]
    outcomes_by_id: dict[int, OutcomeEntry]
    occasions_by_id: dict[int, OccasionEntry]
    counting: dict[Cell, list[CountingRow]] = field(default_factory=dict)

    def counts(self, cell: Cell, on: date) -> bool:
        """Whether such a visit counts on this day (CON-8)."""
        return counts(cell, on, self.counting.get(cell, ()))

    def offered_channels(self) -> list[ChannelEntry]:
        """Channels of the log sheet (CON-5, CON-6)."""
        return [row for row in self.channels.values() if row.is_active and row.is_offered]

    def offered_outcomes(self) -> list[OutcomeEntry]:
        """Outcomes of the log sheet (CON-8)."""
        return [row for row in self.outcomes.values() if row.is_active]

    def offered_occasions(self) -> list[OccasionEntry]:
        """Occasions of the log sheet (CON-9)."""
        return [row for row in self.occasions.values() if row.is_active]


@dataclass
class _Cache:
    loaded_at: float = float("-inf")
    value: Catalogue | None = None


_cache = _Cache()


def forget() -> None:
    """Read the tables again at the next question (after a change, and between tests)."""
    _cache.loaded_at = float("-inf")


def catalogue() -> Catalogue:
    """The catalogue of this process, at most 30 seconds old."""
    if _cache.value is None or time.monotonic() - _cache.loaded_at > CACHE_SECONDS:
        _cache.value = _load()
        _cache.loaded_at = time.monotonic()
    return _cache.value


def _load() -> Catalogue:
    common = ("id", "code", "label_zh", "label_en", "is_active")
    channels = [
        ChannelEntry(*row)
        for row in Channel.objects.order_by("position", "id").values_list(
            *common, "is_on_site", "is_face_to_face", "is_offered", "slots"
        )
    ]
    outcomes = [
        OutcomeEntry(*row)
        for row in Outcome.objects.order_by("position", "id").values_list(*common, "is_effective", "is_failed_attempt")
    ]
    occasions = [
        OccasionEntry(*row)
        for row in Occasion.objects.order_by("position", "id").values_list(
            *common, "work_class", "category", "service_kind"
        )
    ]
    return Catalogue(
        channels={row.code: row for row in channels},
        outcomes={row.code: row for row in outcomes},
        occasions={row.code: row for row in occasions},
        channels_by_id={row.id: row for row in channels},
        outcomes_by_id={row.id: row for row in outcomes},
        occasions_by_id={row.id: row for row in occasions},
        counting=_counting(),
    )


def _counting() -> dict[Cell, list[CountingRow]]:
    table: dict[Cell, list[CountingRow]] = defaultdict(list)
    for channel, direction, party, outcome, is_bulk, holds, starts in CountingRule.objects.values_list(
        "channel__code", "direction", "party", "outcome__code", "is_bulk", "counts", "effective_from"
    ):
        cell = Cell(channel, direction, party, outcome, is_bulk)
        table[cell].append(CountingRow(cell, holds, starts))
    return dict(table)
