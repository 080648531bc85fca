"""A customer handed over between load and save: the text is kept and can go to the new manager (issue 2, bad input)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.choices import TaskKind
from accounts.models import Customer
from crm.core.db import write
from crm.core.errors import NotAllowed, NotFound
from crm.core.text import clean_text
from visits.actions.facts import former_manager_facts

if TYPE_CHECKING:
    from crm.core.models import User

LONGEST = 2500


def send_to_new_manager(*, customer_id: int, text: str, by: User, now: datetime, form_key: UUID | None = None) -> str:
    """Make an assigned task with the text for whoever has the customer now; answers his name. Twice makes one."""
    text = clean_text(text, field="text", max_length=LONGEST, blank=False, multiline=True)
    if not by.access.can("log_visits") or by.access.staff_id is None:
        raise NotAllowed
    today = timezone.localdate(now)
    handed = former_manager_facts([customer_id], by.access.staff_id, today)
    if handed is None:
        raise NotFound
    with write(by=by):
        customer = Customer.unscoped.only("manager_id").get(pk=customer_id)
        accounts.create_task(
            kind=TaskKind.ASSIGNED,
            customer_id=customer_id,
            staff_id=customer.manager_id,
            title=_("Note of the former manager %(name)s") % {"name": by.name},
            reason=text,
            due_on=today,
            origin_table="visits_sheet" if form_key else "",
            origin_id=form_key.int >> 65 if form_key else None,
            by=by,
            now=now,
        )
    return str(handed["manager"])
