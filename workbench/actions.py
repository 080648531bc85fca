"""Deeds of the pages that join everything; each calls the actions of the apps that own the rows (decisions 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from crm.core import working_days
from crm.core.db import write
from crm.core.errors import Conflict, NotFound, refuse_own
from crm.core.marks import dated
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits import actions as visits
from visits.actions import ledger, plans
from visits.models import Visit
from visits.queries import ring

if TYPE_CHECKING:
    from crm.core.models import User


def undo_sheet(*, visit_id: int, by: User, now: datetime) -> str:
    """Take back everything one log sheet has written: each customer's visit of it (screens 2)."""
    first = Visit.visible_to(by.access.scope).only("id", "client_key", "logged_by_id").filter(pk=visit_id).first()
    if first is None:
        raise NotFound
    ids = [first.pk]
    if first.client_key is not None:
        twins = Visit.unscoped.filter(client_key=first.client_key, logged_by_id=first.logged_by_id)
        ids = list(twins.values_list("id", flat=True))
    visits.undo_visits(visit_ids=ids, by=by, now=now)
    return ngettext("%(n)d record undone.", "%(n)d records undone.", len(ids)) % {"n": len(ids)}


def postpone(*, duty_id: int, to: date | None, by: User, now: datetime) -> str:
    """Move the suggestion of a duty, to the next working day without a day; never past its due day (screens 1)."""
    today = timezone.localdate(now)
    day = to or working_days.calendar().next_working(today + timedelta(days=1))
    with write(by=by):
        ledger.postpone(duty_id=duty_id, to=day, by=by, now=now)
        plans.follow_postponed(duty_id=duty_id, to=day, now=now)
    return _("Postponed to %(day)s.") % {"day": dated(day)}


def pass_on(*, customer: Sequence[int], text: str, client_key: UUID | None = None, by: User, now: datetime) -> str:
    """Send what was written to whoever has the customer now; those of the sheet that were not handed over stay out."""
    sent: list[str] = []
    with write(by=by):
        for customer_id in customer:
            try:
                manager = visits.send_to_new_manager(
                    customer_id=customer_id, text=text, form_key=client_key, by=by, now=now
                )
            except NotFound:
                continue
            sent.append(manager)
    if not sent:
        raise NotFound
    return _("Sent to %(manager)s.") % {"manager": ", ".join(dict.fromkeys(sent))}


def urge(*, staff_id: int, text: str = "", by: User, now: datetime) -> str:
    """One digest notice to a manager: what is overdue, at risk and still owed; one a day from each sender."""
    text = clean_text(text, field="text", max_length=200)
    today = timezone.localdate(now)
    staff = Staff.visible_to(by.access.scope_for("urge")).filter(pk=staff_id, is_active=True).first()
    if staff is None:
        raise NotFound
    refuse_own(by.pk, staff.user_id)
    figures = ring((staff.pk,), today, staff_id=staff.pk)
    row = NoticeRow(
        user_id=staff.user_id,
        kind="urged",
        subject_table="accounts_staff",
        subject_id=staff.pk,
        occasion=f"{today.isoformat()}:{by.pk}",
        params={
            "by": by.name,
            "overdue": figures.overdue,
            "at_risk": figures.at_risk,
            "left": figures.left,
            "text": text,
        },
        url="/",
        urgent=True,
    )
    with write(by=by):
        written = notify([row], now)
    if not written:
        raise Conflict(_("%(name)s has been urged today already.") % {"name": staff.name}, code="urged_today")
    return _("%(name)s has been urged.") % {"name": staff.name}
