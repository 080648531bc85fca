"""Handover (交接) of customers from manager to manager: previewed, reasoned, one transaction, undone for 7 days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.assignments import move, refuse_ordinary, the_new_manager, warnings_for
from accounts.actions.doors import a_reason, must, scope_of, the_customers
from accounts.actions.introductions import HANDOVER
from accounts.actions.tasks import cancel_tasks_of
from accounts.choices import TaskState
from accounts.followers import gather
from accounts.models import Customer, Handover, Task
from accounts.notices import CUSTOMERS_URL, TODAY_URL
from accounts.queries import names
from accounts.queries.portfolio import TierCount, can_undo, is_manager, tier_mix
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

NOTE_LENGTH = 1000


@dataclass(frozen=True)
class HandoverPreview:
    """What would move, before anybody decides."""

    customers: int
    already_there: int
    by_tier: list[TierCount]
    open_tasks: int
    # Of higher apps: open_duties, open_excuses … (HANDOVER_PREVIEWS in settings).
    counts: dict[str, int] = field(default_factory=dict)
    load_before: int = 0
    load_after: int = 0
    warnings: list[str | Promise] = field(default_factory=list)


@dataclass(frozen=True)
class HandedOver:
    """What a handover did."""

    handover: Handover
    customer_ids: list[int]
    unchanged: int = 0
    warnings: list[str | Promise] = field(default_factory=list)


@dataclass(frozen=True)
class KeptCustomer:
    """A customer that an undo left where he is, and why."""

    customer_id: int
    name: str
    manager: str
    code: str


@dataclass(frozen=True)
class Undone:
    """What an undo brought back, and what it could not."""

    handover: Handover
    customer_ids: list[int]
    kept: list[KeptCustomer] = field(default_factory=list)


def preview_handover(*, customer_ids: Iterable[int], to_staff_id: int, by: User, now: datetime) -> HandoverPreview:
    """Count what moves: customers by tier, open tasks, duties and excuses; writes nothing (ORG-29)."""
    today = timezone.localdate(now)
    with write(by=by):
        customers = the_customers(by, customer_ids, "assign_customers")
        staff = the_new_manager(by, to_staff_id, today)
        refuse_ordinary(customers, staff)
        moving = [customer for customer in customers if customer.manager_id != staff.pk]
        ids = [customer.pk for customer in moving]
        load = Customer.unscoped.filter(manager=staff).count()
        return HandoverPreview(
            customers=len(ids),
            already_there=len(customers) - len(ids),
            by_tier=tier_mix(ids),
            open_tasks=Task.unscoped.filter(customer_id__in=ids, state=TaskState.OPEN).count(),
            counts=gather("HANDOVER_PREVIEWS", customer_ids=ids, today=today),
            load_before=load,
            load_after=load + len(ids),
            warnings=warnings_for(moving, staff),
        )


def hand_over(
    *,
    customer_ids: Iterable[int],
    to_staff_id: int,
    reason: str,
    by: User,
    now: datetime,
    note: str = "",
) -> HandedOver:
    """Hand customers over with everything open; the first duty of each becomes the introduction (ORG-29, CON-37)."""
    today = timezone.localdate(now)
    reason = a_reason(reason)
    note = clean_text(note, field="note", max_length=NOTE_LENGTH, multiline=True)
    with write(by=by):
        customers = the_customers(by, customer_ids, "assign_customers")
        staff = the_new_manager(by, to_staff_id, today)
        refuse_ordinary(customers, staff)
        moving = [customer for customer in customers if customer.manager_id != staff.pk]
        if not moving:
            raise Invalid(
                _("There is nothing to hand over: choose customers of another manager."),
                code="nothing_to_do",
                field="customers",
            )
        givers = Counter(customer.manager_id for customer in moving)
        giver = next(iter(givers)) if len(givers) == 1 else None
        card = names.staff_card(giver)
        handover = Handover.unscoped.create(
            unit_id=card.unit_id if card else moving[0].unit_id,
            from_staff_id=giver,
            to_staff=staff,
            reason=reason,
            note=note,
            effective_on=today,
            done_by=by,
            done_at=now,
        )
        _remember(handover, moving)
        move(moving, staff.pk, reason=reason, handover_id=handover.pk, introducing=True, by=by, now=now)
        _tell(handover, givers, taken_by=staff.pk, by=by, now=now)
        return HandedOver(
            handover,
            [customer.pk for customer in moving],
            len(customers) - len(moving),
            warnings_for(moving, staff),
        )


def _remember(handover: Handover, customers: Sequence[Customer]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_handoveritem (handover_id, customer_id, previous_staff_id)"
            " SELECT %s, id, before FROM unnest(%s::bigint[], %s::bigint[]) AS u(id, before)",
            [handover.pk, [row.pk for row in customers], [row.manager_id for row in customers]],
        )


def _tell(handover: Handover, givers: Counter[int | None], *, taken_by: int, by: User, now: datetime) -> None:
    """A notice to both managers; the doer himself needs none."""
    taker = names.staff_card(taken_by)
    rows: list[NoticeRow] = []
    if taker is not None and taker.user_id != by.pk:
        given_by = ", ".join(names.staff_name(staff_id) for staff_id in givers if staff_id) or by.name
        rows.append(
            NoticeRow(
                taker.user_id, "handover_taken", HANDOVER, handover.pk,
                params={"count": sum(givers.values()), "name": given_by}, url=TODAY_URL,
            )
        )  # fmt: skip
    for staff_id, count in givers.items():
        giver = names.staff_card(staff_id)
        if giver is not None and giver.user_id != by.pk:
            rows.append(
                NoticeRow(
                    giver.user_id, "handover_given", HANDOVER, handover.pk,
                    params={"count": count, "name": taker.name if taker else ""}, url=CUSTOMERS_URL,
                )
            )  # fmt: skip
    notify(rows, now)


def undo_handover(*, handover_id: int, by: User, now: datetime) -> Undone:
    """Take a handover back within 7 days; customers who changed hands since stay where they are, and are named."""
    today = timezone.localdate(now)
    with write(by=by):
        must(by, "assign_customers")
        handover = (
            Handover.visible_to(scope_of(by, "assign_customers"))
            .filter(pk=handover_id)
            .select_for_update(of=("self",))
            .first()
        )
        if handover is None:
            raise NotFound(_("There is no such handover."))
        if not can_undo(handover, today):
            raise Invalid(_("This handover can no longer be undone."), code="too_late")
        items = dict(handover.items.values_list("customer_id", "previous_staff_id"))
        rows = Customer.visible_to(scope_of(by, "assign_customers")).filter(pk__in=items)
        customers = list(rows.order_by("pk").select_for_update(of=("self",)))
        if not customers:
            raise NotAllowed
        returning, kept = _sort_out(handover, customers, items, today=now)
        _give_back(handover, returning, items, by=by, now=now)
        cancel_tasks_of(origin_table=HANDOVER, origin_ids=[handover.pk], by=by, now=now)
        handover.undone_at, handover.undone_by = now, by
        handover.save(update_fields=["undone_at", "undone_by"])
        _tell_undone(handover, returning, items, by=by, now=now)
        return Undone(handover, [customer.pk for customer in returning], kept)


def _sort_out(
    handover: Handover, customers: Sequence[Customer], items: Mapping[int, int | None], *, today: datetime
) -> tuple[list[Customer], list[KeptCustomer]]:
    """Who can go back: still with the receiver, and the giver may still have customers."""
    day = timezone.localdate(today)
    can_take = {None: True} | {
        staff_id: is_manager(staff_id, day) for staff_id in set(items.values()) if staff_id is not None
    }
    returning: list[Customer] = []
    kept: list[KeptCustomer] = []
    for customer in customers:
        code = ""
        if customer.manager_id != handover.to_staff_id:
            code = "changed_hands"
        elif not can_take[items[customer.pk]]:
            code = "giver_left"
        if code:
            kept.append(KeptCustomer(customer.pk, customer.name, names.staff_name(customer.manager_id), code))
        else:
            returning.append(customer)
    return returning, kept


def _give_back(
    handover: Handover, returning: Sequence[Customer], items: Mapping[int, int | None], *, by: User, now: datetime
) -> None:
    """One move per former manager: there are few, however many customers there are."""
    for staff_id in sorted(set(items.values()), key=lambda key: key or 0):
        move(
            [customer for customer in returning if items[customer.pk] == staff_id],
            staff_id,
            reason=handover.reason,
            handover_id=handover.pk,
            introducing=False,
            by=by,
            now=now,
            followers="HANDOVER_UNDO_FOLLOWERS",
        )


def _tell_undone(
    handover: Handover, returning: Sequence[Customer], items: Mapping[int, int | None], *, by: User, now: datetime
) -> None:
    counts = Counter(items[customer.pk] for customer in returning)
    counts[handover.to_staff_id] = len(returning)
    rows = []
    for staff_id, count in counts.items():
        card = names.staff_card(staff_id)
        if card is not None and card.user_id != by.pk and count:
            rows.append(
                NoticeRow(
                    card.user_id, "handover_undone", HANDOVER, handover.pk,
                    params={"count": count}, url=CUSTOMERS_URL,
                )
            )  # fmt: skip
    notify(rows, now)
