"""Today, ready to show (screens 1): the ring, one ordered list with every reason, what was dialled and not logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.queries import names
from crm.core import working_days
from crm.core.marks import dated, due_words
from crm.core.pages import render_rows
from crm.core.scope import Scope
from crm.core.ui import tier_badge
from visits.queries import Ring, ring
from visits.queries.journal.day_logs import OpenSpecial
from visits.queries.today import (
    Miss,
    PendingDial,
    TodayRow,
    pending_dials,
    recent_misses,
    today_rows,
)
from workbench.queries.brief import Brief, ago_words, briefs, short_day
from workbench.queries.reasons import PROMISES, chips_of, is_promise, month_words
from workbench.queries.strips import AssignedLine, OutingStrip, PassedOnLine, strips

SHOWN = 40
SHOWN_NAMES = 5
FAR_DAYS = 31
NOTE_LENGTH = 80


@dataclass(slots=True)
class Line:
    """One row as the template shows it."""

    id: int
    name: str
    tier: SafeString
    chips: list[SafeString]
    due: SafeString | str
    is_late: bool
    district: str
    promise: str = ""
    last: str = ""
    birthday: str = ""
    prefers: str = ""
    quiet: str = ""
    is_quiet_now: bool = False
    note: str = ""
    care: str = ""
    place: str = ""
    geo: SafeString | str = ""
    can_dial: bool = False
    duty_id: int | None = None
    log_extra: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; without a title when the list is one."""

    title: str
    rows: list[Line]


@dataclass(frozen=True, slots=True)
class Mendable:
    """A provisional miss that a back-dated visit still takes back."""

    name: str
    log_url: str


@dataclass(frozen=True, slots=True)
class Call:
    """Dialled, not logged."""

    name: str
    text: str
    url: str
    log_url: str
    dismiss_url: str


@dataclass(slots=True)
class TodayPage:
    """Everything Today shows."""

    date_text: str
    ring: Ring
    look: str
    ring_caption: str
    fits_text: str
    list_title: str
    rows_html: SafeString | str
    rest_text: str
    by_district: bool
    here: str
    urls: dict[str, str]
    dials: list[Call] = field(default_factory=list)
    mendable: list[Mendable] = field(default_factory=list)
    mendable_text: str = ""
    missed_text: str = ""
    calendar_warning: str = ""
    passed_on: list[PassedOnLine] = field(default_factory=list)
    outing: OutingStrip | None = None
    open_cases: int = 0
    late_cases: int = 0
    assigned: list[AssignedLine] = field(default_factory=list)


def today_page(
    scope: Scope, staff_id: int, *, now: datetime, by_district: bool = False, show_all: bool = False
) -> TodayPage:
    """Today of a manager with those he covers; nine statements whatever the number of rows."""
    today = timezone.localdate(now)
    managers = scope.manager_ids
    figures = ring(managers, today, staff_id=staff_id)
    above = strips(staff_id, managers, today, now)
    rows = today_rows(managers, today, now=now, more=above.cases.own, beside=above.cases.beside)
    rows = _without_postponed(rows, today)
    shown = rows if show_all else rows[:SHOWN]
    known = briefs(scope, [row.customer_id for row in shown], now=now)
    lines = [_line(row, known.get(row.customer_id), staff_id, now) for row in shown]
    misses = recent_misses(managers, today)
    here = _here(by_district, show_all)
    mendable = [row for row in rows if any(reason.kind == "provisional" for reason in row.reasons)]
    return TodayPage(
        date_text=dated(today, "DATE_FORMAT", "l"),
        ring=figures,
        look=_look(figures),
        ring_caption=_("met") if figures.owed else _("nothing owed"),
        fits_text=_fits(figures),
        list_title=ngettext("%(n)d customer to contact", "%(n)d customers to contact", len(rows)) % {"n": len(rows)},
        rows_html=_rows_html(lines, by_district),
        rest_text=_("Show all %(n)d") % {"n": len(rows)} if len(rows) > len(shown) else "",
        by_district=by_district,
        here=here,
        urls=_urls(by_district),
        dials=[_call(dial, now) for dial in pending_dials(staff_id, now, manager_ids=managers)],
        mendable=[_mendable(row) for row in mendable[:SHOWN_NAMES]],
        mendable_text=_mendable_text(len(mendable)),
        missed_text=_missed_text(misses),
        calendar_warning=_calendar_warning(today),
        passed_on=above.calls,
        outing=above.outing,
        assigned=above.tasks,
        open_cases=above.cases.count,
        late_cases=above.cases.late,
    )


_POSTPONED = """
SELECT customer_id FROM visits_duty
WHERE customer_id = ANY(%s) AND state = 'open' AND postponed_at IS NOT NULL AND suggested_on > %s
"""


def _without_postponed(rows: list[TodayRow], today: date) -> list[TodayRow]:
    """Who is only overdue and was put off by hand comes back on that day; the figure still counts him."""
    late = [row.customer_id for row in rows if all(reason.kind == "overdue" for reason in row.reasons)]
    if not late:
        return rows
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONED, [late, today])
        postponed = {customer_id for (customer_id,) in cursor.fetchall()}
    return [row for row in rows if row.customer_id not in postponed]


# --- One row


def _line(row: TodayRow, brief: Brief | None, staff_id: int, now: datetime) -> Line:
    today = timezone.localdate(now)
    tier = names.tier(row.tier_id)
    has_contact = any(reason.kind in ("planned", "suggested", "at_risk", "overdue") for reason in row.reasons)
    line = Line(
        id=row.customer_id,
        name=row.name,
        tier=tier_badge(tier.code, tier.label()) if tier else mark_safe(""),
        chips=chips_of(row, staff_id, now),
        due=due_mark(row.next_due_on, today) if any(reason.kind not in PROMISES for reason in row.reasons) else "",
        is_late=row.is_overdue,
        district=row.district,
        can_dial=row.has_phone,
        # Moving a suggestion is of use only while there are days left before the duty is due.
        duty_id=row.duty_id
        if has_contact and row.duty_id and row.next_due_on is not None and row.next_due_on > today
        else None,
    )
    _fill(line, row, brief)
    return line


def _fill(line: Line, row: TodayRow, brief: Brief | None) -> None:
    """What to know before the call (CON-14, ENG-26)."""
    line.place = row.address or ""
    line.geo = "geo:0,0?q=" + quote(row.address) if row.address else ""
    promised = next((reason for reason in row.reasons if is_promise(reason)), None)
    line.care = " · ".join(reason.text for reason in row.reasons if reason.topic and reason.text and not reason.case_id)
    if promised is not None:
        line.promise = promised.text if promised.on is None else f"{promised.text} · {short_day(promised.on)}"
    if brief is None:
        return
    line.promise = line.promise or brief.promise
    line.last, line.birthday, line.prefers = brief.last, brief.birthday, brief.prefers
    line.quiet, line.is_quiet_now = brief.quiet, brief.is_quiet_now
    note = brief.note.replace("\n", " ")
    line.note = note if len(note) <= NOTE_LENGTH else note[: NOTE_LENGTH - 1] + "…"


def due_mark(day: date | None, today: date) -> SafeString | str:
    """「3 天后」 with the date on hover; a day further off than a month is told by its date."""
    words, look = due_words(day, today)
    if day is None or not words:
        return ""
    if (day - today).days > FAR_DAYS:
        words = date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "SHORT_DATE_FORMAT")
    return format_html('<span class="due {}" title="{}">{}</span>', look, date_format(day, "DATE_FORMAT"), words)


def _rows_html(lines: Sequence[Line], by_district: bool) -> SafeString | str:
    if not lines:
        return ""
    words = {
        "promised": _("Promised"),
        "never": _("Never talked yet"),
        "now": _("now"),
        "dial": _("Call"),
        "log": _("Log"),
        "message": _("Message"),
        "postpone": _("Postpone"),
    }
    return render_rows("workbench/today_rows.html", {"groups": _groups(lines, by_district), "t": words})


def _groups(lines: Sequence[Line], by_district: bool) -> list[Group]:
    """One list, or one part per district, the fullest first; the order inside stays."""
    if not by_district:
        return [Group("", list(lines))]
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.district, []).append(line)
    ordered = sorted(parts.items(), key=lambda part: (part[0] == "", -len(part[1]), part[0]))
    return [Group(district or _("No district"), rows) for district, rows in ordered]


# --- Round the list


def _look(figures: Ring) -> str:
    """Green is what is met; amber when the rest no longer fits: red is only what is late."""
    return "met" if figures.fits else "soon"


def _fits(figures: Ring) -> str:
    """「剩 9 个工作日,可安排 72 次,待沟通 12 户,来得及」."""
    values = {"days": figures.working_days_left, "slots": figures.slots_left, "left": figures.left}
    if figures.owed == 0:
        return _("Nothing is owed this month.")
    if figures.left == 0:
        return _("Every duty of the month is met.")
    if figures.fits:
        return _("%(days)d working days left, %(left)d owed, %(slots)d slots: it fits") % values
    return _("%(days)d working days left, %(left)d owed, only %(slots)d slots: ask for help") % values


def _urls(by_district: bool) -> dict[str, str]:
    """Where the rows behind each number are."""
    own = reverse("workbench:today")
    customers = reverse("accounts:customer_list")
    duties = reverse("workbench:duty_list")
    return {
        "customers": customers,
        "owed": f"{duties}?state=left",
        "overdue": f"{customers}?overdue=1",
        "at_risk": f"{duties}?state=at_risk",
        "face_to_face": f"{duties}?state=face_to_face",
        "missed": f"{duties}?state=missed",
        "cases": f"{reverse('complaints:case_list')}?state=open",
        "by_order": own,
        "by_district": f"{own}?group=district",
        "all": f"{own}?all=1" + ("&group=district" if by_district else ""),
    }


def _here(by_district: bool, show_all: bool) -> str:
    asked = {**({"group": "district"} if by_district else {}), **({"all": "1"} if show_all else {})}
    return reverse("workbench:today") + (f"?{urlencode(asked)}" if asked else "")


def _mendable(row: TodayRow) -> Mendable:
    missed = next(reason for reason in row.reasons if reason.kind == "provisional")
    return Mendable(row.name, log_url(row.customer_id, on=missed.on))


def log_url(customer_id: int, **more: Any) -> str:
    """The log sheet for a customer."""
    given = {name: value for name, value in more.items() if value not in (None, "")}
    return reverse("workbench:log_visit") + "?" + urlencode({"customer": customer_id, **given})


def _mendable_text(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)d miss is provisional: if you did talk, it can still be back-dated.",
        "%(n)d misses are provisional: if you did talk, they can still be back-dated.",
        count,
    ) % {"n": count}


def _missed_text(misses: Sequence[Miss]) -> str:
    """「6月未达标 2 户,已定」: small and grey (decisions 1)."""
    per_month: dict[date, int] = {}
    for miss in misses:
        month = miss.due_on.replace(day=1)
        per_month[month] = per_month.get(month, 0) + 1
    return " · ".join(
        ngettext("%(month)s: %(n)d missed, final", "%(month)s: %(n)d missed, final", count)
        % {"month": month_words(month), "n": count}
        for month, count in sorted(per_month.items(), reverse=True)
    )


def _call(dial: PendingDial, now: datetime) -> Call:
    local = timezone.localtime(dial.tapped_at)
    who = f"{dial.person_name} · " if dial.person_name else ""
    return Call(
        name=dial.customer_name,
        text=f"{who}{ago_words(local.date(), timezone.localdate(now))} {local:%H:%M}",
        url=reverse("workbench:customer", args=[dial.customer_id]),
        log_url=log_url(dial.customer_id, tap=dial.tap_id),
        dismiss_url=reverse("workbench:dismiss_dial", args=[dial.tap_id]),
    )


def _calendar_warning(today: date) -> str:
    if working_days.calendar().is_complete(today.year):
        return ""
    return _("The holidays of %(year)d are not entered yet; Monday to Friday count as working days.") % {
        "year": today.year
    }


def late_specials(specials: Sequence[OpenSpecial], now: datetime) -> frozenset[int]:
    """F29: the special situations that nobody has visited in time."""
    return frozenset(special.id for special in specials if special.due_at < now)
