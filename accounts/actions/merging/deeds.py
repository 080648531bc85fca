"""Two customers that are one become one, and apart again within a few days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.assignments import move
from accounts.actions.customer_rows import difference, write_changes
from accounts.actions.doors import REASON_LENGTH, scope_of, the_customers
from accounts.actions.learned import note_learned
from accounts.actions.merging.moving import Counted, Memory, Mover, count_rows, refusal_of, row_of
from accounts.actions.merging.returning import put_back
from accounts.actions.standing import ensure_standings, refresh_completeness
from accounts.actions.versions import records_changed
from accounts.actions.wishes import read_wish
from accounts.choices import CustomerKind, CustomerState
from accounts.followers import follow
from accounts.models import Customer, CustomerMerge, PersonProfile
from accounts.queries import names
from accounts.queries.merges import MAY, can_undo, differing, value_of
from accounts.queries.portfolio import is_manager
from accounts.rules.merging import Text
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_customermerge"


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do, before anybody decides."""

    counted: list[Counted]
    refusal: Text = ""

    @property
    def shown(self) -> list[Counted]:
        """What is worth reading."""
        return [row for row in self.counted if row.label and (row.moving or row.staying)]


@dataclass(frozen=True)
class Unmerged:
    """What an undo brought back, and what stays with the survivor."""

    merge: CustomerMerge
    customer_id: int
    kept: list[tuple[Text, int]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def preview_merge(survivor: Customer, merged: Customer) -> MergePreview:
    """Count what moves; two customers in reach. Writes nothing."""
    try:
        _refuse_strangers(survivor, merged)
    except Invalid as refusal:
        return MergePreview([], str(refusal))
    against = refusal_of(survivor.pk, merged.pk)
    return MergePreview(count_rows(survivor.pk, merged.pk), against.message if against else "")


def merge_customers(
    *,
    survivor_id: int,
    merged_id: int,
    take: Iterable[str] = (),
    reason: str = "",
    versions: tuple[int, int] | None = None,
    by: User,
    now: datetime,
) -> CustomerMerge:
    """Put one customer into another one with everything he has; `take` names fields whose value goes along.

    Somebody over both managers does it. `versions` are those of survivor and merged as they were looked at.
    """
    today = timezone.localdate(now)
    reason = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    with write(by=by):
        survivor, merged = _both(survivor_id, merged_id, by)
        if versions is not None and versions != (survivor.version, merged.version):
            raise Conflict(current={"versions": [survivor.version, merged.version]})
        against = refusal_of(survivor.pk, merged.pk)
        if against is not None:
            raise Conflict(against.message, code=against.code)
        wanted = {pair.name: pair.other for pair in differing(survivor, merged) if pair.name in set(take)}
        former = merged.manager_id
        if former != survivor.manager_id and merged.kind != CustomerKind.ORDINARY:
            move([merged], survivor.manager_id, reason=reason, handover_id=None, introducing=False, by=by, now=now)
        merge = CustomerMerge.unscoped.create(
            survivor=survivor, into_id=survivor.pk, merged_id=merged.pk, merged_number=merged.number,
            merged_name=merged.name, reason=reason, merged_by=by, merged_at=now,
        )  # fmt: skip
        mover = Mover(survivor_id=survivor.pk, merged_id=merged.pk, number=merged.number, merge_id=merge.pk, now=now)
        mover.memory.customer, mover.memory.manager_id = row_of(merged.pk), former
        counted = mover.move_all()
        mover.memory.fields = _take(survivor, wanted, by=by, now=now)
        _delete(merged.pk)
        merge.counts = {row.rule.key: [row.moving, row.staying] for row in counted}
        merge.memory = mover.memory.as_json()
        merge.save(update_fields=["counts", "memory"])
        _settle([survivor.pk], by=by, now=now)
        _tell(merge, "customers_merged", {former, survivor.manager_id}, by=by, now=now)
        refresh_completeness([survivor.pk], today=today)
    return merge


def undo_merge(*, merge_id: int, by: User, now: datetime) -> Unmerged:
    """Apart again, within 7 days. What somebody has moved or changed since stays where it is, and is named."""
    with write(by=by):
        scope = scope_of(by, MAY)
        merge = CustomerMerge.visible_to(scope).filter(pk=merge_id).select_for_update(of=("self",)).first()
        if merge is None:
            raise NotFound
        if merge.survivor_id != merge.into_id:
            raise Conflict(_("The survivor was merged itself since. Undo that merge first."), code="merged_since")
        if not can_undo(merge, now):
            raise Conflict(_("This merge cannot be undone any more."), code="too_late")
        memory = Memory.read(merge.memory)
        if not scope.allows(unit_id=memory.customer["unit_id"], manager_id=memory.manager_id):
            raise NotAllowed
        survivor = Customer.unscoped.select_for_update(no_key=True).get(pk=merge.survivor_id)
        kept = _put_back(memory, merge)
        edited = _give_up(survivor, memory.fields, by=by, now=now)
        _back_to_his_manager(merge.merged_id, memory.manager_id, merge.reason, by=by, now=now)
        merge.undone_at, merge.undone_by, merge.memory = now, by, {}
        merge.save(update_fields=["undone_at", "undone_by", "memory"])
        _settle([survivor.pk, merge.merged_id], by=by, now=now)
        _tell(merge, "merge_undone", {memory.manager_id, survivor.manager_id}, by=by, now=now)
    return Unmerged(merge, merge.merged_id, kept, edited)


def _both(survivor_id: int, merged_id: int, by: User) -> tuple[Customer, Customer]:
    """Both locked, in order of id, and fit to be one."""
    if survivor_id == merged_id:
        raise Invalid(_("A customer is not merged into himself."), code="same", field="survivor")
    found = {row.pk: row for row in the_customers(by, [survivor_id, merged_id], MAY)}
    survivor, merged = found[survivor_id], found[merged_id]
    _refuse_strangers(survivor, merged)
    return survivor, merged


def _refuse_strangers(survivor: Customer, merged: Customer) -> None:
    """Customers of two kinds are not one; only an ordinary customer may turn out to be a VIP."""
    if survivor.kind != merged.kind and (survivor.kind, merged.kind) != (CustomerKind.VIP, CustomerKind.ORDINARY):
        raise Invalid(_("Customers of different kinds are not merged."), code="other_kind")
    if merged.state == CustomerState.ACTIVE and survivor.state != CustomerState.ACTIVE:
        raise Invalid(_("Keep the one who is in service."), code="not_in_service")
    if merged.group_id == survivor.pk or survivor.group_id == merged.pk:
        raise Invalid(_("One of them belongs to the other: they are not the same."), code="group")


def _delete(customer_id: int) -> None:
    """Nothing points at him any more; if something did, the whole merge would fail here and not later."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_customer WHERE id = %s", [customer_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _take(survivor: Customer, wanted: Mapping[str, Any], *, by: User, now: datetime) -> dict[str, list[Any]]:
    """Write chosen values to a customer; answers before and after, as JSON."""
    if not wanted:
        return {}
    today = timezone.localdate(now)
    survivor.refresh_from_db()
    wish = read_wish(wanted, today=today, current=survivor)
    if wish.problems:
        raise Invalid(errors=wish.problems)
    person = PersonProfile.unscoped.filter(customer=survivor).first()
    change = difference(survivor, wish, person)
    if change.is_empty:
        return {}
    stored = person or PersonProfile()
    told = {name: (getattr(survivor, name), value) for name, value in change.columns.items()}
    told |= {name: (getattr(stored, name), value) for name, value in change.person.items()}
    note_learned(customer_id=survivor.pk, changes=told, by=by, now=now)
    write_changes([change], by=by, now=now, today=today)
    fields: dict[str, list[Any]] = json.loads(
        json.dumps({name: list(told[name]) for name in wanted if name in told}, cls=DjangoJSONEncoder)
    )
    return fields


def _give_up(survivor: Customer, fields: Mapping[str, list[Any]], *, by: User, now: datetime) -> list[str]:
    """Values that the merge brought go away again; answers those that somebody has changed since."""
    customer = Customer.unscoped.select_related("person").get(pk=survivor.pk)
    now_there = json.loads(json.dumps({name: value_of(customer, name) for name in fields}, cls=DjangoJSONEncoder))
    untouched = {name: before for name, (before, after) in fields.items() if now_there[name] == after}
    _take(customer, untouched, by=by, now=now)
    return [name for name in fields if name not in untouched]


def _put_back(memory: Memory, merge: CustomerMerge) -> list[tuple[Text, int]]:
    try:
        kept = put_back(memory, survivor_id=merge.survivor_id, merged_id=merge.merged_id)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as clash:
        text = _("Too much has changed since: something stands where a row would return to.")
        raise Conflict(text, code="changed_since") from clash
    return kept


def _back_to_his_manager(customer_id: int, manager_id: int | None, reason: str, *, by: User, now: datetime) -> None:
    """To whoever looked after him before, if he still may have customers."""
    customer = Customer.unscoped.select_for_update(no_key=True).get(pk=customer_id)
    if customer.manager_id == manager_id or customer.kind == CustomerKind.ORDINARY:
        return
    if manager_id is None or is_manager(manager_id, timezone.localdate(now)):
        move(
            [customer], manager_id, reason=reason, handover_id=None, introducing=False, by=by, now=now,
            followers="HANDOVER_UNDO_FOLLOWERS",
        )  # fmt: skip


def _settle(customer_ids: list[int], *, by: User, now: datetime) -> None:
    """What is derived from the rows of these customers is made anew, by the apps that own it."""
    ensure_standings(customer_ids)
    records_changed(customer_ids, now=now)
    refresh_completeness(customer_ids, today=timezone.localdate(now))
    follow("MERGE_FOLLOWERS", customer_ids=customer_ids, today=timezone.localdate(now), now=now, by=by)


def _tell(merge: CustomerMerge, kind: str, managers: set[int | None], *, by: User, now: datetime) -> None:
    """The managers concerned; the doer himself needs no notice."""
    cards = [card for card in map(names.staff_card, managers) if card is not None and card.user_id != by.pk]
    params = {"merged": merge.merged_name, "survivor": merge.survivor.name, "name": by.name}
    url = f"/customers/{merge.survivor_id}/"
    notify([NoticeRow(card.user_id, kind, TABLE, merge.pk, params=params, url=url) for card in cards], now)
