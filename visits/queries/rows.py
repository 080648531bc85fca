"""Visits as rows: one SELECT for list, timeline, figures and detail; names and labels come from process caches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.queries import names
from accounts.queries.names import TierView
from visits.choices import Category, Direction, Mood, Party, ServiceKind, VisitKind, WorkClass
from visits.queries.catalogue import Catalogue, catalogue

COLUMNS = """
v.id, v.customer_id, c.name, c.tier_id, v.staff_id, v.manager_id, v.unit_id, v.party, v.channel_id, v.direction,
v.outcome_id, v.occasion_id, v.kind, v.work_class, v.category, v.service_kind, v.occurred_at, v.occurred_on,
v.ended_at, v.logged_at, v.is_backdated, v.is_bulk, v.counts, v.place, v.content, v.result, v.next_step, v.next_on,
v.mood, v.undone_at, v.version, v.logged_by_id, v.event,
ARRAY(SELECT p.name FROM visits_visitperson m JOIN accounts_contactperson p ON p.id = m.person_id
    WHERE m.visit_id = v.id ORDER BY m.id),
ARRAY(SELECT k.staff_id FROM visits_visitcompanion k WHERE k.visit_id = v.id ORDER BY k.id),
(SELECT count(*) FROM visits_remark r WHERE r.visit_id = v.id),
(SELECT count(*) FROM visits_visitnote n WHERE n.visit_id = v.id),
COALESCE((SELECT true FROM visits_duty d WHERE d.met_by_id = v.id LIMIT 1), false)
"""
"""Never EXISTS among the columns: the planner would hash the whole ledger for fifty rows."""
SOURCE = "FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit as lists show it."""

    known: Catalogue
    id: int
    customer_id: int
    customer_name: str
    tier_id: int | None
    staff_id: int
    manager_id: int | None
    unit_id: int
    party: str
    channel_id: int
    direction: str
    outcome_id: int
    occasion_id: int | None
    kind: str
    work_class: str
    category: str
    service_kind: str
    occurred_at: datetime
    occurred_on: date
    ended_at: datetime | None
    logged_at: datetime
    is_backdated: bool
    is_bulk: bool
    counts: bool
    place: str
    content: str
    result: str
    next_step: str
    next_on: date | None
    mood: str
    undone_at: datetime | None
    version: int
    logged_by_id: int
    event: Any
    persons: Sequence[str]
    companion_ids: Sequence[int]
    remarks: int
    notes: int
    settles: bool

    @property
    def channel(self) -> str:
        """The channel in words."""
        return self.known.channels_by_id[self.channel_id].label

    @property
    def channel_code(self) -> str:
        """The channel's code: what the icon hangs on."""
        return self.known.channels_by_id[self.channel_id].code

    @property
    def outcome(self) -> str:
        """The outcome in words."""
        return self.known.outcomes_by_id[self.outcome_id].label

    @property
    def is_effective(self) -> bool:
        """Whether somebody was reached."""
        return self.known.outcomes_by_id[self.outcome_id].is_effective

    @property
    def occasion(self) -> str:
        """The occasion in words, or nothing."""
        return self.known.occasions_by_id[self.occasion_id].label if self.occasion_id else ""

    @property
    def staff_name(self) -> str:
        """Who held the contact."""
        return names.staff_name(self.staff_id)

    @property
    def manager_name(self) -> str:
        """Manager of record of the day."""
        return names.staff_name(self.manager_id)

    @property
    def unit_name(self) -> str:
        """The customer's unit of the day."""
        return names.unit_name(self.unit_id)

    @property
    def tier(self) -> TierView | None:
        """The customer's tier today."""
        return names.tier(self.tier_id)

    @property
    def companions(self) -> list[str]:
        """Colleagues who came along."""
        return [names.staff_name(staff_id) for staff_id in self.companion_ids]

    @property
    def minutes(self) -> int | None:
        """How long it took."""
        if self.ended_at is None:
            return None
        return round((self.ended_at - self.occurred_at).total_seconds() / 60)

    @property
    def is_inbound(self) -> bool:
        """The customer started it (CON-11)."""
        return self.direction == Direction.INBOUND

    @property
    def is_other(self) -> bool:
        """Held by somebody who does not count (decisions 7)."""
        return self.party == Party.OTHER

    @property
    def direction_label(self) -> str:
        """Direction in words."""
        return str(Direction(self.direction).label)

    @property
    def party_label(self) -> str:
        """Who held it, in words."""
        return str(Party(self.party).label)

    @property
    def kind_label(self) -> str:
        """Regular, irregular or special, in words (CON-15)."""
        return str(VisitKind(self.kind).label)

    @property
    def work_class_label(self) -> str:
        """Class of work in words (ORG-8)."""
        return str(WorkClass(self.work_class).label)

    @property
    def category_label(self) -> str:
        """Daily-service category in words (CON-38)."""
        return str(Category(self.category).label) if self.category else ""

    @property
    def service_kind_label(self) -> str:
        """Communication or additional service, in words (CON-38)."""
        return str(ServiceKind(self.service_kind).label)

    @property
    def mood_label(self) -> str:
        """The customer's mood in words."""
        return str(Mood(self.mood).label) if self.mood else ""


def visit_rows(records: Sequence[Sequence[Any]]) -> list[VisitRow]:
    """Rows of the SELECT above."""
    known = catalogue()
    return [VisitRow(known, *record) for record in records]
