"""Guarantees (担保办理): asked for, approved by another, in effect, papers handed in, released (SAL-25)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.actions.tasks import cancel_tasks_of, end_tasks_of
from accounts.models import Staff
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, OwnRequest
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from sales.actions.requests import locked, tell_asker, tell_boss, to_decide
from sales.models import Guarantee
from sales.money_choices import RUNNING, GuaranteeState

if TYPE_CHECKING:
    from crm.core.models import User

DECIDES = "approve_guarantees"
TABLE = "sales_guarantee"
IN_EFFECT = (GuaranteeState.ACTIVE, GuaranteeState.OVERDUE)


def request_guarantee(
    *,
    customer_id: int,
    business: str,
    amount: Decimal,
    reason: str,
    papers: str,
    papers_due_on: date,
    by: User,
    now: datetime,
) -> Guarantee:
    """SAL-25: a manager asks to vouch for business whose papers come later, within his limit."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_sales", lock=False)
        staff_id = by.access.staff_id
        if staff_id is None:
            raise NotAllowed
        if amount <= 0:
            raise Invalid(_("Vouch for an amount above zero."), code="out_of_range", field="amount")
        _refuse_too_much(staff_id, amount, today)
        guarantee = Guarantee.unscoped.create(
            customer=customer,
            staff_id=staff_id,
            business=clean_text(business, field="business", max_length=100, blank=False),
            amount=amount,
            reason=clean_text(reason, field="reason", max_length=300, blank=False),
            papers=clean_text(papers, field="papers", max_length=300, blank=False),
            papers_due_on=_papers_due(papers_due_on, today),
            requested_by=by,
            requested_at=now,
        )
        tell_boss(guarantee, staff_id, "guarantee_requested", url=_url(guarantee), now=now, by=by.name,
                  customer=customer.name, business=guarantee.business, amount=f"{amount:,.2f}")  # fmt: skip
    return guarantee


def _url(guarantee: Guarantee) -> str:
    return f"/sales/guarantees/{guarantee.pk}/"


def _papers_due(day: date, today: date) -> date:
    last = today + timedelta(days=int(parameters.value("papers_days", today)))
    if not today <= day <= last:
        raise Invalid(_("The papers are due on a day from today to %(last)s."), code="out_of_range",
                      field="papers_due_on", params={"last": last})  # fmt: skip
    return day


def _refuse_too_much(staff_id: int, amount: Decimal, today: date, *, but: int | None = None) -> None:
    """What a manager vouches for at one time has a limit; two requests at once wait for each other here."""
    Staff.unscoped.select_for_update(no_key=True).get(pk=staff_id)
    rows = Guarantee.unscoped.filter(staff_id=staff_id, state__in=RUNNING).exclude(pk=but or 0)
    so_far = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    limit = Decimal(parameters.value("guarantee_limit", today))
    if so_far + amount > limit:
        raise Invalid(
            _("A manager vouches for ¥%(limit)s at most; ¥%(so_far)s are taken, ¥%(left)s are left."),
            code="over_the_limit",
            field="amount",
            params={"limit": f"{limit:,.2f}", "so_far": f"{so_far:,.2f}", "left": f"{max(limit - so_far, 0):,.2f}"},
        )


def decide_guarantee(*, guarantee_id: int, approve: bool, by: User, now: datetime, remark: str = "") -> Guarantee:
    """Somebody else decides, neither who asked nor who vouches (SAL-25, SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        row = to_decide(Guarantee, guarantee_id, DECIDES, by=by)
        if by.access.staff_id == row.staff_id:
            raise OwnRequest
        if not approve and not remark:
            raise Invalid(_("Say why it is refused."), code="required", field="remark")
        _must_be(row, GuaranteeState.REQUESTED)
        if approve:
            _refuse_too_much(row.staff_id, row.amount, timezone.localdate(now), but=row.pk)
        _move(
            row, GuaranteeState.APPROVED if approve else GuaranteeState.REFUSED,
            remark=remark, decided_by=by, decided_at=now,
        )  # fmt: skip
        tell_asker(
            row, "guarantee_approved" if approve else "guarantee_refused", url=_url(row), now=now,
            params={"customer": row.customer.name, "business": row.business, "remark": remark},
        )  # fmt: skip
    return row


def start_guarantee(*, guarantee_id: int, by: User, now: datetime) -> Guarantee:
    """It takes effect: the business is done. Never without approval (SAL-25)."""
    with write(by=by):
        row = _mine(guarantee_id, by)
        _must_be(row, GuaranteeState.APPROVED)
        _move(row, GuaranteeState.ACTIVE, active_on=timezone.localdate(now))
    return row


def hand_in_papers(*, guarantee_id: int, by: User, now: datetime) -> Guarantee:
    """The papers are there: nothing is overdue any more, the task is done."""
    with write(by=by):
        row = _mine(guarantee_id, by)
        _must_be(row, *IN_EFFECT)
        if row.papers_on is not None:
            raise Conflict(_("The papers are here already."), code="handed_in")
        _move(row, GuaranteeState.ACTIVE, papers_on=timezone.localdate(now))
        end_tasks_of(origin_table=TABLE, origin_ids=[row.pk], by=by, now=now)
    return row


def release_guarantee(*, guarantee_id: int, by: User, now: datetime, remark: str = "") -> Guarantee:
    """The manager no longer vouches. Without the papers only who approves may say so, with a reason."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        row = locked(Guarantee, guarantee_id, by=by)
        if row.papers_on is not None:
            row = _mine(guarantee_id, by, also=DECIDES)
        else:
            row = to_decide(Guarantee, guarantee_id, DECIDES, by=by)
            if not remark:
                raise Invalid(_("Say why it is released although papers are owed."), code="papers_owed", field="remark")
        _must_be(row, *IN_EFFECT)
        _move(row, GuaranteeState.RELEASED, released_on=timezone.localdate(now), remark=remark or row.remark)
        cancel_tasks_of(origin_table=TABLE, origin_ids=[row.pk], by=by, now=now)
    return row


def withdraw_guarantee(*, guarantee_id: int, by: User, now: datetime) -> Guarantee:
    """Whoever asked takes it back before it takes effect."""
    with write(by=by):
        row = locked(Guarantee, guarantee_id, by=by)
        if row.requested_by_id != by.pk:
            raise NotAllowed
        _must_be(row, GuaranteeState.REQUESTED, GuaranteeState.APPROVED)
        _move(row, GuaranteeState.WITHDRAWN)
    return row


def _mine(guarantee_id: int, by: User, *, also: str = "edit_sales") -> Guarantee:
    row = locked(Guarantee, guarantee_id, by=by)
    where = {"unit_id": row.customer.unit_id, "manager_id": row.customer.manager_id}
    if not any(by.access.scope_for(ability).allows(**where) for ability in ("edit_sales", also)):
        raise NotAllowed
    return row


def _must_be(row: Guarantee, *states: str) -> None:
    if row.state not in states:
        raise Conflict(
            _("This guarantee has gone on in the meantime: look at it again."), code="moved_on",
            current={"state": row.state},
        )  # fmt: skip


def _move(row: Guarantee, state: GuaranteeState, **values: object) -> None:
    values |= {"state": state, "version": row.version + 1}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


_OVERDUE = """
UPDATE sales_guarantee SET state = 'overdue', version = version + 1
WHERE state = 'active' AND papers_on IS NULL AND papers_due_on < %s
"""
_TASKS = """
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, origin_table, origin_id, state,
  created_at, created_by_id)
SELECT 'papers', g.customer_id, g.staff_id, '', g.business || ' · ' || g.papers, %(today)s, %(table)s, g.id, 'open',
  %(now)s, NULL FROM sales_guarantee g WHERE g.state = 'overdue' AND g.papers_on IS NULL AND NOT EXISTS (
    SELECT 1 FROM accounts_task t WHERE t.origin_table = %(table)s AND t.origin_id = g.id AND t.state = 'open')
ORDER BY g.id ON CONFLICT DO NOTHING
"""
_TOLD = """
SELECT g.id, c.name, g.papers, g.papers_due_on, s.user_id, boss.user_id FROM sales_guarantee g
JOIN accounts_customer c ON c.id = g.customer_id JOIN accounts_staff s ON s.id = g.staff_id
LEFT JOIN accounts_staff boss ON boss.id = s.supervisor_id
WHERE g.state = 'overdue' AND g.papers_on IS NULL
"""


def follow_papers(*, today: date, now: datetime) -> int:
    """SAL-25: papers owed past their day → overdue; a task while they are, a notice once. Answers what is new."""
    with write(label="system:guarantee_papers"), connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [today])
        flagged = int(cursor.rowcount)
        cursor.execute(_TASKS, {"today": today, "now": now, "table": TABLE})
        flagged += int(cursor.rowcount)
        cursor.execute(_TOLD)
        owed = cursor.fetchall()
    notify(
        (
            NoticeRow(user_id, "guarantee_papers", TABLE, pk, "", {"customer": name, "papers": papers, "due": str(due)},
                      f"/sales/guarantees/{pk}/")
            for pk, name, papers, due, *people in owed
            for user_id in {person for person in people if person is not None}
        ),
        now,
    )  # fmt: skip
    return flagged
