"""Test calls of the 24-hour service and how many were reached (CON-12, F12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.queries import names
from crm.core import parameters
from crm.core.measures import by_manager, over
from crm.core.scope import Scope
from visits.queries.measures import CALLS_24H
from visits.queries.measures.visits import IS_REACHED


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


_ROWS = f"""
SELECT t.id, t.staff_id, t.called_at, t.was_answered, t.minutes, {IS_REACHED.format(minutes="%s")}, t.remark, u.name
FROM visits_calltest t JOIN core_user u ON u.id = t.by_id
WHERE {{scope}} AND t.called_at >= %s AND t.called_at < %s AND (%s::bigint IS NULL OR t.staff_id = %s)
ORDER BY t.called_at DESC, t.id DESC LIMIT %s
"""


def call_tests(
    scope: Scope, *, first: date, last: date, staff_id: int | None = None, limit: int = 200
) -> Sequence[TestRow]:
    """Test calls of a period, newest first (CON-12)."""
    condition, params = scope.sql_for(unit="t.unit_id", manager="t.staff_id")
    begin = timezone.make_aware(datetime.combine(first, time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    within = int(parameters.value("call_back_minutes", last))
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.replace("{scope}", condition), [within, *params, begin, end, staff_id, staff_id, limit])
        return [TestRow(row[0], row[1], names.staff_name(row[1]), *row[2:]) for row in cursor.fetchall()]


def service_reached(scope: Scope, *, first: date, last: date) -> list[Share]:
    """F12 (KPI-26): off-hours tests answered, or called back within half an hour, of all tests."""
    here = reverse("visits:call_test_list")
    shares = [
        Share(
            staff_id, names.staff_name(staff_id), int(share.numerator), int(share.denominator),
            f"{here}?month={first:%Y-%m}&staff={staff_id}",
        )
        for staff_id, share in by_manager(CALLS_24H, scope, over(first, last)).items()
        if staff_id is not None
    ]  # fmt: skip
    return sorted(shares, key=lambda row: (row.per_cent or 0.0, row.name))
