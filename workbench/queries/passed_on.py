"""Call-backs that came to somebody who does not have the customer (CON-13): above the list of Today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from visits.queries import passed_on
from workbench.queries.reasons import clock_words


@dataclass(frozen=True, slots=True)
class PassedOnLine:
    """One of them, as the template shows it."""

    url: str
    name: str
    text: str
    clock: str
    is_late: bool


def passed_on_lines(staff_id: int, manager_ids: Sequence[int], now: datetime) -> list[PassedOnLine]:
    """The nearest clock first."""
    return [
        PassedOnLine(
            url=reverse("visits:missed_call_detail", args=[call.id]),
            name=call.customer_name,
            text=_("customer of %(name)s") % {"name": call.manager} if call.manager else "",
            clock="" if call.is_tried else clock_words(call.due_at, now),
            is_late=call.due_at < now and not call.is_tried,
        )
        for call in passed_on(staff_id, manager_ids)
    ]
