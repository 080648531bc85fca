"""Assigned tasks (交办任务, PLAN-17): whoever leads assigns, the assignee answers with a result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import TaskKind, TaskSource, TaskState
from accounts.models import Customer, Staff, Task
from accounts.queries import names
from accounts.queries.assigned import ASSIGNS, doers_of, task_for
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_task"
FURTHEST = timedelta(days=366)
AGAIN = timedelta(minutes=10)
"""The same order sent twice within this time is one."""


def assign_task(
    *,
    staff_number: str,
    title: str,
    due_on: date,
    source: str,
    by: User,
    now: datetime,
    reason: str = "",
    customer_id: int | None = None,
) -> Task:
    """Give somebody one leads a task with its day; he is told at once. Nobody assigns to himself."""
    today = timezone.localdate(now)
    title = clean_text(title, field="title", max_length=100, blank=False)
    reason = clean_text(reason, field="reason", max_length=1000, multiline=True)
    if source not in TaskSource.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="source")
    if not today <= due_on <= today + FURTHEST:
        raise Invalid(_("Choose today or a later day."), code="out_of_range", field="due_on")
    with write(by=by):
        staff = _led(by, staff_number)
        customer = _customer(by, customer_id)
        values = {
            "kind": TaskKind.ASSIGNED, "staff": staff, "title": title, "reason": reason, "due_on": due_on,
            "source": source, "customer": customer, "created_by": by, "state": TaskState.OPEN,
        }  # fmt: skip
        if twin := Task.unscoped.filter(**values, created_at__gt=now - AGAIN).first():
            return twin
        task = Task.unscoped.create(**values, created_at=now)
        notify([_notice(staff.user_id, "task_assigned", task, by)], now)
    return task


def _led(by: User, staff_number: str) -> Staff:
    """Whom he leads; anybody else looks as if there was nobody."""
    if not by.access.can(ASSIGNS):
        raise NotAllowed
    staff_id = names.staff_id_by_number(staff_number)
    staff = Staff.visible_to(by.access.scope_for(ASSIGNS)).filter(pk=staff_id or 0, is_active=True).first()
    if staff is None:
        raise Invalid(_("There is no such staff number."), code="not_found", field="staff_number")
    if staff.user_id == by.pk:
        raise Invalid(_("Nobody assigns a task to himself."), code="own", field="staff_number")
    return staff


def _customer(by: User, customer_id: int | None) -> Customer | None:
    if customer_id is None:
        return None
    customer = Customer.visible_to(by.access.scope).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(_("There is no such customer."))
    return customer


def finish_task(*, task_id: int, result: str, by: User, now: datetime) -> Task:
    """The assignee, or who covers him, says what came of it; whoever assigned it is told."""
    result = clean_text(result, field="result", max_length=500, blank=False, multiline=True)
    with write(by=by):
        task = _seen(by, task_id)
        if task.staff_id not in doers_of(by.access):
            raise NotAllowed(_("Only whom it was given to finishes a task."))
        if task.state != TaskState.OPEN:
            raise Conflict(code="closed", current={"state": task.state, "result": task.result})
        task.state, task.result, task.closed_at, task.closed_by = TaskState.DONE, result, now, by
        task.save(update_fields=["state", "result", "closed_at", "closed_by"])
        if task.created_by_id is not None and task.created_by_id != by.pk:
            notify([_notice(task.created_by_id, "task_done", task, by, f"{now:%Y%m%d%H%M%S}")], now)
    return task


def return_task(*, task_id: int, remark: str, by: User, now: datetime) -> Task:
    """It is not done yet: whoever assigned it sends it back with a remark; the day stays, and late is late."""
    remark = clean_text(remark, field="remark", max_length=300, blank=False)
    with write(by=by):
        task = _own(by, task_id)
        if task.state != TaskState.DONE:
            raise Conflict(_("Only a finished task is sent back."), code="not_done", current={"state": task.state})
        said = f"{timezone.localdate(now):%Y-%m-%d} {by.name}: {remark}"
        task.reason = "\n".join(part for part in (task.reason, said) if part)[:2500]
        task.state, task.closed_at, task.closed_by = TaskState.OPEN, None, None
        task.save(update_fields=["state", "reason", "closed_at", "closed_by"])
        notify([_notice(_user_of(task), "task_returned", task, by, f"{now:%Y%m%d%H%M%S}", remark)], now)
    return task


def withdraw_task(*, task_id: int, by: User, now: datetime) -> Task:
    """Not needed any more; only who assigned it. Twice changes nothing."""
    with write(by=by):
        task = _own(by, task_id)
        if task.state == TaskState.DONE:
            raise Conflict(_("This task is finished."), code="closed", current={"state": task.state})
        if task.state == TaskState.OPEN:
            task.state, task.closed_at, task.closed_by = TaskState.CANCELLED, now, by
            task.save(update_fields=["state", "closed_at", "closed_by"])
    return task


def _seen(by: User, task_id: int) -> Task:
    """The task, locked, for whom it concerns; 404 for anybody else."""
    task = Task.unscoped.select_for_update(of=("self",)).filter(pk=task_id, kind=TaskKind.ASSIGNED).first()
    if task is None or task_for(by.access, task_id) is None:
        raise NotFound(_("There is no such task."))
    return task


def _own(by: User, task_id: int) -> Task:
    task = _seen(by, task_id)
    if task.created_by_id != by.pk:
        raise NotAllowed(_("Only who assigned a task does this."))
    return task


def _user_of(task: Task) -> int:
    card = names.staff_card(task.staff_id)
    if card is None:
        raise NotFound(_("There is no such task."))
    return card.user_id


def _notice(user_id: int, kind: str, task: Task, by: User, occasion: str = "", remark: str = "") -> NoticeRow:
    params = {"by": by.name, "title": task.title, "due": task.due_on.isoformat(), "remark": remark}
    return NoticeRow(user_id, kind, TABLE, task.pk, occasion, params, f"/tasks/{task.pk}/")
