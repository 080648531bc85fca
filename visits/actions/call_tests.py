"""Test calls outside office hours: was the manager there (CON-12, KPI-26)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, OwnRequest
from crm.core.text import clean_text
from visits.models import CallTest
from visits.queries.callbacks import own_line

if TYPE_CHECKING:
    from crm.core.models import User


def record_call_test(
    *,
    staff_number: str,
    called_at: datetime,
    was_answered: bool,
    minutes: int | None = None,
    remark: str = "",
    by: User,
    now: datetime,
) -> CallTest:
    """CON-12: the 24-hour service is tested; never by the manager himself or somebody who leads him (SEC-24)."""
    if not by.access.can("call_back_customers"):
        raise NotAllowed
    card = names.staff_card(names.staff_id_by_number(staff_number) or 0)
    if card is None or not card.is_active:
        raise Invalid(_("There is no such staff number."), code="not_found", field="staff_number")
    if card.id in own_line(by.access.staff_id):
        raise OwnRequest(_("Nobody tests his own line."))
    if not now - timedelta(days=31) <= called_at <= now:
        raise Invalid(_("A test lies within the last month."), code="out_of_range", field="called_at")
    if was_answered and minutes is not None:
        raise Invalid(_("An answered test needs no call-back."), code="invalid", field="minutes")
    with write(by=by):
        test = CallTest(
            staff_id=card.id, unit_id=card.unit_id, called_at=called_at, was_answered=was_answered, minutes=minutes,
            remark=clean_text(remark, field="remark", max_length=200), by=by, at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                test.save(force_insert=True)
        except IntegrityError as twin:
            raise Conflict(_("This test is written down already."), code="twin") from twin
    return test
