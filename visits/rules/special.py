"""A special situation as somebody tells it (PLAN-8): frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
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
    parts: Mapping[str, Any] = field(default_factory=dict)
    """What the visit told here carries beside it, as on the log sheet (CON-25)."""
