"""Irregularity reports (CMP-34, CMP-35, ORG-15): who sees them, their hops, their photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.choices import UnitType
from accounts.models import Customer
from accounts.queries import names
from accounts.queries.dispatches import own_units
from complaints.choices import IrregularityKind, IrregularityState
from complaints.models import IrregularityFile
from complaints.rules.irregularities import ORDER
from crm.core.abilities import Access
from crm.core.errors import NotFound
from visits.models import ShopCheck

TABLE = "complaints_irregularity"
LIMIT = 50
FORWARDS = "forward_irregularities"


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a report: what, when, by whom, and to which unit."""

    label: str
    look: str
    at: datetime | None
    by: str | None
    unit: str


@dataclass(frozen=True, slots=True)
class IrregularityRow:
    """A report on its list and page."""

    id: int
    kind: str
    subject: str
    customer_id: int | None
    customer_name: str | None
    place: str
    facts: str
    found_at: datetime
    staff_id: int | None
    unit_id: int
    state: str
    reported_at: datetime
    reported_by: str
    to_unit_id: int | None
    forwarded_at: datetime | None
    forwarded_by: str | None
    result: str
    result_at: datetime | None
    result_by: str | None
    copy_unit_id: int | None
    copied_at: datetime | None
    copied_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    version: int

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return str(IrregularityKind(self.kind).label)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(IrregularityState(self.state).label)

    @property
    def unit_name(self) -> str:
        """The unit it was found in."""
        return names.unit_name(self.unit_id)

    @property
    def hops(self) -> list[Hop]:
        """Every hop with its moment (CMP-35)."""
        done = ORDER.index(IrregularityState(self.state))
        told = (
            (self.reported_at, self.reported_by, None),
            (self.forwarded_at, self.forwarded_by, self.to_unit_id),
            (self.result_at, self.result_by, None),
            (self.copied_at, self.copied_by, self.copy_unit_id),
            (self.closed_at, self.closed_by, None),
        )
        return [
            Hop(str(state.label), "done" if place <= done else "now" if place == done + 1 else "later", at, by,
                names.unit_name(unit_id) if unit_id else "")
            for place, (state, (at, by, unit_id)) in enumerate(zip(ORDER, told, strict=True))
        ]  # fmt: skip


_ROWS = """
SELECT i.id, i.kind, i.subject, c.id, c.name, i.place, i.facts, i.found_at, i.staff_id, i.unit_id, i.state,
    i.reported_at, r.name, i.to_unit_id, i.forwarded_at, f.name, i.result, i.result_at, s.name, i.copy_unit_id,
    i.copied_at, k.name, i.closed_at, x.name, i.version
FROM complaints_irregularity i JOIN core_user r ON r.id = i.reported_by_id
LEFT JOIN accounts_customer c ON c.id = i.customer_id LEFT JOIN core_user f ON f.id = i.forwarded_by_id
LEFT JOIN core_user s ON s.id = i.result_by_id LEFT JOIN core_user k ON k.id = i.copied_by_id
LEFT JOIN core_user x ON x.id = i.closed_by_id
WHERE {where}
"""


def sees(access: Access) -> tuple[str, list[Any]]:
    """Reports of one's own, of the units one reads, and those passed on to one's own unit (ORG-15)."""
    where, params = access.scope.sql_for(unit="i.unit_id", manager="i.staff_id")
    mine = list(own_units(access))
    return f"({where} OR i.to_unit_id = ANY(%s) OR i.copy_unit_id = ANY(%s))", [*params, mine, mine]


def _read(where: str, params: Sequence[Any]) -> list[IrregularityRow]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(where=where), list(params))
        return [IrregularityRow(*row) for row in cursor.fetchall()]


def irregularity_list(
    access: Access, *, state: str = "", kind: str = "", before: int | None = None
) -> list[IrregularityRow]:
    """Newest first; at most one more than are shown."""
    where, params = sees(access)
    parts = [where]
    for sql, value in (("i.state = %s", state or None), ("i.kind = %s", kind or None), ("i.id < %s", before)):
        if value is not None:
            parts.append(sql)
            params = [*params, value]
    return _read(" AND ".join(parts) + " ORDER BY i.id DESC LIMIT %s", [*params, LIMIT + 1])


def irregularity_for(access: Access, irregularity_id: int) -> IrregularityRow:
    """One report, or 404."""
    where, params = sees(access)
    rows = _read(f"i.id = %s AND {where}", [irregularity_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def may_forward(access: Access, row: IrregularityRow) -> bool:
    """The regional market manager of the unit takes every hop after the report."""
    return access.scope_for(FORWARDS).allows(unit_id=row.unit_id, manager_id=row.staff_id)


def irregularity_photos(row: IrregularityRow) -> Sequence[IrregularityFile]:
    """The photos of a report the caller has reached."""
    return list(IrregularityFile.unscoped.filter(irregularity_id=row.id).select_related("attachment").order_by("pk"))


def irregularity_photo(access: Access, irregularity_id: int, file_id: int) -> IrregularityFile:
    """One of them, or 404."""
    row = irregularity_for(access, irregularity_id)
    found = IrregularityFile.unscoped.filter(irregularity_id=row.id, pk=file_id).select_related("attachment").first()
    if found is None:
        raise NotFound
    return found


_UNITS = "SELECT id, name FROM accounts_unit WHERE is_active AND type = %s ORDER BY path"


def units_of_type(kind: UnitType) -> list[tuple[int, str]]:
    """ORG-15: the departments outside that a report goes to."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [kind.value])
        return [(row[0], row[1]) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a visit already says about irregular business nearby (CON-39), or a customer to refer to."""

    customer_id: int | None = None
    customer_name: str = ""
    facts: str = ""
    place: str = ""
    found_at: datetime | None = None


def from_visit(access: Access, visit_id: int) -> Prefill:
    """The checklist of a visit in sight: its answer becomes the first lines of the report; else 404."""
    check = ShopCheck.visible_to(access.scope).select_related("visit__customer").filter(visit_id=visit_id).first()
    if check is None:
        raise NotFound
    visit = check.visit
    return Prefill(None, "", check.irregular_report, visit.place or visit.customer.district, visit.occurred_at)


def from_customer(access: Access, customer_id: int) -> Prefill:
    """A customer in sight; else 404."""
    row = Customer.visible_to(access.scope).filter(pk=customer_id).first()
    if row is None:
        raise NotFound
    return Prefill(row.pk, row.name)
