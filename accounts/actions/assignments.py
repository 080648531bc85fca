"""Who looks after a customer: one open assignment each, moved in bulk by a few statements (ORG-1, ORG-3, ORG-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import a_reason, the_customers, the_staff
from accounts.actions.introductions import drop_introductions, introduce
from accounts.actions.standing import write_standings
from accounts.choices import CustomerKind, Line
from accounts.followers import follow
from accounts.models import Customer, Staff
from accounts.queries.portfolio import is_manager
from crm.core.db import write
from crm.core.errors import Invalid

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True)
class Assigned:
    """What an assignment did: who changed hands, and what somebody should know."""

    customer_ids: list[int] = field(default_factory=list)
    unchanged: int = 0
    warnings: list[str | Promise] = field(default_factory=list)


def assign_customers(
    *, customer_ids: Iterable[int], staff_id: int | None, reason: str, by: User | None, now: datetime
) -> Assigned:
    """Give customers to a manager, or to nobody (None); those he has already stay untouched (ORG-1)."""
    today = timezone.localdate(now)
    with write(by=by):
        customers = the_customers(by, customer_ids, "assign_customers")
        staff = None if staff_id is None else the_new_manager(by, staff_id, today)
        refuse_ordinary(customers, staff)
        moving = [customer for customer in customers if customer.manager_id != staff_id]
        move(moving, staff_id, reason=a_reason(reason), handover_id=None, introducing=True, by=by, now=now)
        return Assigned([customer.pk for customer in moving], len(customers) - len(moving), warnings_for(moving, staff))


def the_new_manager(by: User | None, staff_id: int, today: date) -> Staff:
    """Somebody who may have customers: active, and with a post as manager today."""
    staff = the_staff(by, staff_id, "assign_customers", field="to_staff")
    if not is_manager(staff.pk, today):
        raise Invalid(
            _("%(name)s is not an account manager today."),
            code="not_a_manager",
            field="to_staff",
            params={"name": staff.name},
        )
    return staff


def refuse_ordinary(customers: Sequence[Customer], staff: Staff | None) -> None:
    """ORG-3: ordinary customers have no manager; they must be upgraded first."""
    ordinary = [row for row in customers if row.kind == CustomerKind.ORDINARY]
    if staff is not None and ordinary:
        raise Invalid(
            _("%(name)s is an ordinary customer and has no account manager. Upgrade the customer first."),
            code="ordinary_customer",
            field="customers",
            params={"name": ordinary[0].name, "count": len(ordinary)},
        )


def warnings_for(customers: Sequence[Customer], staff: Staff | None) -> list[str | Promise]:
    """ORG-5: a manager of the VIP line is given group customers; not refused, but said."""
    if staff is None:
        return []
    found: list[str | Promise] = []
    groups = sum(customer.kind == CustomerKind.GROUP for customer in customers)
    if staff.line == Line.VIP and groups:
        found.append(
            _("%(name)s is a manager of the VIP line; %(count)d of the customers are group customers.")
            % {"name": staff.name, "count": groups}
        )
    elsewhere = sum(customer.unit_id != staff.unit_id for customer in customers)
    if elsewhere:
        found.append(
            _("%(count)d of the customers belong to another unit than %(name)s and stay in the view of that unit.")
            % {"name": staff.name, "count": elsewhere}
        )
    return found


_CLOSE = (
    "UPDATE accounts_assignment SET valid_to = greatest(valid_from, %s)"
    " WHERE customer_id = ANY(%s) AND valid_to IS NULL"
)
_OPEN = (
    "INSERT INTO accounts_assignment (customer_id, staff_id, valid_from, reason, handover_id)"
    " SELECT id, %s, %s, %s, %s FROM unnest(%s::bigint[]) AS u(id)"
)
_CUSTOMERS = "UPDATE accounts_customer SET manager_id = %s, version = version + 1, updated_at = %s WHERE id = ANY(%s)"
# Open tasks of the former manager go along; those of others stay with them (ORG-29).
_TASKS = (
    "UPDATE accounts_task t SET staff_id = %s FROM unnest(%s::bigint[], %s::bigint[]) AS u(id, before)"
    " WHERE t.customer_id = u.id AND t.state = 'open' AND t.staff_id IS NOT DISTINCT FROM u.before"
)


def move(
    customers: Sequence[Customer],
    staff_id: int | None,
    *,
    reason: str,
    handover_id: int | None,
    introducing: bool,
    by: User | None,
    now: datetime,
    followers: str = "ASSIGNMENT_FOLLOWERS",
) -> None:
    """Move locked customers to a manager, whatever their number, in the caller's transaction."""
    ids = [customer.pk for customer in customers]
    if not ids:
        return
    today = timezone.localdate(now)
    drop_introductions(ids, by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [today, ids])
        if staff_id is not None:
            cursor.execute(_OPEN, [staff_id, today, reason, handover_id, ids])
        cursor.execute(_CUSTOMERS, [staff_id, now, ids])
        cursor.execute(_TASKS, [staff_id, ids, [customer.manager_id for customer in customers]])
    write_standings(
        "SELECT id AS customer_id, %s::bigint AS manager_id FROM unnest(%s::bigint[]) AS u(id)",
        [staff_id, ids],
        columns=["manager_id"],
    )
    if introducing and staff_id is not None:
        introduce(ids, staff_id=staff_id, handover_id=handover_id, by=by, now=now)
    follow(
        followers,
        customer_ids=ids,
        to_staff_id=staff_id,
        handover_id=handover_id,
        today=today,
        now=now,
        by=by,
    )
