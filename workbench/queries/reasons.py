"""Why a customer is on Today, in chips (screens 1)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import CareTopic, TaskKind
from accounts.queries import names
from crm.core.marks import due_words
from crm.core.ui import mark
from visits.queries.today import Reason, TodayRow
from workbench.queries.case_things import case_chip

PROMISES = frozenset({"follow_up", "assigned", "call_back", "care", "attention", "dunning", "papers", "agreement"})
SEEN_EARLY = frozenset({"agreement"})
"""Shown weeks before their day: always with it."""
# Reason → look and icon: ti-phone-incoming ti-hand-stop ti-flag-3 ti-briefcase ti-heart-handshake ti-alert-triangle
# ti-clock-question ti-clock ti-calendar-event ti-calendar-check ti-walk ti-eye-exclamation ti-receipt-yuan ti-files
# ti-file-time
CHIPS = {
    "call_back": ("soon", "phone-incoming"),
    "introduction": ("info", "hand-stop"),
    "follow_up": ("info", "flag-3"),
    "assigned": ("info", "briefcase"),
    "attention": ("soon", "eye-exclamation"),
    "dunning": ("soon", "receipt-yuan"),
    "papers": ("soon", "files"),
    "agreement": ("soon", "file-time"),
    "care": ("info", "heart-handshake"),
    "planned": ("info", "calendar-check"),
    "overdue": ("late", "alert-triangle"),
    "provisional": ("soon", "clock-question"),
    "at_risk": ("soon", "clock"),
    "suggested": ("", "calendar-event"),
    "face_to_face": ("soon", "walk"),
}
# ti-cake ti-confetti ti-cloud-storm ti-plane ti-coin ti-ticket ti-gift
TOPIC_ICONS = {
    "birthday": "cake",
    "holiday": "confetti",
    "weather": "cloud-storm",
    "travel": "plane",
    "credit": "coin",
    "activity": "ticket",
    "offer": "gift",
}


def is_promise(reason: Reason) -> bool:
    """Something was promised or asked for, in words; a care task tells its own."""
    return reason.kind in PROMISES and bool(reason.text) and not reason.topic


def chips_of(row: TodayRow, staff_id: int, now: datetime) -> list[SafeString]:
    """Every reason of a row, the most urgent first."""
    chips = [case_chip(reason, now) if reason.case_id else _chip(reason, now) for reason in row.reasons]
    if row.is_important:
        chips.append(mark(_("Important"), "", "star"))  # ti-star
    if row.manager_id != staff_id:
        chips.append(mark(_("Cover for %(name)s") % {"name": names.staff_name(row.manager_id)}, "plain", "user-shield"))
    return chips  # ti-user-shield


def _chip(reason: Reason, now: datetime) -> SafeString:
    today = timezone.localdate(now)
    icon = TOPIC_ICONS.get(reason.topic, CHIPS[reason.kind][1])
    return mark(reason_words(reason, today, now), reason_look(reason, today, now), icon)


def reason_look(reason: Reason, today: date, now: datetime | None = None) -> str:
    """Red is what is late: a promise whose day has passed, a clock that has run out."""
    if reason.at is not None and now is not None:
        return "late" if reason.at < now else "soon"
    if reason.kind in PROMISES and reason.on is not None and reason.on < today:
        return "late"
    return CHIPS[reason.kind][0]


def reason_words(reason: Reason, today: date, now: datetime | None = None) -> str:
    """A chip in words; with its clock when the moment is known, or its day when that is not today."""
    words = str(CareTopic(reason.topic).label) if reason.topic else _words(reason.kind)
    if reason.at is not None and now is not None:
        return f"{words} · {clock_words(reason.at, now)}"
    if reason.kind == "provisional" and reason.on is not None:
        return f"{words} · {month_words(reason.on)}"
    told = reason.topic or reason.kind in SEEN_EARLY or (reason.on is not None and reason.on < today)
    if reason.kind in PROMISES and reason.on is not None and reason.on != today and told:
        return f"{words} · {due_words(reason.on, today)[0]}"
    return words


def _words(kind: str) -> str:
    return {
        "call_back": _("Call back"),
        "introduction": _("Introduce yourself"),
        "follow_up": _("Promised"),
        "assigned": _("Assigned"),
        "care": _("Care"),
        "attention": str(TaskKind.ATTENTION.label),
        "dunning": str(TaskKind.DUNNING.label),
        "papers": str(TaskKind.PAPERS.label),
        "agreement": str(TaskKind.AGREEMENT.label),
        "planned": _("In today's plan"),
        "overdue": _("Overdue"),
        "provisional": _("Missed, provisional"),
        "at_risk": _("At risk"),
        "suggested": _("Suggested for today"),
        "face_to_face": _("Meet in person"),
    }[kind]


def clock_words(due_at: datetime, now: datetime) -> str:
    """CON-13: how long there is left, or how late it is; in minutes, or hours from two hours on."""
    minutes = int((due_at - now).total_seconds() // 60)
    if minutes >= 0:
        if minutes >= 120:
            return ngettext("%(n)d hour left", "%(n)d hours left", minutes // 60) % {"n": minutes // 60}
        return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
    if minutes <= -120:
        return ngettext("%(n)d hour late", "%(n)d hours late", -minutes // 60) % {"n": -minutes // 60}
    return ngettext("%(n)d minute late", "%(n)d minutes late", -minutes) % {"n": -minutes}


def month_words(day: date) -> str:
    """The month of a day."""
    return date_format(day, "YEAR_MONTH_FORMAT")
