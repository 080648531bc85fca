"""To-do rows: made by whoever has a reason, closed by whoever did it (design: tasks are one model)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import scope_of
from accounts.choices import TaskKind, TaskState
from accounts.models import Task
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.prepared import run
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User


def create_task(
    *,
    kind: str,
    customer_id: int,
    staff_id: int | None,
    due_on: date,
    by: User | None,
    now: datetime,
    title: str = "",
    reason: str = "",
    origin_table: str = "",
    origin_id: int | None = None,
    due_at: datetime | None = None,
    shown_from: date | None = None,
    topic: str = "",
) -> Task:
    """Make a task. The caller has reached the customer through his own scope; the same origin never makes two."""
    values = {
        "staff_id": staff_id,
        "due_on": due_on,
        "due_at": due_at,
        "shown_from": shown_from,
        "topic": topic,
        "title": clean_text(title, field="title", max_length=100),
        "reason": clean_text(reason, field="reason", max_length=2500, multiline=True),
    }
    with write(by=by):
        if origin_id is not None:
            twin = Task.unscoped.filter(
                customer_id=customer_id,
                kind=kind,
                origin_table=origin_table,
                origin_id=origin_id,
                state=TaskState.OPEN,
            ).first()
            if twin is not None:
                Task.unscoped.filter(pk=twin.pk).update(**values)
                return twin
        return Task.unscoped.create(
            kind=TaskKind(kind),
            customer_id=customer_id,
            origin_table=origin_table,
            origin_id=origin_id,
            created_at=now,
            created_by=by,
            **values,
        )


def close_task(*, task_id: int, by: User, now: datetime, cancelled: bool = False) -> Task:
    """Tick a task off (or drop it): its own person, his substitute, or whoever may urge him. Twice changes nothing."""
    with write(by=by):
        task = (
            Task.visible_to(by.access.scope)
            .filter(pk=task_id)
            .select_related("customer")
            .select_for_update(of=("self",))
            .first()
        )
        customer = task.customer if task else None
        if task is None or customer is None:
            raise NotFound(_("There is no such task."))
        mine = task.staff_id in by.access.scope.manager_ids or task.staff_id == by.access.staff_id
        if not mine and not any(
            scope_of(by, ability).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
            for ability in ("serve_customers", "urge")
        ):
            raise NotAllowed
        if task.source and not cancelled and task.state == TaskState.OPEN:
            raise Invalid(_("Say on the task's page what came of it."), code="result_needed", field="result")
        if task.state == TaskState.OPEN:
            task.state = TaskState.CANCELLED if cancelled else TaskState.DONE
            task.closed_at, task.closed_by = now, by
            task.save(update_fields=["state", "closed_at", "closed_by"])
        return task


def close_tasks(*, customer_ids: Iterable[int], kinds: Iterable[str], by: User | None, now: datetime) -> int:
    """A visit did what these tasks asked for: introduction and call-back of these customers are done (CON-37)."""
    with connection.cursor() as cursor:
        # Every visit that counts asks this: one raw statement, planned once.
        run(
            cursor,
            "UPDATE accounts_task SET state = 'done', closed_at = %s, closed_by_id = %s"
            " WHERE customer_id = ANY(%s) AND kind = ANY(%s) AND state = 'open'",
            [now, by.pk if by else None, list(customer_ids), [str(kind) for kind in kinds]],
            ("timestamptz", "bigint", "bigint[]", "varchar[]"),
        )
        return int(cursor.rowcount)


def reopen_tasks(*, customer_ids: Iterable[int], kinds: Iterable[str], closed_at: datetime) -> int:
    """The visit that closed these tasks at that moment was undone: what they ask for is still to do (CON-37)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_task t SET state = 'open', closed_at = NULL, closed_by_id = NULL"
            " WHERE t.customer_id = ANY(%s) AND t.kind = ANY(%s) AND t.state = 'done' AND t.closed_at = %s"
            " AND NOT EXISTS (SELECT 1 FROM accounts_task o WHERE o.customer_id = t.customer_id AND o.kind = t.kind"
            " AND o.origin_table = t.origin_table AND o.origin_id = t.origin_id AND o.state = 'open')",
            [list(customer_ids), [str(kind) for kind in kinds], closed_at],
        )
        return int(cursor.rowcount)


def cancel_tasks_of(*, origin_table: str, origin_ids: Iterable[int], by: User | None, now: datetime) -> int:
    """What a row left behind falls away with it (a visit undone, a handover undone)."""
    with write(by=by):
        return Task.unscoped.filter(
            origin_table=origin_table, origin_id__in=list(origin_ids), state=TaskState.OPEN
        ).update(state=TaskState.CANCELLED, closed_at=now, closed_by=by)


def end_tasks_of(*, origin_table: str, origin_ids: Iterable[int], by: User | None, now: datetime) -> int:
    """What a row asked for has been done with it: its open tasks are ticked off."""
    with write(by=by):
        return Task.unscoped.filter(
            origin_table=origin_table, origin_id__in=list(origin_ids), state=TaskState.OPEN
        ).update(state=TaskState.DONE, closed_at=now, closed_by=by)
