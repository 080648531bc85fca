"""Reads of the register of printed call details (SEC-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.lines import masked
from accounts.rules import add_months
from conduct.choices import PrintState
from conduct.models import CallDetailPrint
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.models import Attachment
from crm.core.scope import Scope
from crm.core.signatures import Content, drawing_of

TABLE = "conduct_calldetailprint"
ASKS, CONFIRMS, AUDITS = "request_call_details", "confirm_call_details", "view_history"
PAGE = 50
MONTHS = 24


@dataclass(frozen=True, slots=True)
class PrintRow:
    """A row of the register; the number is masked."""

    id: int
    customer_id: int
    customer: str
    unit_id: int
    number: str
    month: date
    purpose: str
    authorised_by: str
    has_paper: bool
    state: str
    asker_id: int
    asker: str
    requested_at: datetime
    registrar: str
    registered_at: datetime | None
    remark: str
    expires_at: datetime | None
    pages: int | None
    printed_at: datetime | None

    @property
    def code(self) -> str:
        """The registration number."""
        return f"D{self.id}"

    @property
    def label(self) -> str:
        """The state in words."""
        return str(PrintState(self.state).label)

    @property
    def unit(self) -> str:
        """The customer's unit."""
        return names.unit_name(self.unit_id)


def reading_scope(access: Access) -> Scope:
    """Whose rows one reads: of customers one asks for, registers for, or audits."""
    return access.scope_for(ASKS).union(access.scope_for(CONFIRMS), access.scope_for(AUDITS))


def _value(row: CallDetailPrint, now: datetime) -> PrintRow:
    is_over = row.state == PrintState.REGISTERED and row.expires_at is not None and row.expires_at <= now
    return PrintRow(
        row.pk, row.customer_id, row.customer.name, row.customer.unit_id, masked(row.line.number), row.month,
        row.purpose, row.authorised_by, row.authorisation_id is not None,
        PrintState.EXPIRED if is_over else row.state, row.requested_by_id, row.requested_by.name, row.requested_at,
        row.registered_by.name if row.registered_by else "", row.registered_at, row.remark, row.expires_at, row.pages,
        row.printed_at,
    )  # fmt: skip


def _rows(scope: Scope) -> QuerySet[CallDetailPrint]:
    return CallDetailPrint.visible_to(scope).select_related("customer", "line", "requested_by", "registered_by")


def print_rows(
    access: Access, *, state: str = "", customer_id: int | None = None, before: int | None = None, now: datetime
) -> tuple[Sequence[PrintRow], int | None]:
    """The register, newest first, and where the next page begins."""
    rows = _rows(reading_scope(access))
    if state:
        rows = rows.filter(_in_state(state, now))
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = [_value(row, now) for row in found[:PAGE]]
    return shown, shown[-1].id if len(found) > PAGE else None


def _in_state(state: str, now: datetime) -> Q:
    """ "Expired" is a comparison with the clock, no state that a night would have to write."""
    if state == PrintState.EXPIRED:
        return Q(state=PrintState.REGISTERED, expires_at__lte=now)
    return Q(state=state, expires_at__gt=now) if state == PrintState.REGISTERED else Q(state=state)


def print_row(access: Access, print_id: int, now: datetime) -> PrintRow:
    """One row; 404 where it is out of sight."""
    row = _rows(reading_scope(access)).filter(pk=print_id).first()
    if row is None:
        raise NotFound
    return _value(row, now)


def waiting_prints(access: Access, now: datetime) -> list[PrintRow]:
    """What waits for this person as the second one."""
    rows = _rows(access.scope_for(CONFIRMS)).filter(state=PrintState.REQUESTED)
    return [_value(row, now) for row in rows.order_by("pk")[:PAGE]]


def authorisation_of(access: Access, print_id: int) -> Attachment:
    """The paper, or the drawn signature, by which the customer authorised it."""
    row = CallDetailPrint.visible_to(reading_scope(access)).select_related("authorisation").filter(pk=print_id).first()
    found = (row.authorisation or drawing_of(TABLE, row.pk, "customer")) if row else None
    if found is None:
        raise NotFound
    return found


def signed_content(subject_id: int) -> Content | None:
    """What the customer signs: which number, which month, what for."""
    fields = ("customer_id", "line_id", "month", "purpose", "requested_by_id", "authorised_by")
    row = (
        CallDetailPrint.unscoped.filter(pk=subject_id)
        .values(*fields, customer_name=F("customer__name"), number=F("line__number"), asker=F("requested_by__name"))
        .first()
    )
    if row is None:
        return None
    named = {"customer": row.pop("customer_name"), "number": masked(row.pop("number")), "asker": row.pop("asker")}
    return Content(row | {"month": f"{row['month']:%Y-%m}"}, named)


def shown_content(content: Content) -> list[tuple[str, Any]]:
    """The same in lines."""
    record, named = content.record, content.names
    return [
        (_("Customer"), named["customer"]), (_("Line number"), named["number"]), (_("Month"), record["month"]),
        (_("Purpose"), record["purpose"]), (_("Asked for by"), named["asker"]),
    ]  # fmt: skip


def months_back(today: date) -> list[date]:
    """The months one may choose, the newest first."""
    return [add_months(today.replace(day=1), -back) for back in range(MONTHS)]
