"""One visit with everything that hangs on it, and its neighbours for next/previous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotAllowed, NotFound
from crm.core.scope import Scope
from visits.choices import VoiceKind
from visits.models import Interruption, Reversal
from visits.queries.callbacks import reversal_of
from visits.queries.journal.check_ins import are_signed
from visits.queries.rows import COLUMNS, SOURCE, VisitRow, visit_rows
from visits.queries.visit_list import VisitFilters, conditions


@dataclass(frozen=True, slots=True)
class Said:
    """A remark, a note or what the customer said."""

    text: str
    by: str
    at: datetime
    kind: str = ""

    @property
    def kind_label(self) -> str:
        """What kind of voice it is, in words."""
        return str(VoiceKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A duty this visit met."""

    duty_id: int
    purpose: str
    starts_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """The record with remarks, notes, voices and duties."""

    row: VisitRow
    remarks: Sequence[Said]
    notes: Sequence[Said]
    voices: Sequence[Said]
    settled: Sequence[Settled]
    together: Sequence[tuple[int, str]]
    # CON-34: other visits of the same person with the very same text.
    same_text: int = 0
    # CON-34: taken out of the count by a callback, or put back.
    reversal: Reversal | None = None
    # SKL-9: why the service was interrupted; None: it was not.
    interruption: str | None = None

    @property
    def is_undone(self) -> bool:
        """Taken back by its author."""
        return self.row.undone_at is not None


LONG_ENOUGH = 10
"""Shorter texts repeat themselves honestly ("no answer")."""
_SAID = """
SELECT 'r', r.text, u.name, r.at, '' FROM visits_remark r JOIN core_user u ON u.id = r.by_id
WHERE r.visit_id = %(visit)s
UNION ALL
SELECT 'n', n.text, u.name, n.at, '' FROM visits_visitnote n JOIN core_user u ON u.id = n.by_id
WHERE n.visit_id = %(visit)s
UNION ALL
SELECT 'v', s.text, u.name, s.said_at, s.kind FROM visits_customervoice s JOIN core_user u ON u.id = s.by_id
WHERE s.visit_id = %(visit)s
ORDER BY 4
"""


def visit_detail(scope: Scope, visit_id: int) -> VisitDetail:
    """A visit inside the scope; 404 otherwise."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} {SOURCE} WHERE {condition} AND v.id = %s", [*params, visit_id])
        records = cursor.fetchall()
        if not records:
            raise NotFound
        row = visit_rows(records)[0]
        cursor.execute(_SAID, {"visit": visit_id})
        said: dict[str, list[Said]] = {"r": [], "n": [], "v": []}
        for source, text, by, at, kind in cursor.fetchall():
            said[source].append(Said(text, by, at, kind))
        cursor.execute(
            "SELECT id, purpose, starts_on, due_on FROM visits_duty WHERE met_by_id = %s ORDER BY due_on", [visit_id]
        )
        settled = [Settled(*record) for record in cursor.fetchall()]
        together = _together(cursor, condition, params, row)
        same_text = _same_text(cursor, condition, params, row)
    return VisitDetail(
        row, said["r"], said["n"], said["v"], settled, together, same_text, reversal_of(row.id), _interruption(row.id)
    )


def _interruption(visit_id: int) -> str | None:
    return Interruption.unscoped.filter(visit_id=visit_id).values_list("reason", flat=True).first()


def _same_text(cursor: Any, condition: str, params: list[Any], row: VisitRow) -> int:
    """How many others say exactly the same; one event's visits are one text."""
    if len(row.content) < LONG_ENOUGH:
        return 0
    cursor.execute(
        f"SELECT count(*) {SOURCE} WHERE {condition} AND v.staff_id = %s AND v.content = %s AND v.id <> %s"
        " AND v.undone_at IS NULL AND (v.event IS NULL OR v.event IS DISTINCT FROM %s)",
        [*params, row.staff_id, row.content, row.id, row.event],
    )
    return int(cursor.fetchone()[0])


def _together(cursor: Any, condition: str, params: list[Any], row: VisitRow) -> list[tuple[int, str]]:
    """Customers met at the same event, as far as they are visible."""
    if row.event is None:
        return []
    cursor.execute(
        f"SELECT c.id, c.name {SOURCE} WHERE {condition} AND v.event = %s AND v.id <> %s ORDER BY c.id",
        [*params, row.event, row.id],
    )
    return [tuple(record) for record in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the visits before and after in the list the reader came from."""

    newer_id: int | None
    older_id: int | None


def neighbours(scope: Scope, filters: VisitFilters, row: VisitRow) -> Neighbours:
    """Next and previous for a supervisor who reads one visit after the other (screens 1b)."""
    wanted, params = conditions(scope, filters)
    place = (row.occurred_at, row.id)
    found = []
    with connection.cursor() as cursor:
        for sign, order in ((">", "ASC"), ("<", "DESC")):
            cursor.execute(
                f"SELECT v.id {SOURCE} WHERE {wanted} AND (v.occurred_at, v.id) {sign} (%s, %s)"
                f" ORDER BY v.occurred_at {order}, v.id {order} LIMIT 1",
                [*params, *place],
            )
            record = cursor.fetchone()
            found.append(record[0] if record else None)
    return Neighbours(*found)


@dataclass(frozen=True, slots=True)
class MendSheet:
    """What the form of a visit that may still be mended needs."""

    row: VisitRow
    persons: dict[int, str]
    met: tuple[int, ...]


def is_mendable(row: VisitRow, *, user_id: int, now: datetime) -> bool:
    """Its author, until the end of the local day it was logged (screens 2)."""
    return (
        row.logged_by_id == user_id
        and row.undone_at is None
        and timezone.localdate(row.logged_at) == timezone.localdate(now)
    )


def mend_sheet(scope: Scope, visit_id: int, *, user_id: int, now: datetime) -> MendSheet:
    """One's own visit of today with the contact persons to choose from; 404 invisible, 403 no longer mendable."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} {SOURCE} WHERE {condition} AND v.id = %s", [*params, visit_id])
        records = cursor.fetchall()
        if not records:
            raise NotFound
        row = visit_rows(records)[0]
        if not is_mendable(row, user_id=user_id, now=now):
            raise NotAllowed(
                _("A visit can be changed until the end of the day it was logged; after that add a note."),
                code="too_late",
            )
        if are_signed([visit_id]):
            raise NotAllowed(_("This visit is signed: it can no longer be changed. Add a note."), code="signed")
        cursor.execute(
            "SELECT p.id, p.name, m.id IS NOT NULL FROM accounts_contactperson p"
            " LEFT JOIN visits_visitperson m ON m.person_id = p.id AND m.visit_id = %s"
            " WHERE p.customer_id = %s AND (p.is_active OR m.id IS NOT NULL) ORDER BY p.id",
            [visit_id, row.customer_id],
        )
        persons = cursor.fetchall()
    return MendSheet(
        row, {person[0]: person[1] for person in persons}, tuple(person[0] for person in persons if person[2])
    )
