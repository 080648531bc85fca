"""The facts of one customer by which the next best action is chosen (CUS-35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.choices import CustomerKind, TaskKind
from accounts.rules import GroupFill
from crm.core import parameters
from visits.queries.customer import DutyRow
from workbench.queries.customer_record import ContactRow, CustomerRecord
from workbench.rules import Facts, next_birthday


def facts_of(
    record: CustomerRecord,
    duties: Sequence[DutyRow],
    contacts: Sequence[ContactRow],
    fill: Sequence[GroupFill],
    today: date,
) -> Facts:
    """What the next best action is chosen by."""
    by_kind: dict[str, dict[str, Any]] = {}
    for task in record.tasks:
        by_kind.setdefault(task["kind"], task)
    call_back, promise = (
        by_kind.get(TaskKind.CALL_BACK),
        by_kind.get(TaskKind.FOLLOW_UP) or by_kind.get(TaskKind.ASSIGNED),
    )
    limit = int(parameters.value("back_dating_days", today))
    mendable = [row.due_on for row in duties if row.state == "provisional" and (today - row.due_on).days <= limit]
    is_group = record.kind == CustomerKind.GROUP
    return Facts(
        today=today,
        state=record.state,
        has_manager=record.manager_id is not None or record.kind == CustomerKind.ORDINARY,
        call_back_on=_day(call_back),
        promised_on=_day(promise),
        promise=(promise or {}).get("title", ""),
        mendable_until=mendable[0] if mendable else None,
        is_overdue=bool(record.is_overdue),
        is_introduction=any(row.is_introduction and row.state == "open" for row in duties),
        due_on=record.due_on if record.state_of_duty != "met" else None,
        at_risk_days=int(parameters.value("due_soon_days", today)),
        face_to_face_due_on=record.in_person_on,
        birthday_on=next_birthday(record.birthday, today, is_lunar=bool(record.is_lunar_birthday)),
        has_leader=not is_group or any(row.role in ("leader", "decision_maker") and row.is_active for row in contacts),
        missing_fields=sum(len(group.missing) for group in fill if group.group != "private"),
        last_visit_on=record.last_visit_on,
        alert_level=record.alert_level or "",
    )


def _day(task: dict[str, Any] | None) -> date | None:
    return date.fromisoformat(task["due_on"]) if task else None
