"""The calendar feed (ICS): what somebody planned, and where he helps; no number, no address, no name of a person.

Companies are named, people by their family name: the link is secret, but calendars are read by many programs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from visits.choices import ItemReason
from visits.models import PlanFeed
from visits.queries.catalogue import catalogue

if TYPE_CHECKING:
    from icalendar import Event

BACK, AHEAD = timedelta(days=14), timedelta(days=35)
BEGINS = {"am": time(9, 0), "pm": time(14, 0)}
EACH = timedelta(minutes=30)
_OWNER = """
SELECT t.id, t.user_id FROM visits_planfeed f JOIN accounts_staff t ON t.id = f.staff_id
WHERE f.token_digest = %s AND t.is_active
"""
_SQL = """
SELECT i.id, i.planned_on, i.half, i.position, i.state, i.channel_id, i.reason, c.kind, c.name, p.staff_id,
  coalesce(k.slots, 1)
FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id AND p.period = 'week'
JOIN accounts_customer c ON c.id = i.customer_id LEFT JOIN visits_channel k ON k.id = i.channel_id
WHERE i.planned_on BETWEEN %(first)s AND %(last)s AND i.state <> 'cancelled'
  AND (p.staff_id = %(staff)s AND c.manager_id = %(staff)s
    OR i.id IN (SELECT h.item_id FROM visits_planhelper h WHERE h.staff_id = %(staff)s))
ORDER BY i.planned_on, i.half, i.position, i.id
"""


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed a secret link opens."""

    staff_id: int
    user_id: int


def digest_of(token: str) -> str:
    """What is kept of a link's secret part."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_owner(token: str) -> FeedOwner | None:
    """By the digest of the link's secret part; None for a link that is dead or never was."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNER, [digest_of(token)])
        row = cursor.fetchone()
    return FeedOwner(*row) if row else None


def feed_made_at(staff_id: int | None) -> datetime | None:
    """Since when somebody's link works; None without one."""
    if staff_id is None:
        return None
    return PlanFeed.unscoped.filter(staff_id=staff_id).values_list("made_at", flat=True).first()


def plan_feed(owner: FeedOwner, *, today: date, now: datetime) -> bytes:
    """The calendar as a file: two weeks back, five ahead."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"staff": owner.staff_id, "first": today - BACK, "last": today + AHEAD})
        rows = cursor.fetchall()
    from icalendar import Calendar  # eighty modules that most web processes never need

    calendar = Calendar()
    calendar.add("prodid", "-//crm//week plan//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Week plan"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    begins: dict[tuple[date, str], datetime] = {}
    zone = ZoneInfo(settings.TIME_ZONE)
    for row in rows:
        key = row[1], row[2]
        start = begins.get(key) or datetime.combine(row[1], BEGINS[row[2]], tzinfo=zone)
        end = start + EACH * row[10]
        begins[key] = end
        calendar.add_component(_event(row, start, end, owner, now))
    return bytes(calendar.to_ical())


def _event(row: tuple[Any, ...], start: datetime, end: datetime, owner: FeedOwner, now: datetime) -> Event:
    item_id, _on, _half, _position, state, channel_id, reason, kind, name, staff_id, _slots = row
    channel = catalogue().channels_by_id.get(channel_id) if channel_id else None
    words = [channel.label if channel else "", shown_name(kind, name)]
    if staff_id != owner.staff_id:
        words.append(_("I help"))
    from icalendar import Event

    event = Event()
    event.add("uid", f"plan-item-{item_id}@crm")
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", " ".join(word for word in words if word))
    event.add("description", str(ItemReason(reason).label))
    event.add("status", "CONFIRMED" if state != "missed" else "CANCELLED")
    return event


def shown_name(kind: str, name: str) -> str:
    """A company by its name, a person by the first character and a star.

    >>> shown_name("vip", "钱多多")
    '钱**'
    """
    if kind in ("group", "channel"):
        return name
    return name[:1] + "*" * max(len(name) - 1, 1)
