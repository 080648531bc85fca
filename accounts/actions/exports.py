"""Customers leave the house as a file: with a reason, masked, registered, each row naming who took it (SEC-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CustomerKind, CustomerState, DutyState
from accounts.queries import names
from accounts.queries.customer_list import NO_DUE, customer_page
from crm.core import access_log
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import User
from crm.core.text import clean_text, mask_phone

MAX_ROWS = 10_000
STEP = 1_000
HEADER = (
    gettext_lazy("Customer number"),
    gettext_lazy("Name"),
    gettext_lazy("Kind"),
    gettext_lazy("Tier"),
    gettext_lazy("State"),
    gettext_lazy("Unit"),
    gettext_lazy("District"),
    gettext_lazy("Staff number"),
    gettext_lazy("Account manager"),
    gettext_lazy("Phone"),
    gettext_lazy("Last visit"),
    gettext_lazy("Next due"),
    gettext_lazy("Contact"),
    gettext_lazy("Completeness"),
    gettext_lazy("Monthly value"),
    gettext_lazy("Taken by"),
)


@dataclass(frozen=True, slots=True)
class CustomerExport:
    """A registered file: its number in the access log, and its rows."""

    number: int
    header: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def export_customers(
    *, filters: Mapping[str, Any], search: str, sort: str, reason: str, by: User, now: datetime
) -> CustomerExport:
    """SEC-1: no file without a reason, none of nothing, none of more than the limit; the act leaves its row."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    found = list(_rows(by, filters, search, sort))
    if not found:
        raise Invalid(_("Nobody matches, so there is nothing to export."), code="nothing_to_export", field="reason")
    if len(found) > MAX_ROWS:
        raise Invalid(
            _("More than %(limit)d customers: narrow the list first."),
            code="too_many",
            field="reason",
            params={"limit": MAX_ROWS},
        )
    with write(by=by):
        entry = access_log.record(
            "export",
            by,
            at=now,
            subject_table="accounts_customer",
            reason=reason,
            detail={"rows": len(found), "filters": sorted(filters)},
        )
    mark = f"E{entry.pk} {by.name} {by.username} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    tiers = {tier.id: tier.label() for tier in names.tiers()}
    return CustomerExport(
        entry.pk,
        tuple(str(words) for words in HEADER),
        [_cells(row, tiers, mark) for row in found],
    )


def _rows(by: User, filters: Mapping[str, Any], search: str, sort: str) -> Iterator[Sequence[Any]]:
    """The list's own rows, page by page, a little beyond the limit at most."""
    cursor, left = "", MAX_ROWS + 1
    while left > 0:
        page = customer_page(
            by.access.scope, filters=filters, search=search, sort=sort, cursor=cursor, limit=min(STEP, left)
        )
        yield from page.rows
        cursor, left = page.next, left - len(page.rows)
        if not cursor:
            return


def _cells(row: Sequence[Any], tiers: Mapping[int, str], mark: str) -> tuple[Any, ...]:
    (
        _id, number, name, kind, state, tier_id, phone, unit_id, manager_id, district,
        _important, last_visit_on, next_due_on, duty_state, is_overdue, completeness, value, _complaints,
    ) = row  # fmt: skip
    manager = names.staff_card(manager_id)
    duty = DutyState.OVERDUE if is_overdue else duty_state
    return (
        number,
        name,
        str(CustomerKind(kind).label),
        tiers.get(tier_id, ""),
        str(CustomerState(state).label),
        names.unit_name(unit_id),
        district,
        manager.number if manager else "",
        manager.name if manager else "",
        mask_phone(phone),
        last_visit_on or "",
        "" if next_due_on == NO_DUE else next_due_on,
        str(DutyState(duty).label) if duty else "",
        completeness,
        "" if value is None else value,
        mark,
    )
