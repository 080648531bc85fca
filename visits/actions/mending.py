"""Undo and mend (screens 2): the author, an unsigned record, until the end of the local day; after that a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.followers import follow
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.scope import Scope
from visits.actions import ledger
from visits.actions.attached import ORIGIN, link_companions, link_persons, promise
from visits.actions.checks import CheckedSheet, check_sheet
from visits.actions.facts import customer_facts, refuse_overlap
from visits.actions.journal.check_ins import follow_change, refuse_signed
from visits.actions.journal.special import follow_special
from visits.actions.logging import build_visits
from visits.actions.sheet import VisitSheet
from visits.choices import VisitKind
from visits.models import CustomerVoice, DialTap, Visit, VisitCompanion, VisitPerson
from visits.parts import detach_parts
from visits.queries.catalogue import Catalogue, catalogue

if TYPE_CHECKING:
    from crm.core.models import User

MENDABLE = frozenset(
    {
        "channel", "outcome", "direction", "occasion", "occurred_at", "ended_at", "content", "result", "mood",
        "place", "next_step", "next_on", "met_person_ids", "companion_ids",
    }
)  # fmt: skip
_COMPUTED = (
    "manager_id", "party", "channel_id", "direction", "outcome_id", "occasion_id", "kind", "work_class", "category",
    "service_kind", "occurred_at", "occurred_on", "ended_at", "is_backdated", "counts", "place", "content", "result",
    "next_step", "next_on", "mood",
)  # fmt: skip


def undo_visit(*, visit_id: int, by: User, now: datetime) -> tuple[int, ...]:
    """Take a visit back: it stays in the table, marked, and settles nothing. Answers the customers concerned."""
    return undo_visits(visit_ids=(visit_id,), by=by, now=now)


def undo_visits(*, visit_ids: Sequence[int], by: User, now: datetime) -> tuple[int, ...]:
    """The same for all visits of one sheet, in one transaction; undoing twice is the same as once."""
    with write(by=by):
        visits = [_own(by.access.scope, visit_id, by=by, now=now) for visit_id in sorted(set(visit_ids))]
        standing = [visit for visit in visits if visit.undone_at is None]
        refuse_signed(standing)
        return take_back(standing, by=by, now=now)


def take_back(standing: Sequence[Visit], *, by: User, now: datetime) -> tuple[int, ...]:
    """The same with visits in hand, in the caller's transaction: nothing rests on them any more."""
    ids = [visit.pk for visit in standing]
    customer_ids = tuple(visit.customer_id for visit in standing)
    if not ids:
        return ()
    for visit in standing:
        Visit.unscoped.filter(pk=visit.pk).update(undone_at=now, counts=False, version=visit.version + 1)
    DialTap.unscoped.filter(visit_id__in=ids).update(visit=None)
    accounts.cancel_tasks_of(origin_table=ORIGIN, origin_ids=ids, by=by, now=now)
    detach_parts(ids, by=by, now=now)
    CustomerVoice.unscoped.filter(visit_id__in=ids).delete()
    ledger.reopen_tasks_of(standing)
    follow("UNDO_FOLLOWERS", visit_ids=ids, today=timezone.localdate(now), now=now, by=by)
    ledger.recompute(customer_ids, today=timezone.localdate(now), now=now)
    return customer_ids


def mend_visit(*, visit_id: int, changes: Mapping[str, Any], version: int | None, by: User, now: datetime) -> Visit:
    """Change one's own record until the end of the day it was logged; every rule of logging holds again."""
    unknown = sorted(set(changes) - MENDABLE)
    if unknown:
        raise Invalid(errors=[FieldProblem(name, "read_only_field", _("This cannot be changed.")) for name in unknown])
    known = catalogue()
    today = timezone.localdate(now)
    with write(by=by):
        visit = _own(by.access.scope, visit_id, by=by, now=now)
        if visit.undone_at is not None:
            raise Conflict(_("This visit was undone."), code="undone")
        refuse_signed([visit])
        if version is not None and version != visit.version:
            raise Conflict(current=current_values(visit, known))
        sheet = replace(sheet_of(visit, known), **changes)
        checked = check_sheet(sheet, catalogue=known, now=now)
        began, before = visit.occurred_at, _essence(visit)
        _rewrite(visit, checked, known, by=by, now=now)
        _relink(visit, changes, by=by, now=now)
        follow_change(visit, began=began, by=by, now=now)
        follow_special(visit)
        ledger.recompute([visit.customer_id], today=today, now=now)
        if _essence(visit) != before:
            ledger.restate_tasks_of(visit)
            follow("MEND_FOLLOWERS", visit=visit, today=today, now=now, by=by)
    return visit


def _essence(visit: Visit) -> tuple[Any, ...]:
    """What others go by: plan items, tasks, missed calls, greetings."""
    return visit.outcome_id, visit.occurred_at, visit.occasion_id, visit.channel_id, visit.direction, visit.counts


def current_values(visit: Visit, known: Catalogue) -> dict[str, Any]:
    """What the record says now: shown beside what somebody typed when two tabs save the same form (409)."""
    sheet = sheet_of(visit, known)
    return {name: getattr(sheet, name) for name in sorted(MENDABLE)} | {"version": visit.version}


def sheet_of(visit: Visit, known: Catalogue) -> VisitSheet:
    """The sheet as it would be filled in to give this record."""
    occasion = known.occasions_by_id[visit.occasion_id].code if visit.occasion_id else ""
    plain = {field.name for field in fields(VisitSheet)} & {field.attname for field in Visit._meta.fields}
    values = {name: getattr(visit, name) for name in plain}
    return VisitSheet(
        **values
        | {
            "customer_ids": (visit.customer_id,),
            "channel": known.channels_by_id[visit.channel_id].code,
            "outcome": known.outcomes_by_id[visit.outcome_id].code,
            "occasion": occasion,
            "met_person_ids": tuple(visit.met.values_list("person_id", flat=True)),
            "companion_ids": tuple(visit.companions.values_list("staff_id", flat=True)),
        }
    )


def _own(scope: Scope, visit_id: int, *, by: User, now: datetime) -> Visit:
    """One's own record of today, locked; 404 invisible, 403 somebody else's, refused after midnight."""
    visit = Visit.visible_to(scope).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound(_("There is no such visit."))
    if visit.logged_by_id != by.pk:
        raise NotAllowed(_("Only its author may change a visit."))
    if timezone.localdate(visit.logged_at) != timezone.localdate(now):
        raise NotAllowed(
            _("A visit can be changed until the end of the day it was logged; after that add a note."),
            code="too_late",
        )
    return visit


def _rewrite(visit: Visit, checked: CheckedSheet, known: Catalogue, *, by: User, now: datetime) -> None:
    """Every computed field again, from the same code that logging uses."""
    today = timezone.localdate(now)
    facts = customer_facts(
        [visit.customer_id],
        Scope.ALL,
        on=checked.occurred_on,
        at=checked.sheet.occurred_at,
        today=today,
        client_key=None,
    )
    fact = facts[visit.customer_id]
    if checked.channel.is_on_site:
        same_event = (
            Visit.unscoped.filter(event=visit.event).values_list("pk", flat=True) if visit.event else [visit.pk]
        )
        refuse_overlap(
            [fact], staff_id=visit.staff_id, place=checked.sheet.place, start=checked.sheet.occurred_at,
            end=checked.sheet.ended_at, but_visits=list(same_event),
        )  # fmt: skip
    (fresh,) = build_visits(
        checked, [fact], staff_id=visit.staff_id, by=by, now=visit.logged_at, today=today, known=known
    )
    settles = Visit.unscoped.filter(pk=visit.pk, settles__isnull=False).exists()
    changed = {name: getattr(fresh, name) for name in _COMPUTED}
    if settles or visit.kind == VisitKind.SPECIAL:
        changed["kind"] = visit.kind  # the duty it met was owed: regular stays regular, special stays special
    Visit.unscoped.filter(pk=visit.pk).update(**changed, version=visit.version + 1)
    visit.refresh_from_db()


def _relink(visit: Visit, changes: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Persons, companions and the promise follow the mended record."""
    if "met_person_ids" in changes:
        VisitPerson.unscoped.filter(visit=visit).delete()
        if changes["met_person_ids"]:
            link_persons({visit.customer_id: visit}, changes["met_person_ids"])
    if "companion_ids" in changes:
        VisitCompanion.unscoped.filter(visit=visit).delete()
        if changes["companion_ids"]:
            link_companions([visit], changes["companion_ids"])
    if {"next_step", "next_on"} & set(changes):
        accounts.cancel_tasks_of(origin_table=ORIGIN, origin_ids=[visit.pk], by=by, now=now)
        if visit.next_step:
            promise(visit, by=by, now=now)
