"""Rows of customers written set-based: new ones, and changes of locked ones (CUS-9, sync-api)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.actions.assignments import move
from accounts.actions.introductions import introduce
from accounts.actions.standing import ensure_standings, refresh_completeness
from accounts.actions.tiers import set_tiers
from accounts.actions.wishes import Wish
from accounts.followers import follow
from accounts.models import Assignment, Customer, ExternalId, PersonProfile, TierHistory
from accounts.rules import PERSON_FIELDS, name_vector, pinyin_of
from crm.core.row_sets import update_rows

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass
class Change:
    """What really differs of one locked customer."""

    customer: Customer
    columns: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    tier_id: int | None = None
    has_tier: bool = False
    manager_id: int | None = None
    has_manager: bool = False
    proposed: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing would be written."""
        return not (self.columns or self.person or self.has_tier or self.has_manager)


@dataclass(frozen=True)
class NewCustomer:
    """A customer to create, with the id it has in another system."""

    wish: Wish
    source: str = ""
    external_id: str = ""
    source_updated_at: datetime | None = None


def difference(customer: Customer, wish: Wish, person: PersonProfile | None) -> Change:
    """Which of the wanted values differ from what is stored; `unchanged` is real (sync-api)."""
    change = Change(customer)
    for name, value in wish.columns.items():
        if getattr(customer, name) != value:
            change.columns[name] = value
    for name in ("unit_id", "group_id"):
        if name in wish.references and wish.references[name] != getattr(customer, name):
            change.columns[name] = wish.references[name]
    if "name" in change.columns:
        change.columns.update(searchable(change.columns["name"]))
    stored = person if person is not None else PersonProfile()
    change.person = {name: value for name, value in wish.person.items() if getattr(stored, name) != value}
    if "tier_id" in wish.references and wish.references["tier_id"] != customer.tier_id:
        change.has_tier, change.tier_id = True, wish.references["tier_id"]
    if "manager_id" in wish.references and wish.references["manager_id"] != customer.manager_id:
        change.has_manager, change.manager_id = True, wish.references["manager_id"]
    return change


def searchable(name: str) -> dict[str, str]:
    """The derived columns of a name."""
    pinyin, initials = pinyin_of(name)
    return {"pinyin": pinyin, "initials": initials, "name_tokens": name_vector(name)}


def next_numbers(count: int) -> list[str]:
    """So many new customer numbers, K and 8 digits; gaps are allowed (decisions 29)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'K' || lpad(nextval('accounts_customer_number')::text, 8, '0') FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def insert_customers(
    new: Sequence[NewCustomer], *, by: User | None, now: datetime, today: date, introducing: bool
) -> list[Customer]:
    """Create customers with external id, history, standing and profile; a dozen statements whatever their number."""
    if not new:
        return []
    rows = [
        Customer(
            number=number,
            **item.wish.columns,
            **searchable(item.wish.columns["name"]),
            **{name: item.wish.references.get(name) for name in ("unit_id", "manager_id", "tier_id", "group_id")},
            source_updated_at=item.source_updated_at,
            created_at=now,
            updated_at=now,
            profile_updated_at=now,
        )
        for number, item in zip(next_numbers(len(new)), new, strict=True)
    ]
    customers = Customer.unscoped.bulk_create(rows)
    pairs = list(zip(customers, new, strict=True))
    ExternalId.unscoped.bulk_create(
        ExternalId(customer=row, source=item.source, external_id=item.external_id)
        for row, item in pairs
        if item.external_id
    )
    Assignment.unscoped.bulk_create(
        Assignment(customer=row, staff_id=row.manager_id, valid_from=today)
        for row in customers
        if row.manager_id is not None
    )
    TierHistory.unscoped.bulk_create(
        TierHistory(customer=row, tier_id=row.tier_id, valid_from=today, decided_by=by)
        for row in customers
        if row.tier_id is not None
    )
    PersonProfile.unscoped.bulk_create(
        PersonProfile(customer=row, **item.wish.person) for row, item in pairs if item.wish.person
    )
    ids = [row.pk for row in customers]
    ensure_standings(ids)
    refresh_completeness(ids, today=today)
    if introducing:
        _introduce_new(customers, by=by, now=now)
    follow("STATE_FOLLOWERS", customer_ids=ids, today=today, now=now)
    return customers


def _introduce_new(customers: Sequence[Customer], *, by: User | None, now: datetime) -> None:
    """CON-37 for new customers given to somebody else than who created them."""
    own = by.access.staff_id if by is not None else None
    by_manager: dict[int, list[int]] = {}
    for customer in customers:
        if customer.manager_id is not None and customer.manager_id != own:
            by_manager.setdefault(customer.manager_id, []).append(customer.pk)
    for staff_id, ids in by_manager.items():
        introduce(ids, staff_id=staff_id, handover_id=None, by=by, now=now)


def write_changes(changes: Sequence[Change], *, by: User | None, now: datetime, today: date) -> None:
    """Write the changes of locked customers; few statements for many rows."""
    changes = [change for change in changes if not change.is_empty]
    if not changes:
        return
    _write_columns(changes, now)
    _write_persons([change for change in changes if change.person])
    for reason, tiers in _tiers_by_reason(changes).items():
        set_tiers(tiers, reason=reason, effective_on=today, by=by, now=now)
    _write_managers(changes, by=by, now=now)
    touched = {name for change in changes for name in change.columns}
    ids = [change.customer.pk for change in changes]
    if touched & {"monthly_spend", "unit_id"}:
        ensure_standings(ids)
    refresh_completeness(ids, today=today)
    moved = [change.customer.pk for change in changes if {"state", "unit_id", "kind"} & change.columns.keys()]
    if moved:
        follow("STATE_FOLLOWERS", customer_ids=moved, today=today, now=now)


def _write_columns(changes: Sequence[Change], now: datetime) -> None:
    """Plain columns and the version, which moves once for each customer whose record changed."""
    rows = [change for change in changes if change.columns or change.person]
    names: set[str] = {"version", "updated_at", "profile_updated_at"}
    for change in rows:
        names |= change.columns.keys()
        for name, value in change.columns.items():
            setattr(change.customer, name, value)
        change.customer.version += 1
        change.customer.updated_at = change.customer.profile_updated_at = now
    if len(rows) == 1:
        rows[0].customer.save(update_fields=sorted(names))
    elif rows:
        update_rows([change.customer for change in rows], sorted(names))


def _write_persons(changes: Sequence[Change]) -> None:
    if not changes:
        return
    ids = [change.customer.pk for change in changes]
    stored = {row.customer_id: row for row in PersonProfile.unscoped.filter(customer_id__in=ids)}
    rows = []
    for change in changes:
        row = stored.get(change.customer.pk) or PersonProfile(customer=change.customer)
        for name, value in change.person.items():
            setattr(row, name, value)
        row.pk = None
        rows.append(row)
    PersonProfile.unscoped.bulk_create(
        rows, update_conflicts=True, unique_fields=["customer"], update_fields=list(PERSON_FIELDS)
    )


def _tiers_by_reason(changes: Sequence[Change]) -> Mapping[str, dict[int, int | None]]:
    found: dict[str, dict[int, int | None]] = {}
    for change in changes:
        if change.has_tier:
            found.setdefault(change.reason, {})[change.customer.pk] = change.tier_id
    return found


def _write_managers(changes: Sequence[Change], *, by: User | None, now: datetime) -> None:
    by_target: dict[int | None, list[Change]] = {}
    for change in changes:
        if change.has_manager:
            by_target.setdefault(change.manager_id, []).append(change)
    for staff_id, rows in by_target.items():
        move(
            [change.customer for change in rows],
            staff_id,
            reason=rows[0].reason,
            handover_id=None,
            introducing=True,
            by=by,
            now=now,
        )
