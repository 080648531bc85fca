"""The days to which a suggestion may be moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from crm.core import working_days
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.models import Duty

OFFERED = 6


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A working day before the due day."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class PostponePage:
    """A duty, its days, and between which it may be moved."""

    duty_id: int
    customer_id: int
    customer: str
    suggested_on: date
    due_text: str
    first: str
    last: str
    days: list[OfferedDay]


def postpone_page(scope: Scope, duty_id: int, *, today: date) -> PostponePage:
    """For a duty inside the scope: the next working days up to its due day."""
    duty = Duty.visible_to(scope).select_related("customer").filter(pk=duty_id).first()
    if duty is None:
        raise NotFound
    days = list(working_days.calendar().days(today + timedelta(days=1), duty.due_on))[:OFFERED]
    return PostponePage(
        duty_id=duty.pk,
        customer_id=duty.customer_id,
        customer=duty.customer.name,
        suggested_on=max(duty.suggested_on, today),
        due_text=date_format(duty.due_on, "DATE_FORMAT"),
        first=today.isoformat(),
        last=duty.due_on.isoformat(),
        days=[
            OfferedDay(day.isoformat(), f"{date_format(day, 'MONTH_DAY_FORMAT')} {date_format(day, 'D')}")
            for day in days
        ],
    )
