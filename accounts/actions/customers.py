"""Create and change customers, one at a time, by people (CUS-5…9, CUS-31)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import CREATED, STALE, UNCHANGED, UPDATED
from accounts.actions.customer_rows import Change, NewCustomer, difference, insert_customers, write_changes
from accounts.actions.doors import a_reason, must, scope_of, the_customer
from accounts.actions.learned import fields_told, note_learned, take_over
from accounts.actions.ownership import ground_of, without
from accounts.actions.tiers import needs_decision, put_proposal
from accounts.actions.versions import records_changed
from accounts.actions.wishes import Wish, read_wish
from accounts.choices import CustomerKind
from accounts.followers import follow
from accounts.models import Customer, ExternalId, PersonProfile
from accounts.queries import names
from accounts.queries.portfolio import is_manager
from accounts.rules.lines import CLOCK_SKEW
from crm.core.changelog import history_of
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from crm.core.wording import worded

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_customer"


@dataclass(frozen=True)
class Written:
    """What became of a write: created, updated, unchanged or stale; proposed names fields that wait (CUS-4)."""

    status: str
    customer: Customer
    proposed: list[str] = field(default_factory=list)
    not_owned: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def create_customer(
    *, values: Mapping[str, Any], by: User | None, now: datetime, source: str = "", external_id: str = ""
) -> Written:
    """Create a customer; the profile may be partial (CUS-9). A manager creates for himself, in his unit."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "edit_customers")
        wish = read_wish(values, today=today)
        place_new(wish, by, today)
        if wish.problems:
            raise Invalid(errors=wish.problems)
        if external_id:
            _refuse_known_id(source, external_id)
        new = NewCustomer(wish, source, external_id)
        return Written(CREATED, insert_customers([new], by=by, now=now, today=today, introducing=True)[0])


def place_new(wish: Wish, by: User | None, today: date) -> None:
    """Unit and manager of a new customer: given, else the creator's; inside the creator's reach or refused."""
    me = names.staff_of(by.pk) if by is not None else None
    if me is not None and wish.columns.get("kind") != CustomerKind.ORDINARY and "manager_id" not in wish.references:
        scope = scope_of(by, "edit_customers")
        if me.id in scope.manager_ids and not scope.everything:
            wish.references["manager_id"] = me.id
    manager = names.staff_card(wish.references.get("manager_id"))
    if manager is not None and not is_manager(manager.id, today):
        text = _("%(name)s is not an account manager today.")
        wish.refuse("manager", "not_a_manager", worded(text, name=manager.name))
    if any(problem.field == "unit" for problem in wish.problems):
        return
    if wish.references.get("unit_id") is None:
        unit_id = manager.unit_id if manager else (me.unit_id if me else None)
        if unit_id is None:
            wish.refuse("unit", "required", _("Every customer belongs to a unit."))
        wish.references["unit_id"] = unit_id
    if not scope_of(by, "edit_customers").allows(
        unit_id=wish.references["unit_id"], manager_id=wish.references.get("manager_id")
    ):
        wish.refuse("unit", "not_found", _("There is no such unit."))


def _refuse_known_id(source: str, external_id: str) -> None:
    if ExternalId.unscoped.filter(source=source, external_id=external_id).exists():
        raise Conflict(_("This external id belongs to another customer."), code="taken", field="external_id")


def update_customer(
    *,
    customer_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    now: datetime,
    version: int | None = None,
    source: str = "",
    source_updated_at: datetime | None = None,
    reason: str = "",
) -> Written:
    """Change fields of a customer and his basic profile; equal values write nothing, an old version is refused.

    `changes` holds plain fields, fields of the person, and codes (`tier`, `state`, `unit`, `manager`); a tier that
    would lower an active customer, or that the writer may not decide, becomes a proposal (CUS-4).
    """
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        if version is not None and version != customer.version:
            raise conflict_of(customer, changes)
        if is_stale(customer, source_updated_at, now):
            return Written(STALE, customer)
        is_machine = by is None or by.is_service
        ground = ground_of([customer.pk] if is_machine else [], source)
        foreign = ground.strangers(customer.pk, fields_told(changes))
        changes = without(changes, foreign)
        wish = read_wish(changes, today=today, current=customer)
        if wish.problems:
            raise Invalid(errors=wish.problems)
        kept = ground.heed(customer.pk, wish)
        person = PersonProfile.unscoped.filter(customer=customer).first() if wish.person else None
        change = difference(customer, wish, person)
        change.reason = clean_text(reason, field="reason", max_length=200) or source
        settle_references(change, by, now=now, source=source)
        take_over({customer.pk: fields_told(changes) - kept}, ground.waiting)
        said = {"proposed": change.proposed, "not_owned": sorted(foreign), "kept": sorted(kept)}
        if change.is_empty:
            note_source_times({customer.pk: source_updated_at})
            return Written(UNCHANGED, customer, **said)
        note_learned(customer_id=customer.pk, changes=_before_and_after(change, person), by=by, now=now)
        if source_updated_at is not None:
            change.columns["source_updated_at"] = source_updated_at
        write_changes([change], by=by, now=now, today=today)
        customer.refresh_from_db()
        return Written(UPDATED, customer, **said)


def _before_and_after(change: Change, person: PersonProfile | None) -> dict[str, tuple[Any, Any]]:
    """What stands now and what will, of each field that changes."""
    stored = person or PersonProfile()
    found = {name: (getattr(change.customer, name), value) for name, value in change.columns.items()}
    return found | {name: (getattr(stored, name), value) for name, value in change.person.items()}


def is_stale(customer: Customer, source_updated_at: datetime | None, now: datetime) -> bool:
    """Whether the source tells something older than what is stored: yesterday's file after today's (sync-api)."""
    if source_updated_at is None:
        return False
    if source_updated_at > now + CLOCK_SKEW:
        raise Invalid(_("This moment lies in the future."), code="out_of_range", field="source_updated_at")
    return customer.source_updated_at is not None and source_updated_at < customer.source_updated_at


_TOLD_AGAIN = """
UPDATE accounts_customer c SET source_updated_at = u.told
FROM unnest(%s::bigint[], %s::timestamptz[]) AS u(id, told)
WHERE c.id = u.id AND (c.source_updated_at IS NULL OR c.source_updated_at < u.told)
"""


def note_source_times(told: Mapping[int, datetime | None]) -> None:
    """The source confirmed what is stored: remember when, without a new version or a line in the change log."""
    times = {customer_id: moment for customer_id, moment in told.items() if moment is not None}
    if times:
        with connection.cursor() as cursor:
            cursor.execute(_TOLD_AGAIN, [list(times), list(times.values())])


def conflict_of(customer: Customer, changes: Mapping[str, Any]) -> Conflict:
    """Two saved the same form: today's values of the fields in question, who changed them and when."""
    current: dict[str, Any] = {
        name: getattr(customer, name)
        for name in changes
        if any(name == known.attname or name == known.name for known in customer._meta.concrete_fields)
    }
    person = PersonProfile.unscoped.filter(customer=customer).first()
    if person is not None:
        current |= {name: getattr(person, name) for name in changes if hasattr(person, name) and name not in current}
    last = history_of(TABLE, customer.pk, 1)
    current["version"] = customer.version
    current["changed_at"] = customer.updated_at
    current["changed_by"] = last[0].actor_name if last else ""
    return Conflict(current=current)


def settle_references(change: Change, by: User | None, *, now: datetime, source: str) -> None:
    """Who may move tier, manager and unit through a plain update: machines and deciders; others propose or are told.

    A machine may raise a tier or set a first one; lowering an active customer waits for a supervisor (CUS-4).
    """
    customer, today = change.customer, timezone.localdate(now)
    is_machine = by is None or by.is_service
    if change.has_tier:
        may_decide = scope_of(by, "decide_tiers").allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
        if not (may_decide or is_machine) or (is_machine and needs_decision(customer, change.tier_id)):
            put_proposal(
                customer, change.tier_id, reason=change.reason or source, source=source or "manager", by=by, now=now
            )
            change.has_tier = False
            change.proposed.append("tier")
    if not is_machine and (change.has_manager or "unit_id" in change.columns):
        may_assign = scope_of(by, "assign_customers")
        if not may_assign.allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
            raise NotAllowed
    scope = scope_of(by, "edit_customers")
    if "unit_id" in change.columns and not (
        scope.allows(unit_id=change.columns["unit_id"], manager_id=change.manager_id or customer.manager_id)
    ):
        raise Invalid(_("There is no such unit."), code="not_found", field="unit")
    if change.has_manager and change.manager_id is not None and not is_manager(change.manager_id, today):
        raise Invalid(
            _("%(name)s is not an account manager today."),
            code="not_a_manager",
            field="manager",
            params={"name": names.staff_name(change.manager_id)},
        )


def change_state(*, customer_id: int, state: str, reason: str, by: User | None, now: datetime) -> Customer:
    """CUS-31: only active customers are owed contact; a churned one drops from the due list at once."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        wish = read_wish({"state": state}, today=today, current=customer)
        if wish.problems:
            raise Invalid(errors=wish.problems)
        change = difference(customer, wish, None)
        change.reason = a_reason(reason)
        write_changes([change], by=by, now=now, today=today)
        return customer


def change_kind(*, customer_id: int, kind: str, tier_id: int | None, reason: str, by: User, now: datetime) -> Customer:
    """ORG-3: upgrade an ordinary customer, with a first tier if there is one."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "decide_tiers")
        values: dict[str, Any] = {"kind": kind, "tier_id": tier_id}
        wish = read_wish(values, today=today, current=customer)
        tier = names.tier(tier_id)
        if tier_id is not None and (tier is None or tier.kind != kind):
            wish.refuse("tier", "invalid_choice", _("Customers of this kind do not have this tier."))
        if wish.problems:
            raise Invalid(errors=wish.problems)
        change = difference(customer, wish, None)
        change.reason = a_reason(reason)
        write_changes([change], by=by, now=now, today=today)
        customer.refresh_from_db()
        return customer


def mark_important(*, customer_id: int, important: bool, reason: str, by: User, now: datetime) -> Customer:
    """CUS-5: a supervisor marks a VIP as important, with who, when and why; it calls for meetings (CON-4)."""
    with write(by=by):
        customer = the_customer(by, customer_id, "flag_important")
        if customer.kind != CustomerKind.VIP:
            raise Invalid(_("Only VIP customers are marked important."), code="not_for_kind", field="important")
        reason = a_reason(reason)
        if customer.is_important == important:
            return customer
        customer.is_important = important
        customer.important_by, customer.important_at, customer.important_reason = by, now, reason
        customer.version += 1
        customer.updated_at = now
        customer.save(
            update_fields=[
                "is_important", "important_by", "important_at", "important_reason", "version", "updated_at",
            ]
        )  # fmt: skip
        follow("TIER_FOLLOWERS", customer_ids=[customer.pk], today=timezone.localdate(now), now=now)
        return customer


def set_external_id(
    *,
    customer_id: int,
    source: str,
    external_id: str,
    by: User | None,
    now: datetime,
    seen: str | None = None,
    version: int | None = None,
) -> ExternalId:
    """A customer has one id per source; the id of another customer is refused (sync-api).

    `seen` is the id that stood there when a person began to type ("" for none): 409 when it is another one by now.
    """
    source = clean_text(source, field="source", max_length=40, blank=False)
    external_id = clean_text(external_id, field="external_id", max_length=100, blank=False)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        _refuse_old_copy(customer, version)
        row = ExternalId.unscoped.filter(customer=customer, source=source, alias=0).first()
        if row is not None and row.external_id == external_id:
            return row
        if seen is not None and seen != (row.external_id if row else ""):
            text = _("It is %(value)s by now. Please look again.") if row else _("It was taken away meanwhile.")
            raise Conflict(text, code="changed", field="external_id", params={"value": row.external_id if row else ""})
        # An id that a merge brought may become the one he goes by.
        ExternalId.unscoped.filter(customer=customer, source=source, external_id=external_id, alias__gt=0).delete()
        _refuse_known_id(source, external_id)
        row = row or ExternalId(customer=customer, source=source)
        row.external_id = external_id
        row.save()
        records_changed([customer.pk], now=now)
        return row


def _refuse_old_copy(customer: Customer, version: int | None) -> None:
    if version is not None and version != customer.version:
        raise conflict_of(customer, {})


def remove_external_id(
    *, customer_id: int, source: str, by: User | None, now: datetime, version: int | None = None
) -> None:
    """Take the id of one source away; 404 when there is none."""
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_customers")
        _refuse_old_copy(customer, version)
        removed, _by_model = ExternalId.unscoped.filter(customer=customer, source=source, alias=0).delete()
        if not removed:
            raise NotFound
        records_changed([customer.pk], now=now)
