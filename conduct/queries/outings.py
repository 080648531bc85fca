"""Outings: the register (SEC-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.queries import names
from conduct.choices import OutingSource, OutingState
from conduct.models import Outing
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope

PAGE = 50


@dataclass(frozen=True, slots=True)
class OutingRow:
    """One outing as pages show it."""

    id: int
    staff_id: int
    name: str
    unit_name: str
    day: date
    leaves_at: datetime
    returns_at: datetime
    left_at: datetime | None
    back_at: datetime | None
    destination: str
    purpose: str
    source: str
    state: str
    closed_by_night: bool

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(OutingState(self.state).label)

    @property
    def source_label(self) -> str:
        """Where it came from, in words."""
        return str(OutingSource(self.source).label)


def row_of(row: Outing) -> OutingRow:
    """An outing as a value."""
    return OutingRow(
        row.pk, row.staff_id, names.staff_name(row.staff_id), names.unit_name(row.unit_id), row.day, row.leaves_at,
        row.returns_at, row.left_at, row.back_at, row.destination, row.purpose, row.source, row.state,
        row.closed_by_night,
    )  # fmt: skip


def reading_scope(access: Access) -> Scope:
    """One's own outings and those of one's team."""
    own = Scope(manager_ids=(access.staff_id,)) if access.staff_id is not None else Scope.NOTHING
    return access.scope_for("view_team").union(own)


@dataclass(frozen=True, slots=True)
class OutingFilters:
    """What the address of the register asks for."""

    staff_id: int | None = None
    state: str = ""
    first: date | None = None
    last: date | None = None


def outings(
    access: Access, filters: OutingFilters, *, before: int | None = None, limit: int = PAGE
) -> tuple[Sequence[OutingRow], int | None]:
    """The register, newest first; answers the rows and where the next page begins."""
    rows = _filtered(Outing.visible_to(reading_scope(access)), filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = [row_of(row) for row in found[:limit]]
    return shown, (shown[-1].id if len(found) > limit else None)


def _filtered(rows: QuerySet[Outing], filters: OutingFilters) -> QuerySet[Outing]:
    if filters.staff_id is not None:
        rows = rows.filter(staff_id=filters.staff_id)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.first is not None:
        rows = rows.filter(day__gte=filters.first)
    if filters.last is not None:
        rows = rows.filter(day__lte=filters.last)
    return rows


def outing_row(access: Access, outing_id: int) -> OutingRow:
    """One outing; 404 where it is out of sight."""
    row = Outing.visible_to(reading_scope(access)).filter(pk=outing_id).first()
    if row is None:
        raise NotFound
    return row_of(row)
