"""Outings (SEC-7): registered before leaving, the supervisor is told; one tap out, one tap back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Staff
from conduct.choices import OutingSource, OutingState
from conduct.models import Outing, OutingCustomer
from conduct.queries.day_plans import day_plan
from crm.core import notices, parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

AHEAD = timedelta(days=31)
BEGUN = timedelta(minutes=15)
"""So late may somebody still register what he has just begun; later it is no registration before leaving."""


def _me(by: User) -> Staff:
    staff_id = by.access.staff_id
    if staff_id is None or not by.access.can("register_outing"):
        raise NotAllowed
    return Staff.unscoped.select_related("supervisor").get(pk=staff_id)


def register_outing(
    *,
    leaves_at: datetime,
    returns_at: datetime,
    destination: str,
    purpose: str,
    customer_ids: Sequence[int] = (),
    leaving: bool = False,
    by: User,
    now: datetime,
) -> Outing:
    """SEC-7: leave time, destination, purpose, planned return; before leaving. The supervisor is told at once."""
    destination = clean_text(destination, field="destination", max_length=200, blank=False)
    purpose = clean_text(purpose, field="purpose", max_length=200, blank=False)
    _check_times(leaves_at, returns_at, now)
    with write(by=by):
        outing = _make(
            _me(by), leaves_at, returns_at, destination, purpose, OutingSource.HAND, customer_ids, by=by, now=now
        )
        if leaving:
            _go(outing, now=now)
        _tell(outing, now=now)
    return outing


def _check_times(leaves_at: datetime, returns_at: datetime, now: datetime) -> None:
    if leaves_at < now - BEGUN:
        raise Invalid(_("Register an outing before you leave."), code="too_late", field="leaves_at")
    if leaves_at > now + AHEAD:
        raise Invalid(_("This date is too far away."), code="out_of_range", field="leaves_at")
    if returns_at <= leaves_at or returns_at > leaves_at + timedelta(days=31):
        raise Invalid(_("The return comes after leaving."), code="out_of_range", field="returns_at")


def _make(
    staff: Staff,
    leaves_at: datetime,
    returns_at: datetime,
    destination: str,
    purpose: str,
    source: str,
    customer_ids: Sequence[int],
    *,
    by: User,
    now: datetime,
) -> Outing:
    outing = Outing.unscoped.create(
        staff=staff, unit_id=staff.unit_id, supervisor=staff.supervisor, day=timezone.localdate(leaves_at),
        leaves_at=leaves_at, returns_at=returns_at, destination=destination, purpose=purpose, source=source,
        registered_at=now, registered_by=by,
    )  # fmt: skip
    seen = Customer.visible_to(by.access.scope).filter(pk__in=list(customer_ids)).values_list("pk", flat=True)
    OutingCustomer.unscoped.bulk_create(OutingCustomer(outing=outing, customer_id=pk) for pk in seen)
    return outing


def leave(*, outing_id: int | None = None, by: User, now: datetime) -> Outing:
    """One tap: a registered outing begins, or the accepted day plan becomes the outing."""
    with write(by=by):
        staff = _me(by)
        if outing_id is not None:
            outing = _mine(by, outing_id)
            if outing.state != OutingState.REGISTERED:
                raise Conflict(_("This outing has begun or ended already."), code="not_registered")
        else:
            outing = _from_plan(staff, by=by, now=now)
        _go(outing, now=now)
        _tell(outing, now=now)
    return outing


def _from_plan(staff: Staff, *, by: User, now: datetime) -> Outing:
    today = timezone.localdate(now)
    plan = day_plan(staff.pk, today)
    if plan is None:
        raise Invalid(_("Today's plan has no visit on site: register the outing."), code="no_plan")
    evening = timezone.make_aware(datetime.combine(today, time(int(parameters.value("outing_returns_hour", today)))))
    return _make(
        staff, now, max(evening, now + timedelta(hours=1)), plan.destination, gettext("Visits of today's plan"),
        OutingSource.PLAN, plan.customer_ids, by=by, now=now,
    )  # fmt: skip


def _go(outing: Outing, *, now: datetime) -> None:
    if Outing.unscoped.filter(staff_id=outing.staff_id, state=OutingState.OUT).exists():
        raise Conflict(_("You are out already."), code="out")
    outing.state, outing.left_at = OutingState.OUT, now
    outing.save(update_fields=["state", "left_at"])


def _mine(by: User, outing_id: int) -> Outing:
    """One's own, locked; a colleague's is nobody's."""
    outing = Outing.unscoped.select_for_update().filter(pk=outing_id, staff_id=by.access.staff_id or 0).first()
    if outing is None:
        raise NotFound
    return outing


def come_back(*, outing_id: int, by: User, now: datetime) -> Outing:
    """One tap; twice is the same as once."""
    with write(by=by):
        outing = _mine(by, outing_id)
        if outing.state == OutingState.OUT:
            outing.state, outing.back_at = OutingState.BACK, now
            outing.save(update_fields=["state", "back_at"])
        elif outing.state != OutingState.BACK:
            raise Conflict(_("This outing has not begun."), code="not_out")
    return outing


def cancel_outing(*, outing_id: int, by: User, now: datetime) -> Outing:
    """He does not go after all; only before leaving."""
    with write(by=by):
        outing = _mine(by, outing_id)
        if outing.state == OutingState.REGISTERED:
            outing.state = OutingState.CANCELLED
            outing.save(update_fields=["state"])
        elif outing.state != OutingState.CANCELLED:
            raise Conflict(_("This outing has begun or ended already."), code="not_registered")
    return outing


def _tell(outing: Outing, *, now: datetime) -> None:
    """SEC-7: the direct supervisor is told; once when it is registered, once when it begins."""
    if outing.supervisor is None:
        return
    kind = "outing_left" if outing.state == OutingState.OUT else "outing_registered"
    params = {
        "name": outing.staff.name, "destination": outing.destination, "purpose": outing.purpose,
        "leaves": date_format(timezone.localtime(outing.leaves_at), "m-d H:i"),
        "returns": date_format(timezone.localtime(outing.returns_at), "H:i"),
    }  # fmt: skip
    url = f"/outings/?staff={outing.staff_id}"
    row = notices.NoticeRow(outing.supervisor.user_id, kind, "conduct_outing", outing.pk, "", params, url)
    notices.notify([row], now)
