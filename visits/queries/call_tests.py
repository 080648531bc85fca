"""Test calls of the 24-hour service and how many were reached (CON-12, F12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.queries import names
from crm.core import parameters
from crm.core.scope import Scope
from visits.models import CallTest


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share, with the address of the rows behind it."""

    staff_id: int
    name: str
    part: int
    whole: int
    url: str

    @property
    def per_cent(self) -> float | None:
        """One decimal; none without a row."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test call as the register shows it."""

    id: int
    staff_id: int
    name: str
    called_at: datetime
    was_answered: bool
    minutes: int | None
    is_reached: bool
    remark: str
    by: str


def call_tests(
    scope: Scope, *, first: date, last: date, staff_id: int | None = None, limit: int = 200
) -> Sequence[TestRow]:
    """Test calls of a period, newest first (CON-12)."""
    rows = CallTest.visible_to(scope).filter(
        called_at__gte=timezone.make_aware(datetime.combine(first, time())),
        called_at__lt=timezone.make_aware(datetime.combine(last + timedelta(days=1), time())),
    )
    if staff_id is not None:
        rows = rows.filter(staff_id=staff_id)
    within = int(parameters.value("call_back_minutes", last))
    return [
        TestRow(
            row.pk, row.staff_id, names.staff_name(row.staff_id), row.called_at, row.was_answered, row.minutes,
            row.was_answered or (row.minutes is not None and row.minutes <= within), row.remark, row.by.name,
        )
        for row in rows.select_related("by").order_by("-called_at", "-pk")[:limit]
    ]  # fmt: skip


def service_reached(scope: Scope, *, first: date, last: date) -> list[Share]:
    """F12 (KPI-26): off-hours tests answered, or called back within half an hour, of all tests."""
    here = reverse("visits:call_test_list")
    found: dict[int, list[TestRow]] = {}
    for row in call_tests(scope, first=first, last=last, limit=10_000):
        found.setdefault(row.staff_id, []).append(row)
    shares = [
        Share(
            staff_id, rows[0].name, sum(row.is_reached for row in rows), len(rows),
            f"{here}?month={first:%Y-%m}&staff={staff_id}",
        )
        for staff_id, rows in found.items()
    ]  # fmt: skip
    return sorted(shares, key=lambda row: (row.per_cent or 0.0, row.name))
