"""What a log sheet holds and what logging it answers (screens 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from visits.choices import LoggedFrom


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """One log sheet: what happened, with whom. Computed fields (class, kind, party, what counts) are never in it.

    `direction` empty: computed from the channel. `staff_id` only for machines, which log in a person's name.
    """

    customer_ids: tuple[int, ...]
    channel: str
    outcome: str
    occurred_at: datetime
    client_key: UUID | None
    direction: str = ""
    occasion: str = ""
    ended_at: datetime | None = None
    content: str = ""
    result: str = ""
    mood: str = ""
    place: str = ""
    next_step: str = ""
    next_on: date | None = None
    met_person_ids: tuple[int, ...] = ()
    new_persons: tuple[tuple[int, str], ...] = ()
    companion_ids: tuple[int, ...] = ()
    opinion: str = ""
    problem: str = ""
    learned: Mapping[str, Any] = field(default_factory=dict)
    dial_tap_id: int | None = None
    is_bulk: bool = False
    logged_from: str = LoggedFrom.FORM
    source: str = ""
    external_id: str = ""
    staff_id: int | None = None
    # What other parts of the sheet hold: code → cleaned values (visits.parts).
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_imported(self) -> bool:
        """An imported visit carries its source and has no back-dating limit (decisions 7)."""
        return self.logged_from == LoggedFrom.IMPORT


@dataclass(frozen=True, slots=True)
class SettledDuty:
    """A duty that a visit settled: what the toast says and the ring turns by."""

    duty_id: int
    customer_id: int
    visit_id: int
    purpose: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Logged:
    """The answer to a log sheet. A double submit gets the first answer again with `duplicate`."""

    visit_ids: tuple[int, ...]
    settled: list[SettledDuty]
    warnings: list[str]
    duplicate: bool = False
