"""Writes the demo's contacts: visits with whom was met, voices, remarks and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.choices import TaskKind, TaskState
from accounts.models import Task
from crm.demo.bulk import copy_rows, reserve_ids
from crm.demo.contacts import DemoVisit
from crm.demo.organisation import Organisation
from crm.demo.talk import OPINIONS, PROBLEMS, REMARKS
from visits.choices import Category, ServiceKind, VoiceKind, WorkClass
from visits.models import CustomerVoice, Remark, Visit, VisitPerson
from visits.queries.catalogue import Catalogue
from visits.rules.counting import Cell

COLUMNS = (
    "id", "customer", "staff", "manager", "unit", "party", "channel", "direction", "outcome", "occasion", "kind",
    "work_class", "category", "service_kind", "occurred_at", "occurred_on", "ended_at", "logged_at", "is_backdated",
    "counts", "place", "content", "result", "next_step", "next_on", "mood", "logged_by",
)  # fmt: skip


def write_visits(visits: Sequence[DemoVisit], catalogue: Catalogue, *, now: datetime) -> None:
    """Write the visits with every computed field, and the persons met."""
    for visit, visit_id in zip(visits, reserve_ids(Visit, len(visits)), strict=True):
        visit.id = visit_id
    copy_rows(Visit, COLUMNS, (_row(visit, catalogue, now=now) for visit in visits))
    copy_rows(VisitPerson, ("visit", "person"), [(visit.id, person) for visit in visits for person in visit.met])


def _row(visit: DemoVisit, catalogue: Catalogue, *, now: datetime) -> tuple[Any, ...]:
    customer, occasion = visit.customer, visit.occasion
    manager = customer.manager
    ended = visit.occurred_at + timedelta(minutes=visit.minutes)
    logged = ended + (timedelta(hours=16) if visit.is_late else timedelta(minutes=3))
    cell = Cell(visit.channel.code, str(visit.direction), str(visit.party), visit.outcome.code, False)
    return (
        visit.id, customer.id, visit.staff.id, manager.id if manager else None, customer.unit_id, visit.party,
        visit.channel.id, visit.direction, visit.outcome.id, occasion.id if occasion else None, visit.kind,
        occasion.work_class if occasion else WorkClass.MAINTENANCE,
        occasion.category if occasion else Category.CARE,
        occasion.service_kind if occasion else ServiceKind.COMMUNICATION,
        visit.occurred_at, visit.on, ended, min(logged, now), visit.is_late and logged <= now,
        catalogue.counts(cell, visit.on),
        customer.district if visit.channel.is_on_site else "",
        visit.content, visit.result, visit.next_step, visit.next_on, visit.mood, visit.staff.user_id,
    )  # fmt: skip


def write_voices(random: Random, visits: Iterable[DemoVisit]) -> None:
    """CON-15, CON-16: what customers said, on the way."""
    rows = []
    for visit in visits:
        if visit.outcome.is_effective and random.random() < 0.035:
            kind, texts = (VoiceKind.OPINION, OPINIONS) if random.random() < 0.5 else (VoiceKind.PROBLEM, PROBLEMS)
            said = (visit.customer.id, visit.id, kind, random.choice(texts), visit.staff.user_id, visit.occurred_at)
            rows.append(said)
    copy_rows(CustomerVoice, ("customer", "visit", "kind", "text", "by", "said_at"), rows)


def write_remarks(random: Random, visits: Iterable[DemoVisit], organisation: Organisation, *, now: datetime) -> None:
    """Supervisors read some of what was logged (点评)."""
    rows = []
    for visit in visits:
        if visit.content and random.random() < 0.01:
            boss = organisation.supervisor_of(visit.staff)
            at = visit.occurred_at + timedelta(days=1, hours=random.randint(0, 5))
            if at < now:
                rows.append((visit.id, random.choice(REMARKS), boss.user_id, at))
    copy_rows(Remark, ("visit", "text", "by", "at"), rows)


def write_promises(visits: Iterable[DemoVisit], *, now: datetime) -> None:
    """CON-16: a next step with its day is a follow-up; old ones are done, but for a few that were forgotten."""
    rows = []
    for place, visit in enumerate(visit for visit in visits if visit.next_on):
        due = visit.next_on
        is_open = due is not None and (due >= now.date() or (place % 23 == 0 and (now.date() - due).days < 20))
        manager = visit.customer.manager or visit.staff
        state = TaskState.OPEN if is_open else TaskState.DONE
        closed = None if is_open else datetime.combine(due or now.date(), now.timetz())
        closed_by = None if is_open else manager.user_id
        rows.append(
            (TaskKind.FOLLOW_UP, visit.customer.id, manager.id, visit.next_step, due, "visits_visit", visit.id,
             state, visit.occurred_at, visit.staff.user_id, closed, closed_by)
        )  # fmt: skip
    columns = "kind customer staff title due_on origin_table origin_id state created_at created_by closed_at closed_by"
    copy_rows(Task, tuple(columns.split()), rows)
