"""Customers by external id from other systems, one or many: created, updated, unchanged, stale or failed (sync-api)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, STALE, UNCHANGED, UPDATED
from accounts.actions.customer_rows import Change, NewCustomer, difference, insert_customers, write_changes
from accounts.actions.customers import conflict_of, is_stale, note_source_times, place_new, settle_references
from accounts.actions.doors import must, scope_of
from accounts.actions.known import Key, Known, lock_known, persons_of
from accounts.actions.learned import fields_told, take_over
from accounts.actions.ownership import Ground, ground_of, without
from accounts.actions.sameness import differing
from accounts.actions.wishes import REFERENCES, read_wish
from accounts.models import Customer, PersonProfile
from accounts.rules import CUSTOMER_FIELDS
from crm.core.db import write
from crm.core.errors import DomainError, FieldProblem, Invalid, NotFound
from crm.core.scope import Scope
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

FAILED = "failed"
_PLAIN_ID = re.compile(r"[!-~]{1,100}")
NOT_REPLACED = frozenset({"name", "service_notes", "dnd_from", "dnd_to", "sim_replaced_on", *REFERENCES})
"""What a PUT without the field leaves alone: identity, what has deeds of its own, and what managers note here."""


@dataclass(frozen=True)
class UpsertItem:
    """One record of another system."""

    external_id: str
    values: Mapping[str, Any]
    source: str = ""
    source_updated_at: datetime | None = None
    version: int | None = None  # If-Match
    create_only: bool = False  # If-None-Match: *
    replace: bool = False  # PUT: fields left out are cleared


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer of whom nothing differs: who he is, and in which version."""

    pk: int
    version: int


@dataclass(frozen=True)
class Told:
    """What stands here of those whom a call names: all as plain values, whole customers where something differs."""

    keys: Sequence[Key | Invalid]
    rows: Mapping[Key, Known]
    new: Mapping[int, Mapping[str, Any]]
    """What is new in an item, by its place; nothing for those that stand as they are told."""
    customers: Mapping[int, Customer]
    persons: Mapping[int, PersonProfile]
    grounds: Mapping[str, Ground]


@dataclass
class Upserted:
    """What became of one record, in the order of the call.

    `not_owned`: fields left alone, as another source owns them; `kept`: fields whose old value was only repeated,
    while a person's correction waits for this source.
    """

    status: str
    customer: Customer | Seen | None = None
    proposed: list[str] = field(default_factory=list)
    not_owned: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    error: DomainError | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What the caller is told of it."""
        named = {"proposed": self.proposed, "not_owned": self.not_owned, "kept": self.kept}
        return {"status": self.status, **{name: list(fields) for name, fields in named.items()}}

    @property
    def problems(self) -> list[FieldProblem]:
        """Why it failed."""
        return [] if self.error is None else self.error.problems


def upsert_customers(
    *,
    items: Sequence[UpsertItem],
    source: str,
    by: User | None,
    now: datetime,
    atomic: bool = False,
    dry_run: bool = False,
    default_unit_id: int | None = None,
) -> list[Upserted]:
    """Upsert records by external id, set-based. A bad one never stops good ones, unless `atomic`: then none is kept."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "edit_customers")
        told = _look(items, source, now)
        results, new, changes = _compared(items, told, by, now, default_unit_id)
        created = insert_customers([row for __, row in new], by=by, now=now, today=today, introducing=False)
        for (index, __), customer in zip(new, created, strict=True):
            results[index].customer = customer
        write_changes(changes, by=by, now=now, today=today)
        _note_what_was_told(items, results, told)
        if dry_run or (atomic and any(result.status == FAILED for result in results)):
            transaction.set_rollback(True)
    return results


def _look(items: Sequence[UpsertItem], source: str, now: datetime) -> Told:
    """Lock whom the items name, and see which of them stand here as they are told."""
    keys = [_key(item, source) for item in items]
    fields = set[str]().union(*(item.values for item in items))
    rows = lock_known({key for key in keys if not isinstance(key, Invalid)}, fields)
    ids = [row.id for row in rows.values()]
    grounds = {name: ground_of(ids, name) for name in {key[0] for key in keys if not isinstance(key, Invalid)}}
    persons = persons_of(ids) if "person" in fields else {}
    new: dict[int, Mapping[str, Any]] = {}
    rest: set[int] = set()
    for place, (item, key) in enumerate(zip(items, keys, strict=True)):
        if isinstance(key, Invalid) or key not in rows:
            continue
        row = rows[key]
        values = item.values
        if not (item.replace or grounds[key[0]].is_shared(row.id)):
            values = differing(item.values, row, persons.get(row.id))
        if values or not _is_plain(item, row, now):
            new[place] = values
            rest.add(row.id)
    return Told(
        keys, rows, new, Customer.unscoped.in_bulk(rest),
        {row.customer_id: row for row in PersonProfile.unscoped.filter(customer_id__in=rest)} if rest else {}, grounds,
    )  # fmt: skip


def _is_plain(item: UpsertItem, row: Known, now: datetime) -> bool:
    """Whether an item of which nothing is new needs no decision: told without conditions, and not before the last."""
    told, before = item.source_updated_at, row.source_updated_at
    is_in_order = told is None or (told <= now and (before is None or told >= before))
    return row.is_settled and is_in_order and item.version is None and not (item.create_only or item.replace)


def _compared(
    items: Sequence[UpsertItem], told: Told, by: User | None, now: datetime, default_unit_id: int | None
) -> tuple[list[Upserted], list[tuple[int, NewCustomer]], list[Change]]:
    """(what becomes of each record, those to create with their places, what differs of those that are known)."""
    today, scope = timezone.localdate(now), scope_of(by, "edit_customers")
    results: list[Upserted] = []
    new: list[tuple[int, NewCustomer]] = []
    changes: list[Change] = []
    seen: set[Key] = set()
    met: set[int] = set()
    for place, (item, key) in enumerate(zip(items, told.keys, strict=True)):
        try:
            if isinstance(key, Invalid):
                raise key
            row = _row_of(key, told, seen, met)
            if row is None:
                new.append((place, _new(item, key, by, today, default_unit_id)))
                results.append(Upserted(CREATED))
                continue
            _refuse_out_of_reach(scope, row)
            if place not in told.new:
                results.append(Upserted(UNCHANGED, Seen(row.id, row.version)))
                continue
            result, change = _change(
                item, told.new[place], told.customers[row.id], told.persons.get(row.id), by, now, told.grounds[key[0]]
            )
            results.append(result)
            if change is not None:
                changes.append(change)
        except DomainError as refusal:
            results.append(Upserted(FAILED, error=refusal))
    return results, new, changes


def _row_of(key: Key, told: Told, seen: set[Key], met: set[int]) -> Known | None:
    """Whom an item names, once in a call; None for somebody new."""
    if key in seen:
        raise Invalid(_("This external id stands twice in one call."), code="duplicate", field="external_id")
    seen.add(key)
    row = told.rows.get(key)
    if row is not None and row.id in met:
        raise Invalid(_("The customer stands twice in one call, under two ids."), code="duplicate", field="external_id")
    if row is not None:
        met.add(row.id)
    return row


def _note_what_was_told(items: Sequence[UpsertItem], results: Sequence[Upserted], told: Told) -> None:
    """CUS-10: what the source tells as it stands here now waits for it no more; when it told it is remembered."""
    heard: dict[str, dict[int, set[str]]] = {name: {} for name in told.grounds}
    times: dict[int, datetime | None] = {}
    for item, key, result in zip(items, told.keys, results, strict=True):
        row = result.customer
        if row is None or isinstance(key, Invalid) or result.status not in (UPDATED, UNCHANGED):
            continue
        ground = told.grounds[key[0]]
        if row.pk in ground.waiting:
            names = fields_told(_replacing(item)) - set(result.kept)
            heard[key[0]][row.pk] = names - ground.strangers(row.pk, names)
        if result.status == UNCHANGED:
            times[row.pk] = item.source_updated_at
    for name, ground in told.grounds.items():
        take_over(heard[name], ground.waiting)
    note_source_times(times)


def _key(item: UpsertItem, source: str) -> Key | Invalid:
    """By what an item names its customer, in the form it is stored in; or why it names nobody."""
    try:
        name = _source(item.source or source)
        if _PLAIN_ID.fullmatch(item.external_id):
            return name, item.external_id
        return name, clean_text(item.external_id, field="external_id", max_length=100, blank=False)
    except Invalid as refusal:
        return refusal


@lru_cache(maxsize=64)
def _source(text: str) -> str:
    return str(clean_text(text, field="source", max_length=40, blank=False))


def _new(
    item: UpsertItem, key: tuple[str, str], by: User | None, today: date, default_unit_id: int | None
) -> NewCustomer:
    if item.version is not None:
        raise NotFound(_("There is no such customer."), field="external_id")
    wish = read_wish(item.values, today=today)
    if wish.references.get("unit_id") is None and not any(problem.field == "unit" for problem in wish.problems):
        wish.references["unit_id"] = default_unit_id
    place_new(wish, by, today)
    if wish.problems:
        raise Invalid(errors=wish.problems)
    return NewCustomer(wish, key[0], key[1], item.source_updated_at)


def _refuse_out_of_reach(scope: Scope, customer: Known) -> None:
    """An id outside the caller's reach is not found (decisions 14)."""
    if not scope.everything and not scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotFound(_("There is no such customer."), field="external_id")


def _change(
    item: UpsertItem,
    values: Mapping[str, Any],
    customer: Customer,
    person: PersonProfile | None,
    by: User | None,
    now: datetime,
    ground: Ground,
) -> tuple[Upserted, Change | None]:
    """Compare one known record with what is told of it; `values` are those that may be new."""
    if item.create_only or (item.version is not None and item.version != customer.version):
        raise conflict_of(customer, item.values)
    if is_stale(customer, item.source_updated_at, now):
        return Upserted(STALE, customer), None
    given = _replacing(item)
    foreign = ground.strangers(customer.pk, fields_told(given))
    wish = read_wish(
        without(given if item.replace else values, foreign), today=timezone.localdate(now), current=customer
    )
    if wish.problems:
        raise Invalid(errors=wish.problems)
    kept = ground.heed(customer.pk, wish)
    change = difference(customer, wish, person)
    change.reason = ground.source
    settle_references(change, by, now=now, source=ground.source)
    said = Upserted(UNCHANGED, customer, change.proposed, sorted(foreign & fields_told(item.values)), sorted(kept))
    if change.is_empty:
        return said, None
    if item.source_updated_at is not None:
        change.columns["source_updated_at"] = item.source_updated_at
    said.status = UPDATED
    return said, change


def _replacing(item: UpsertItem) -> Mapping[str, Any]:
    """PUT replaces: plain fields that are not given are cleared."""
    if not item.replace:
        return item.values
    empty = {name: None for name in CUSTOMER_FIELDS if name not in NOT_REPLACED}
    return {**empty, **item.values}
