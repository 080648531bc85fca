"""A special situation as somebody tells it (PLAN-8): frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Situation:
    """What the one form holds. The visit is one already logged, one told here, or still to come."""

    trigger: str
    found_at: datetime
    facts: str = ""
    actions: str = ""
    follow_up: str = ""
    follow_on: date | None = None
    visit_id: int | None = None
    visited_at: datetime | None = None
    channel: str = "on_site"
    client_key: UUID | None = None
