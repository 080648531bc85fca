"""Call details on paper (SEC-6): asked for, registered by a second person, printed once within a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.models import Customer, Line
from accounts.queries.deciders import users_who_may
from conduct.choices import PrintState
from conduct.models import CallDetailPrint
from conduct.queries.call_details import ASKS, CONFIRMS, TABLE, reading_scope
from crm.core import access_log, attachments, notices, parameters, signatures
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

ROWS_A_PAGE = 40
PART = "customer"


class PrintOver(DomainError):
    """It was printed already, or the day to print it has passed (410)."""

    code = "print_over"
    message = _("This registration can no longer be printed: ask for a new one.")
    status = 410


def request_print(
    *,
    customer_id: int,
    line_id: int,
    month: date,
    purpose: str,
    authorised_by: str,
    upload: UploadedFile[Any] | None = None,
    drawing: str = "",
    by: User,
    now: datetime,
) -> CallDetailPrint:
    """SEC-6: customer, number, month, purpose and the customer's own authorisation; the second person is told."""
    purpose = clean_text(purpose, field="purpose", max_length=200, blank=False)
    authorised_by = clean_text(authorised_by, field="authorised_by", max_length=50, blank=False)
    if upload is None and not drawing:
        raise Invalid(
            _("The customer has to authorise it: attach the paper, or let him sign here."),
            code="no_authorisation",
            field="upload",
        )
    with write(by=by):
        customer = the_customer(by, customer_id, ASKS)
        line = _line(customer, line_id, month, timezone.localdate(now))
        row = CallDetailPrint.unscoped.create(
            customer=customer, line=line, month=month, purpose=purpose, authorised_by=authorised_by,
            authorisation=attachments.store(upload, by=by, now=now, field="upload") if upload else None,
            requested_by=by, requested_at=now,
        )  # fmt: skip
        if drawing:
            signatures.sign_drawn(TABLE, row.pk, PART, drawing=drawing, name=authorised_by, by=by, now=now)
        params = {"name": by.name, "customer": customer.name, "month": f"{month:%Y-%m}"}
        told = users_who_may(CONFIRMS, customer.unit_id, timezone.localdate(now))
        _tell([user for user in told if user != by.pk], "call_details_asked", row, params, now)
    return row


def _line(customer: Customer, line_id: int, month: date, today: date) -> Line:
    """A line that the customer had in that month, which has begun."""
    line = Line.unscoped.filter(pk=line_id, customer=customer).first()
    if line is None:
        raise Invalid(_("This is no line of the customer."), code="invalid_choice", field="line")
    if month.day != 1 or month > today:
        raise Invalid(_("Choose a month that has begun."), code="out_of_range", field="month")
    after = (month + timedelta(days=31)).replace(day=1)
    if line.opened_on >= after or (line.closed_on is not None and line.closed_on <= month):
        raise Invalid(_("The customer did not have this line in that month."), code="out_of_range", field="month")
    return line


def decide_print(*, print_id: int, grant: bool, remark: str, by: User, now: datetime) -> CallDetailPrint:
    """SEC-6: the second person registers it, or refuses with a reason; never who asked (SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=200, blank=True)
    with write(by=by):
        row = _locked(by, print_id)
        if not by.access.scope_for(CONFIRMS).allows(unit_id=row.customer.unit_id, manager_id=row.customer.manager_id):
            raise NotAllowed
        refuse_own(by.pk, row.requested_by_id)
        if row.state != PrintState.REQUESTED:
            raise Conflict(_("This has been decided already."), code="decided")
        if not grant and not remark:
            raise Invalid(_("Say why you refuse."), code="required", field="remark")
        row.state = PrintState.REGISTERED if grant else PrintState.REFUSED
        row.registered_by, row.registered_at, row.remark = by, now, remark
        row.expires_at = now + timedelta(hours=int(parameters.value("call_detail_hours"))) if grant else None
        row.save(update_fields=["state", "registered_by", "registered_at", "remark", "expires_at"])
        kind = "call_details_registered" if grant else "call_details_refused"
        params = {"name": by.name, "customer": row.customer.name, "month": f"{row.month:%Y-%m}", "remark": remark}
        _tell([row.requested_by_id], kind, row, params, now)
    return row


def print_details(
    *, print_id: int, details: Callable[[CallDetailPrint], Sequence[Any]], by: User, now: datetime
) -> tuple[CallDetailPrint, Sequence[Any]]:
    """SEC-6: without the register there is no print; with it one, by who asked, within the hours; each is logged."""
    with write(by=by):
        row = _locked(by, print_id)
        if row.requested_by_id != by.pk or not by.access.can(ASKS):
            raise NotAllowed(_("Only who asked for it prints it."))
        if row.state in (PrintState.REQUESTED, PrintState.REFUSED):
            raise NotAllowed(_("A second person has to register it first."), code="not_registered")
        if row.state != PrintState.REGISTERED or row.expires_at is None or row.expires_at <= now:
            raise PrintOver
        found = details(row)
        if not found:
            raise Invalid(_("Nothing is known of this line in that month."), code="nothing_to_print")
        row.state, row.printed_at, row.pages = PrintState.PRINTED, now, ceil(len(found) / ROWS_A_PAGE)
        row.save(update_fields=["state", "printed_at", "pages"])
        access_log.record(
            "print", by, at=now, subject_table=TABLE, subject_id=row.pk, reason=row.purpose,
            detail={"pages": row.pages, "rows": len(found), "month": f"{row.month:%Y-%m}"},
        )  # fmt: skip
    return row, found


def signed_authorisation(subject_id: int, part: str, now: datetime) -> None:
    """A customer signs only what waits for its second person."""
    if not CallDetailPrint.unscoped.filter(pk=subject_id, state=PrintState.REQUESTED).exists() or part != PART:
        raise Conflict(_("This has been decided already."), code="decided")


def _locked(by: User, print_id: int) -> CallDetailPrint:
    rows = CallDetailPrint.visible_to(reading_scope(by.access)).select_related("customer", "line")
    row = rows.filter(pk=print_id).select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound
    return row


def _tell(users: Sequence[int], kind: str, row: CallDetailPrint, params: dict[str, str], now: datetime) -> None:
    url = f"/registers/call-details/{row.pk}/"
    notices.notify([notices.NoticeRow(user, kind, TABLE, row.pk, "", params, url) for user in users], now)
