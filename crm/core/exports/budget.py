"""Nobody takes more than so many rows a day along; five times the usual is told (safety 1.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.errors import Invalid, LimitReached
from crm.core.exports.register import APPROVES, TABLE, people, rows_by_day
from crm.core.exports.rules import alarm_above
from crm.core.notices import NoticeRow, notify
from crm.core.parameters import define
from crm.core.row_budget import shown_by_day

if TYPE_CHECKING:
    from crm.core.models import ExportOrder, User

LOCK = 0x455850  # "EXP": two exports of one person are counted one after the other
ROWS_A_FILE = define(
    "export_rows_a_file",
    int,
    default=10_000,
    group="safety",
    label=_("Rows of one export at most"),
    minimum=100,
    maximum=100_000,
    source="SEC-1",
)
ROWS_A_DAY = define(
    "export_rows_a_day",
    int,
    default=30_000,
    group="safety",
    label=_("Rows one person exports a day at most"),
    help=_("Over all lists and tables together."),
    minimum=100,
    maximum=1_000_000,
    source="SEC-1",
)


class TooMany(Invalid):
    """More rows than one file may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("More than %(limit)d rows: narrow the list first."),
            code="too_many",
            field="reason",
            params={"limit": limit},
        )


def rows_a_file() -> int:
    """So many rows a file has at most."""
    return int(parameters.value("export_rows_a_file"))


def count_rows(order: ExportOrder, rows: int, *, now: datetime) -> None:
    """Charge a file to its person's day, or refuse it; inside the transaction that keeps the file."""
    today = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, order.by_id % 2**31])
    days = rows_by_day(order.by, today)
    before = days.pop(today, 0)
    limit = int(parameters.value("export_rows_a_day"))
    if before + rows > limit:
        raise LimitReached(
            _("Today %(taken)d rows have been exported, %(limit)d are the limit; this file has %(rows)d."),
            params={"taken": before, "limit": limit, "rows": rows},
        )
    if rows > left_of_all(order.by, before, today):
        raise LimitReached(
            _("This file has %(rows)d rows, more than may still be opened and exported today."), params={"rows": rows}
        )
    if before + rows > alarm_above(list(days.values())):
        _alarm(order, before + rows, now)


def _alarm(order: ExportOrder, rows: int, now: datetime) -> None:
    """Once a day: who approves, and who looks after the house, learn of it."""
    if order.unit_id is None:
        return
    today = timezone.localdate(now)
    told = {
        user
        for ability in (APPROVES, "view_runs")
        for user in people().users_who_may(ability, order.unit_id, today)
        if user != order.by_id
    }
    params = {"name": order.by.name, "rows": rows}
    notify(
        [
            NoticeRow(user, "export_alarm", TABLE, order.by_id, today.isoformat(), params, f"/exports/{order.pk}/")
            for user in sorted(told)
        ],
        now,
    )


def left_today(user: User, *, now: datetime) -> int:
    """How many rows somebody may still take along today."""
    today = timezone.localdate(now)
    taken = rows_by_day(user, today).get(today, 0)
    return max(0, min(int(parameters.value("export_rows_a_day")) - taken, left_of_all(user, taken, today)))


def left_of_all(user: User, taken: int, today: date) -> int:
    """What the budget of lists, searches and files together leaves of today (crm.core.row_budget)."""
    return int(parameters.value("rows_a_day")) - taken - shown_by_day(user, today).get(today, 0)
