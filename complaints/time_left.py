"""How the time that is left looks: drawn once here, counted down by static/js/clocks.js from then on (CMP-2)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400


def length_words(seconds: int) -> str:
    """A length of time in the two largest units: days and hours, hours and minutes, or minutes."""
    minutes = seconds // MINUTE
    if seconds >= DAY:
        return _("%(days)s d %(hours)s h") % {"days": seconds // DAY, "hours": seconds % DAY // HOUR}
    if seconds >= HOUR:
        return _("%(hours)s h %(minutes)s min") % {"hours": seconds // HOUR, "minutes": minutes % MINUTE}
    return _("%(minutes)s min") % {"minutes": minutes}


def left_words(due_at: datetime, now: datetime) -> str:
    """How long until a deadline, or by how much it is missed."""
    left = int((due_at - now) / timedelta(seconds=1))
    words = _("%(time)s left") if left >= 0 else _("late by %(time)s")
    return words % {"time": length_words(abs(left))}


def look_of(due_at: datetime, warn_at: datetime | None, now: datetime) -> str:
    """Late from the second it is due, soon from its warning on."""
    if due_at <= now:
        return "late"
    return "soon" if warn_at is not None and warn_at <= now else ""


def time_left(due_at: datetime | None, warn_at: datetime | None, now: datetime) -> SafeString | str:
    """A deadline as a clock that counts down; nothing without one."""
    if due_at is None:
        return ""
    local = timezone.localtime(due_at)
    return format_html(
        '<time class="due {}" datetime="{}" title="{}" data-due="{}"{}>{}</time>',
        look_of(due_at, warn_at, now),
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M}",
        _epoch(due_at),
        format_html(' data-warn="{}"', _epoch(warn_at)) if warn_at else "",
        left_words(due_at, now),
    )


def clock_words(now: datetime) -> SafeString:
    """What clocks.js counts by: the server's moment and the words of this language; once on a page, before the script.

    Pages: ``{% load clocks %}{% clock_words now %}`` and ``{% time_left due_at warn_at now %}``.
    """
    words = {
        "day": _("%(days)s d %(hours)s h"),
        "hour": _("%(hours)s h %(minutes)s min"),
        "minute": _("%(minutes)s min"),
        "second": _("%(minutes)s min %(seconds)s s"),
        "left": _("%(time)s left"),
        "late": _("late by %(time)s"),
    }
    return format_html(
        '<span hidden id="clock-words" data-now="{}" data-words="{}"></span>',
        timezone.localtime(now).isoformat(timespec="seconds"),
        json.dumps(words, ensure_ascii=False),
    )


def _epoch(moment: datetime) -> str:
    """Milliseconds, as a script counts."""
    return str(int(moment.timestamp() * 1000))
