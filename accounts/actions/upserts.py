"""Customers by external id from other systems, one or many: created, updated, unchanged, stale or failed (sync-api)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.customer_rows import Change, NewCustomer, difference, insert_customers, write_changes
from accounts.actions.customers import (
    CREATED,
    STALE,
    UNCHANGED,
    UPDATED,
    conflict_of,
    is_stale,
    note_source_times,
    place_new,
    settle_references,
)
from accounts.actions.doors import must, scope_of
from accounts.actions.learned import fields_told, take_over
from accounts.actions.ownership import Ground, ground_of, without
from accounts.actions.sameness import stands
from accounts.actions.wishes import REFERENCES, read_wish
from accounts.models import Customer, ExternalId, PersonProfile
from accounts.rules import CUSTOMER_FIELDS
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, FieldProblem, Invalid, NotFound
from crm.core.scope import Scope
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

FAILED = "failed"
MOST_LOOKS = 5
Key = tuple[str, str]
"""A source and an id in it."""
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


@dataclass
class Upserted:
    """What became of one record, in the order of the call.

    `not_owned`: fields left alone, as another source owns them; `kept`: fields whose old value was only repeated,
    while a person's correction waits for this source.
    """

    status: str
    customer: Customer | None = None
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
        known = _lock_known(items, source)
        ids = [row.pk for row in known.values()]
        persons = _persons(ids)
        grounds = {name: ground_of(ids, name) for name in {(item.source or source).strip() for item in items}}
        results, new, changes = _compared(items, known, persons, grounds, source, by, now, default_unit_id)
        created = insert_customers([row for __, row in new], by=by, now=now, today=today, introducing=False)
        for (index, __), customer in zip(new, created, strict=True):
            results[index].customer = customer
        write_changes(changes, by=by, now=now, today=today)
        _note_what_was_told(items, results, grounds, source)
        if dry_run or (atomic and any(result.status == FAILED for result in results)):
            transaction.set_rollback(True)
    return results


def _compared(
    items: Sequence[UpsertItem],
    known: Mapping[tuple[str, str], Customer],
    persons: Mapping[int, PersonProfile],
    grounds: Mapping[str, Ground],
    source: str,
    by: User | None,
    now: datetime,
    default_unit_id: int | None,
) -> tuple[list[Upserted], list[tuple[int, NewCustomer]], list[Change]]:
    """(what becomes of each record, those to create with their places, what differs of those that are known)."""
    today, scope = timezone.localdate(now), scope_of(by, "edit_customers")
    results: list[Upserted] = []
    new: list[tuple[int, NewCustomer]] = []
    changes: list[Change] = []
    seen: set[tuple[str, str]] = set()
    met: set[int] = set()
    for item in items:
        try:
            key = _key(item, source)
            if key in seen:
                raise Invalid(_("This external id stands twice in one call."), code="duplicate", field="external_id")
            seen.add(key)
            customer = known.get(key)
            if customer is None:
                new.append((len(results), _new(item, key, by, today, default_unit_id)))
                results.append(Upserted(CREATED))
                continue
            if customer.pk in met:
                raise Invalid(
                    _("The customer stands twice in one call, under two ids."), code="duplicate", field="external_id"
                )
            met.add(customer.pk)
            ground = grounds.get(key[0]) or Ground(key[0])
            _refuse_out_of_reach(scope, customer)
            result, change = _change(item, customer, persons.get(customer.pk), by, now, ground)
            results.append(result)
            if change is not None:
                changes.append(change)
        except DomainError as refusal:
            results.append(Upserted(FAILED, error=refusal))
    return results, new, changes


def _note_what_was_told(
    items: Sequence[UpsertItem], results: Sequence[Upserted], grounds: Mapping[str, Ground], source: str
) -> None:
    """CUS-10: what the source tells as it stands here now waits for it no more; when it told it is remembered."""
    told: dict[str, dict[int, set[str]]] = {name: {} for name in grounds}
    times: dict[int, datetime | None] = {}
    for item, result in zip(items, results, strict=True):
        row, name = result.customer, (item.source or source).strip()
        if row is None or result.status not in (UPDATED, UNCHANGED):
            continue
        if row.pk in grounds[name].waiting:
            names = fields_told(_replacing(item, row)) - set(result.kept)
            told[name][row.pk] = names - grounds[name].strangers(row.pk, names)
        if result.status == UNCHANGED:
            times[row.pk] = item.source_updated_at
    for name, ground in grounds.items():
        take_over(told[name], ground.waiting)
    note_source_times(times)


def _key(item: UpsertItem, source: str) -> tuple[str, str]:
    return (
        _source(item.source or source),
        clean_text(item.external_id, field="external_id", max_length=100, blank=False),
    )


@lru_cache(maxsize=64)
def _source(text: str) -> str:
    return str(clean_text(text, field="source", max_length=40, blank=False))


def _lock_known(items: Sequence[UpsertItem], source: str) -> dict[tuple[str, str], Customer]:
    """The customers these ids belong to, locked in order; ids nobody has yet are locked by name, against a twin."""
    keys = sorted({(item.source or source, item.external_id) for item in items if "\x00" not in item.external_id})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(k, 7)) FROM ("
            " SELECT u.s || chr(31) || u.e AS k FROM unnest(%s::text[], %s::text[]) AS u(s, e)"
            " LEFT JOIN accounts_externalid x ON x.source = u.s AND x.external_id = u.e"
            " WHERE x.id IS NULL ORDER BY 1) AS missing",
            [[key[0] for key in keys], [key[1] for key in keys]],
        )
    found: dict[Key, Customer] = {}
    wanted: Collection[Key] = keys
    # Whoever is merged between the look and the lock is looked for again: his ids lead to the survivor.
    for _look in range(MOST_LOOKS):
        ids = _customer_ids(wanted)
        rows = Customer.unscoped.filter(pk__in=set(ids.values())).order_by("pk").select_for_update(of=("self",))
        locked = {row.pk: row for row in rows}
        found |= {key: locked[customer_id] for key, customer_id in ids.items() if customer_id in locked}
        wanted = [key for key, customer_id in ids.items() if customer_id not in locked]
        if not wanted:
            return found
    raise Conflict


def _customer_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """Whose each of these ids is today."""
    by_source: dict[str, list[str]] = {}
    for name, external_id in keys:
        by_source.setdefault(name, []).append(external_id)
    ids: dict[Key, int] = {}
    for name, external_ids in by_source.items():
        rows = ExternalId.unscoped.filter(source=name, external_id__in=external_ids)
        for customer_id, external_id in rows.values_list("customer_id", "external_id"):
            ids[name, external_id] = customer_id
    return ids


def _persons(customer_ids: list[int]) -> dict[int, PersonProfile]:
    if not customer_ids:
        return {}
    return {row.customer_id: row for row in PersonProfile.unscoped.filter(customer_id__in=customer_ids)}


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


def _refuse_out_of_reach(scope: Scope, customer: Customer) -> None:
    """An id outside the caller's reach is not found (decisions 14)."""
    if not scope.everything and not scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotFound(_("There is no such customer."), field="external_id")


def _change(
    item: UpsertItem,
    customer: Customer,
    person: PersonProfile | None,
    by: User | None,
    now: datetime,
    ground: Ground,
) -> tuple[Upserted, Change | None]:
    """Compare one known record with what is told of it."""
    if item.create_only or (item.version is not None and item.version != customer.version):
        raise conflict_of(customer, item.values)
    if is_stale(customer, item.source_updated_at, now):
        return Upserted(STALE, customer), None
    if not (item.replace or ground.is_shared(customer.pk)) and stands(item.values, customer, person):
        return Upserted(UNCHANGED, customer), None
    given = _replacing(item, customer)
    foreign = ground.strangers(customer.pk, fields_told(given))
    wish = read_wish(without(given, foreign), today=timezone.localdate(now), current=customer)
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


def _replacing(item: UpsertItem, customer: Customer) -> Mapping[str, Any]:
    """PUT replaces: plain fields that are not given are cleared."""
    if not item.replace:
        return item.values
    empty = {name: None for name in CUSTOMER_FIELDS if name not in NOT_REPLACED}
    return {**empty, **item.values}
