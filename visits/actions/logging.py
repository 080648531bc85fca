"""Logging a visit (CON-7, screens 2): few statements, computed fields never asked, one row per sheet and customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.followers import follow
from crm.core.db import write
from crm.core.errors import Conflict, NotAllowed
from crm.core.prepared import run
from crm.core.scope import Scope
from visits.actions import ledger
from visits.actions.attached import write_attached
from visits.actions.checks import CheckedSheet, check_sheet
from visits.actions.facts import (
    TASK,
    CustomerFacts,
    covers_on,
    customer_facts,
    refuse_invisible,
    refuse_overlap,
    same_text_count,
)
from visits.actions.sheet import Logged, SettledDuty, VisitSheet
from visits.actions.warnings import warnings_of
from visits.choices import Category, LoggedFrom, Party, ServiceKind, WorkClass
from visits.models import Visit
from visits.parts import PartContext, PartCustomer, attach_parts, check_parts
from visits.queries.catalogue import Catalogue, catalogue
from visits.rules.counting import Cell
from visits.rules.kinds import kind_of

if TYPE_CHECKING:
    from crm.core.models import User

COLUMNS = (
    "customer_id", "staff_id", "manager_id", "unit_id", "party", "channel_id", "direction", "outcome_id",
    "occasion_id", "kind", "work_class", "category", "service_kind", "occurred_at", "occurred_on", "ended_at",
    "logged_at", "is_backdated", "is_bulk", "counts", "place", "content", "result", "next_step", "next_on", "mood",
    "event", "client_key", "logged_from", "source", "external_id", "logged_by_id", "version",
)  # fmt: skip
_ROW = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
_INSERT = "INSERT INTO visits_visit (" + ", ".join(COLUMNS) + ") VALUES "
_RETURNING = " ON CONFLICT DO NOTHING RETURNING id, customer_id"


def log_visit(*, sheet: VisitSheet, by: User, now: datetime, scope: Scope | None = None) -> Logged:
    """Write one visit per customer of the sheet and settle what it settles, in one transaction.

    CON-34: the server's clock says when it was logged. A double submit (same client key and customer) gets the
    first answer. `scope` narrows what `by` may log for (an API token's subtree).
    """
    access = by.access
    if scope is None:
        scope = access.scope_for("log_visits")
    staff_id = sheet.staff_id or access.staff_id
    if scope.is_empty or staff_id is None:
        raise NotAllowed
    sheet = replace(sheet, customer_ids=tuple(dict.fromkeys(sheet.customer_ids)))
    today = timezone.localdate(now)
    known = catalogue()
    checked = check_sheet(sheet, catalogue=known, now=now)
    with write(by=by):
        facts = customer_facts(
            sheet.customer_ids,
            scope,
            on=checked.occurred_on,
            at=sheet.occurred_at,
            today=today,
            client_key=sheet.client_key,
            by_id=by.pk,
            staff_id=staff_id,
        )
        if facts and all(fact.twin_id for fact in facts.values()) and len(facts) == len(sheet.customer_ids):
            return _first_answer(tuple(fact.twin_id for fact in facts.values() if fact.twin_id))
        refuse_invisible(facts, sheet.customer_ids, staff_id=access.staff_id, now=now)
        ordered = [facts[customer_id] for customer_id in sheet.customer_ids]
        if checked.channel.is_on_site:
            refuse_overlap(
                ordered, staff_id=staff_id, place=checked.sheet.place, start=sheet.occurred_at,
                end=sheet.ended_at, client_key=sheet.client_key,
            )  # fmt: skip
            _refuse_incomplete(checked, ordered, staff_id=staff_id, today=today)
        visits = build_visits(checked, ordered, staff_id=staff_id, by=by, now=now, today=today, known=known)
        written = _insert(visits)
        if not written:
            return _first_answer(_earlier_rows(sheet, by))
        waits = frozenset[str]().union(*(fact.waits for fact in ordered))
        write_attached(checked, written, ordered, by=by, now=now, today=today)
        attach_parts(sheet.parts, written, by=by, now=now)
        settled = ledger.settle(written, today=today, now=now, has_tasks=TASK in waits)
        follow("VISIT_FOLLOWERS", visits=written, today=today, now=now, by=by, waits=waits)
        ids = tuple(visit.pk for visit in written)
        same = same_text_count(checked.sheet.content, staff_id=staff_id, now=now, but_visits=ids)
        hints = warnings_of(checked, ordered, visits=written, same_text=same)
        return Logged(visit_ids=ids, settled=list(settled), warnings=hints)


def _refuse_incomplete(checked: CheckedSheet, facts: Sequence[CustomerFacts], *, staff_id: int, today: date) -> None:
    """CON-25: an on-site visit carries what its customers' line asks for; machines bring what they have."""
    if checked.sheet.logged_from == LoggedFrom.FORM and checked.outcome.is_effective:
        customers = tuple(PartCustomer(fact.id, fact.kind, fact.unit_id) for fact in facts)
        check_parts(checked.sheet.parts, PartContext(customers, staff_id, today))


def build_visits(
    checked: CheckedSheet,
    facts: Sequence[CustomerFacts],
    *,
    staff_id: int,
    by: User,
    now: datetime,
    today: date,
    known: Catalogue,
) -> list[Visit]:
    """The rows to be written, every computed field filled in (CON-8, CON-15, CON-38, ORG-8)."""
    sheet, occasion = checked.sheet, checked.occasion
    parties = parties_of(facts, staff_id=staff_id, companion_ids=sheet.companion_ids, on=checked.occurred_on)
    event = uuid4() if len(facts) > 1 else None
    rows = []
    for fact in facts:
        party = parties[fact.id]
        cell = Cell(checked.channel.code, checked.direction, party, checked.outcome.code, sheet.is_bulk)
        rows.append(
            Visit(
                customer_id=fact.id, staff_id=staff_id, manager_id=fact.manager_id, unit_id=fact.unit_id,
                party=party, channel_id=checked.channel.id, direction=checked.direction,
                outcome_id=checked.outcome.id, occasion_id=occasion.id if occasion else None,
                kind=kind_of(checked.outcome.is_effective, is_owed=fact.is_owed, is_awaited=fact.is_awaited),
                work_class=occasion.work_class if occasion else WorkClass.MAINTENANCE,
                category=occasion.category if occasion else Category.CARE,
                service_kind=occasion.service_kind if occasion else ServiceKind.COMMUNICATION,
                occurred_at=sheet.occurred_at, occurred_on=checked.occurred_on, ended_at=sheet.ended_at,
                logged_at=now, is_backdated=checked.occurred_on < today and not sheet.is_imported,
                is_bulk=sheet.is_bulk, counts=known.counts(cell, checked.occurred_on), place=sheet.place,
                content=sheet.content, result=sheet.result, next_step=sheet.next_step, next_on=sheet.next_on,
                mood=sheet.mood, event=event, client_key=sheet.client_key, logged_from=sheet.logged_from,
                source=sheet.source, external_id=sheet.external_id, logged_by_id=by.pk, version=1,
            )
        )  # fmt: skip
    return rows


def parties_of(
    facts: Sequence[CustomerFacts], *, staff_id: int, companion_ids: Sequence[int], on: date
) -> dict[int, str]:
    """Who held the contact (decisions 7): manager of record, his cover, somebody in their presence, or another."""
    foreign = [fact.manager_id for fact in facts if fact.manager_id is not None and fact.manager_id != staff_id]
    covers = covers_on(foreign, substitute_ids=(staff_id, *companion_ids), on=on) if foreign else set()
    covered = {absent for absent, substitute in covers if substitute == staff_id}
    present = {*companion_ids, *(absent for absent, __ in covers)}
    parties: dict[int, str] = {}
    for fact in facts:
        if fact.manager_id is None:
            parties[fact.id] = Party.OTHER.value
        elif fact.manager_id == staff_id:
            parties[fact.id] = Party.RECORD.value
        elif fact.manager_id in covered:
            parties[fact.id] = Party.COVER.value
        elif fact.manager_id in present:
            parties[fact.id] = Party.PRESENCE.value
        else:
            parties[fact.id] = Party.OTHER.value
    return parties


@cache
def _types() -> tuple[str, ...]:
    """The types of COLUMNS; texts without their lengths, which the columns themselves check."""
    fields = {field.column: field for field in Visit._meta.concrete_fields}
    return tuple((fields[column].rel_db_type(connection) or "").partition("(")[0] for column in COLUMNS)


def _insert(visits: Sequence[Visit]) -> list[Visit]:
    """Write the rows; those that are there already (same key, same customer) are left out of the answer."""
    params = [getattr(visit, column) for visit in visits for column in COLUMNS]
    with connection.cursor() as cursor:
        if len(visits) == 1:
            run(cursor, _INSERT + _ROW + _RETURNING, params, _types())
        else:
            cursor.execute(_INSERT + ", ".join([_ROW] * len(visits)) + _RETURNING, params)
        ids = {customer_id: visit_id for visit_id, customer_id in cursor.fetchall()}
    written = []
    for visit in visits:
        if visit.customer_id in ids:
            visit.pk = ids[visit.customer_id]
            visit._state.adding = False
            written.append(visit)
    return written


def _earlier_rows(sheet: VisitSheet, by: User) -> tuple[int, ...]:
    """The rows an earlier (or parallel) submit of the same sheet has written; a key of somebody else is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM visits_visit WHERE customer_id = ANY(%s) AND logged_by_id = %s"
            " AND (client_key = %s OR (source = %s AND external_id = %s AND external_id <> '')) ORDER BY id",
            [list(sheet.customer_ids), by.pk, sheet.client_key, sheet.source, sheet.external_id],
        )
        ids = tuple(row[0] for row in cursor.fetchall())
    if not ids:
        raise Conflict(_("This key has been used for something else."), code="key_reused")
    return ids


def _first_answer(visit_ids: tuple[int, ...]) -> Logged:
    """What the first submit answered: its rows and the duties they settle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, customer_id, met_by_id, purpose, due_on FROM visits_duty WHERE met_by_id = ANY(%s)",
            [list(visit_ids)],
        )
        settled = [SettledDuty(*row) for row in cursor.fetchall()]
    return Logged(visit_ids=tuple(sorted(visit_ids)), settled=settled, warnings=[], duplicate=True)


def client_key(text: str) -> UUID | None:
    """The form's hidden key; None when somebody has tampered with it (then nothing is de-duplicated)."""
    try:
        return UUID(text)
    except ValueError:
        return None
