"""Missed calls: whose number it is, who has to call back, how long it took (CON-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Staff
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from crm.core.text import mask_phone
from visits.choices import MissedState, MissedStep
from visits.models import MissedCall

OPEN = (MissedState.WAITING, MissedState.TRIED)
PAGE = 50

_WHOSE = """
SELECT c.id FROM accounts_customer c JOIN (
  SELECT id, 0 AS place FROM accounts_customer WHERE right(phone, 4) = right(%(number)s, 4) AND phone = %(number)s
  UNION ALL SELECT id, 1 FROM accounts_customer WHERE other_phone = %(number)s
  UNION ALL SELECT customer_id, 2 FROM accounts_contactperson WHERE phone = %(number)s AND is_active
  UNION ALL SELECT customer_id, 3 FROM accounts_groupmember WHERE msisdn = %(number)s
) f ON f.id = c.id
WHERE {scope} ORDER BY c.manager_id IS NULL, c.state <> 'active', f.place, c.id LIMIT 1
"""


def customer_of_number(scope: Scope, number: str) -> int | None:
    """Whose number this is: the customer's own, a contact person's, a line of a group; in scope only."""
    condition, params = scope.sql("c")
    named = {f"scope{place}": value for place, value in enumerate(params)}
    marks = tuple(f"%(scope{place})s" for place in range(len(params)))
    sql = _WHOSE.replace("{scope}", condition % marks if marks else condition)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"number": number, **named})
        row = cursor.fetchone()
    return int(row[0]) if row else None


def answering_scope(access: Access) -> Scope:
    """Whose missed calls somebody may write down: where he may at all, and for those whose backup he is."""
    scope = access.scope_for("take_missed_calls")
    if access.staff_id is None or scope.is_empty or scope.everything:
        return scope
    backed = Staff.unscoped.filter(backup_id=access.staff_id, is_active=True).values_list("pk", flat=True)
    return scope.union(Scope(manager_ids=tuple(backed)))


def calls_in_sight(access: Access) -> QuerySet[MissedCall]:
    """Those of visible customers, those he has to answer, and those he wrote down himself."""
    mine = Q(taken_by_id=access.user_id)
    if access.staff_id is not None:
        mine |= Q(holder_id=access.staff_id) | Q(manager_id=access.staff_id, state__in=OPEN)
    return MissedCall.visible_to(access.scope) | MissedCall.unscoped.filter(mine)


@dataclass(frozen=True, slots=True)
class MissedCallRow:
    """One missed call as pages show it."""

    id: int
    customer_id: int
    customer_name: str
    number: str
    tier_id: int | None
    called_at: datetime
    calls: int
    source: str
    note: str
    manager: str
    holder: str
    holder_id: int | None
    step: int
    due_at: datetime
    state: str
    tried_at: datetime | None
    tried_by: str
    visit_id: int | None
    closing_note: str
    is_visible: bool

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(MissedState(self.state).label)

    @property
    def step_label(self) -> str:
        """Whose turn it is, in words."""
        return str(MissedStep(self.step).label)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    def is_late(self, now: datetime) -> bool:
        """CON-13: nobody has called back in time; whoever it was passed on to has less of it still."""
        return self.state == MissedState.WAITING and (self.due_at < now or self.step > MissedStep.MANAGER)

    @property
    def minutes(self) -> int | None:
        """CON-13, KPI-26: minutes from the call to the first attempt to call back."""
        return None if self.tried_at is None else int((self.tried_at - self.called_at).total_seconds() // 60)

    @property
    def tier(self) -> names.TierView | None:
        """The customer's tier."""
        return names.tier(self.tier_id)


def _row(call: MissedCall, scope: Scope) -> MissedCallRow:
    customer = call.customer
    return MissedCallRow(
        id=call.pk,
        customer_id=customer.pk,
        customer_name=customer.name,
        number=mask_phone(call.number),
        tier_id=customer.tier_id,
        called_at=call.called_at,
        calls=call.calls,
        source=call.source,
        note=call.note,
        manager=names.staff_name(call.manager_id),
        holder=names.staff_name(call.holder_id),
        holder_id=call.holder_id,
        step=call.step,
        due_at=call.due_at,
        state=call.state,
        tried_at=call.tried_at,
        tried_by=names.staff_name(call.tried_by_id),
        visit_id=call.visit_id,
        closing_note=call.closing_note,
        is_visible=scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id),
    )


@dataclass(frozen=True, slots=True)
class MissedCallFilters:
    """What the address of the list asks for."""

    state: str = ""
    manager_id: int | None = None
    first: date | None = None
    last: date | None = None
    late: bool = False


def missed_calls(
    access: Access, filters: MissedCallFilters, *, before: int | None = None, limit: int = PAGE
) -> tuple[Sequence[MissedCallRow], int | None]:
    """The list, newest first; answers the rows and where the next page begins."""
    rows = _filtered(calls_in_sight(access), filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("customer").order_by("-pk")[: limit + 1])
    shown = [_row(call, access.scope) for call in found[:limit]]
    return shown, (shown[-1].id if len(found) > limit else None)


def _filtered(rows: QuerySet[MissedCall], filters: MissedCallFilters) -> QuerySet[MissedCall]:
    if filters.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.manager_id is not None:
        rows = rows.filter(manager_id=filters.manager_id)
    if filters.first is not None:
        rows = rows.filter(called_at__gte=_midnight(filters.first))
    if filters.last is not None:
        rows = rows.filter(called_at__lt=_midnight(filters.last + timedelta(days=1)))
    if filters.late:
        rows = rows.filter(step__gt=MissedStep.MANAGER)
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def missed_call(access: Access, call_id: int) -> MissedCallRow:
    """One missed call; 404 where it is out of sight."""
    call = calls_in_sight(access).filter(pk=call_id).select_related("customer").first()
    if call is None:
        raise NotFound
    return _row(call, access.scope)
