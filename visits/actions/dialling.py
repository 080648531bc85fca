"""Dialling (decisions 16): one tap, no reason, no limit for own and covered customers; logged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import access_log
from crm.core.db import write
from crm.core.errors import DomainError, NotAllowed, NotFound
from crm.core.scope import Scope
from visits.actions.warnings import disturb_warning, in_window
from visits.models import DialTap

if TYPE_CHECKING:
    from crm.core.models import User


class NoPhone(DomainError):
    """There is no number to dial."""

    code = "no_phone"
    message = _("There is no phone number.")


@dataclass(frozen=True, slots=True)
class Dialled:
    """The address the phone opens, and the tap that the log sheet will close."""

    tel: str
    tap_id: int
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A number that may be dialled."""

    name: str
    phone: str
    dnd_from: time | None
    dnd_to: time | None
    manager_id: int | None


def dial(*, customer_id: int, person_id: int | None = None, number: str = "phone", by: User, now: datetime) -> Dialled:
    """Answer the `tel:` address and log the tap. `number`: "phone" or "other_phone" of the customer."""
    access = by.access
    line = _line(access.scope, customer_id, person_id, number)
    own = access.scope_for("serve_customers").manager_ids
    if access.staff_id is None or line.manager_id not in own:
        raise NotAllowed(_("Only the customer's own manager and his cover dial with one tap."))
    if not line.phone:
        raise NoPhone
    with write(by=by):
        tap = DialTap(customer_id=customer_id, staff_id=access.staff_id, person_id=person_id, tapped_at=now)
        tap.save(force_insert=True)
        subject = ("accounts_customer", customer_id) if person_id is None else ("accounts_contactperson", person_id)
        access_log.record("dial", by, at=now, subject_table=subject[0], subject_id=subject[1])
    warnings = []
    if in_window(now, line.dnd_from, line.dnd_to):
        warnings.append(disturb_warning(line.name, line.dnd_from, line.dnd_to))
    return Dialled(tel=tel_address(line.phone), tap_id=tap.pk, warnings=warnings)


def tel_address(phone: str) -> str:
    """The address a phone opens; an extension is dialled after a pause.

    >>> tel_address("0571-88886666-123")
    'tel:057188886666,123'
    """
    area, __, rest = phone.partition("-")
    local, __, extension = rest.partition("-")
    return "tel:" + area + local + (f",{extension}" if extension else "")


def dismiss_dial(*, tap_id: int, by: User, now: datetime) -> None:
    """Nothing to log: the tap leaves the list. One's own taps only; twice is the same as once."""
    own = DialTap.unscoped.filter(pk=tap_id, staff_id=by.access.staff_id or 0)
    with write(by=by):
        if not own.filter(visit=None, dismissed_at=None).update(dismissed_at=now) and not own.exists():
            raise NotFound(_("There is no such call."))


def _line(scope: Scope, customer_id: int, person_id: int | None, number: str) -> _Line:
    condition, params = scope.sql("c")
    phone = "c.other_phone" if number == "other_phone" else "c.phone"
    sql = f"SELECT c.name, {phone}, c.dnd_from, c.dnd_to, c.manager_id FROM accounts_customer c"
    if person_id is not None:
        sql = (
            "SELECT p.name, p.phone, c.dnd_from, c.dnd_to, c.manager_id FROM accounts_customer c"
            " JOIN accounts_contactperson p ON p.customer_id = c.id AND p.id = %s"
        )
        params = [person_id, *params]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE {condition} AND c.id = %s", [*params, customer_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return _Line(*row)
