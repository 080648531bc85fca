"""How many rows somebody is shown a day: on lists, in searches, through the API from his browser (safety 1.5).

Rows are counted in the process and written down two hundred at a time, so that a page costs nothing; at the same
moment the process learns what the others have written and what left in files. One budget holds for all of it, and five
times one's own usual day is told to those who look after the house. Machines have tokens, lanes and limits instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.db import write
from crm.core.errors import LimitReached
from crm.core.exports.register import APPROVES, DAYS, people, rows_by_day
from crm.core.exports.rules import alarm_above
from crm.core.models import RowsShown, User
from crm.core.notices import NoticeRow, notice_kind, notify
from crm.core.parameters import define

STEP = 200
KEPT = timedelta(days=40)
MARKS = (b" data-record", b'class="palette-item"')
"""What stands once in every record of a list and in everything a search has found."""
_KEEP = """
INSERT INTO core_rowsshown (user_id, day, rows) VALUES (%s, %s, %s)
ON CONFLICT (user_id, day) DO UPDATE SET rows = core_rowsshown.rows + EXCLUDED.rows
"""
define(
    "rows_a_day",
    int,
    default=50_000,
    group="safety",
    label=_("Rows one person is shown or exports a day at most"),
    help=_("Over all lists, searches and files together."),
    minimum=1_000,
    maximum=10_000_000,
    source="SEC-1",
)
notice_kind("rows_alarm", _("%(name)s has opened %(rows)d rows today, far more than usual"), icon="alert-triangle")


@dataclass
class _Day:
    """What this process knows of somebody's day."""

    day: date
    known: int = 0
    waiting: int = 0


_days: dict[int, _Day] = {}
_lock = Lock()


def forget() -> None:
    """Know nothing (tests)."""
    _days.clear()


def rows_in(response: HttpResponseBase) -> int:
    """How many rows a page shows."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return 0
    if not response["Content-Type"].startswith("text/html"):
        return 0  # what the API answers is counted where its records are
    return sum(response.content.count(mark) for mark in MARKS)


def spend(user: User, rows: int, *, now: datetime) -> None:
    """Charge rows to somebody's day."""
    with _lock:
        day = _of(user, now)
        day.waiting += rows
        due = day.waiting if day.waiting >= STEP else 0
        day.waiting -= due
    if due:
        day.known = _keep(user, due, now)


def refuse_beyond(user: User, *, now: datetime) -> None:
    """Nobody is shown more than so many rows a day; 429 with the limit."""
    with _lock:
        day = _of(user, now)
        shown = day.known + day.waiting
    limit = int(parameters.value("rows_a_day"))
    if shown >= limit:
        raise LimitReached(
            _("You have opened and exported %(shown)d rows today; %(limit)d are the limit."),
            params={"shown": shown, "limit": limit},
        )


def shown_by_day(user: User, today: date) -> dict[date, int]:
    """What was written down of the last days, today among them."""
    rows = RowsShown.objects.filter(user=user, day__gte=today - timedelta(days=DAYS))
    return dict(rows.values_list("day", "rows"))


def forget_old_days(*, today: date) -> int:
    """The night removes what no median needs any more."""
    return RowsShown.objects.filter(day__lt=today - KEPT).delete()[0]


def _of(user: User, now: datetime) -> _Day:
    today = timezone.localdate(now)
    found = _days.get(user.pk)
    if found is None or found.day != today:
        found = _days[user.pk] = _Day(today)
    return found


def _keep(user: User, rows: int, now: datetime) -> int:
    """Write them down; answers the whole day, of all processes and of the files."""
    today = timezone.localdate(now)
    with write(label="system:row_budget"):
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [user.pk, today, rows])
        days = shown_by_day(user, today)
        for day, taken in rows_by_day(user, today).items():
            days[day] = days.get(day, 0) + taken
        total = days.pop(today, 0)
        above = alarm_above(list(days.values()))
        if total - rows <= above < total:
            _alarm(user, total, now)
    return total


def _alarm(user: User, rows: int, now: datetime) -> None:
    """Once a day: who approves exports, and who looks after the house, learn of it."""
    today, unit_id = timezone.localdate(now), people().place_of(user)[0]
    if unit_id is None:
        return
    told = {one for ability in (APPROVES, "view_runs") for one in people().users_who_may(ability, unit_id, today)} - {
        user.pk
    }
    params = {"name": user.name, "rows": rows}
    day = today.isoformat()
    notify([NoticeRow(one, "rows_alarm", "core_user", user.pk, day, params, "/exports/") for one in sorted(told)], now)
