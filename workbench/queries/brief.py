"""What to know before a call: last talk, promise, birthday, preferences, quiet hours, notes (screens 2, CON-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import PreferredChannel
from crm.core import parameters
from crm.core.scope import Scope
from visits.queries.catalogue import catalogue
from workbench.rules import is_quiet_time, next_birthday

SHORT = 60

_SQL = """
SELECT c.id, c.preferred_channel, c.preferred_time, c.dnd_from, c.dnd_to, c.no_marketing, c.service_notes,
    c.district, c.business_address, c.phone <> '', p.birthday, p.is_lunar_birthday,
    v.occurred_on, v.channel_id, v.outcome_id, v.content, v.next_step, v.next_on,
    (SELECT array_agg(t.kind || CASE WHEN t.topic <> '' THEN ':' || t.topic ELSE '' END || '|' || t.due_on || '|'
        || COALESCE(NULLIF(t.title, ''), t.reason)
        ORDER BY t.due_on, t.id) FROM accounts_task t WHERE t.customer_id = c.id AND t.state = 'open')
FROM accounts_customer c
LEFT JOIN accounts_personprofile p ON p.customer_id = c.id
LEFT JOIN LATERAL (
    SELECT occurred_on, channel_id, outcome_id, content, next_step, next_on FROM visits_visit
    WHERE customer_id = c.id AND undone_at IS NULL ORDER BY occurred_on DESC, id DESC LIMIT 1
) v ON true
WHERE c.id = ANY(%s) AND {scope}
"""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A to-do row of the customer."""

    kind: str
    due_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """One customer before a call. Texts are ready to show; empty ones are left out by the page."""

    customer_id: int
    last: str = ""
    last_on: date | None = None
    promise: str = ""
    birthday: str = ""
    birthday_on: date | None = None
    prefers: str = ""
    quiet: str = ""
    is_quiet_now: bool = False
    no_marketing: bool = False
    note: str = ""
    district: str = ""
    address: str = ""
    has_phone: bool = False
    open_tasks: tuple[OpenTask, ...] = field(default=())

    @property
    def tasks(self) -> list[str]:
        """Open tasks in words, those already told as the promise left out."""
        return [f"{task.text} · {short_day(task.due_on)}" for task in self.open_tasks if task.text]


def briefs(scope: Scope, customer_ids: Sequence[int], *, now: datetime) -> dict[int, Brief]:
    """The briefs of some customers, in one statement (CON-14, ENG-26)."""
    if not customer_ids or scope.is_empty:
        return {}
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(scope=condition), [list(customer_ids), *params])
        return {row[0]: _brief(row, timezone.localtime(now)) for row in cursor.fetchall()}


def brief_of(scope: Scope, customer_id: int, *, now: datetime) -> Brief | None:
    """The brief of one customer."""
    return briefs(scope, [customer_id], now=now).get(customer_id)


def _brief(row: Sequence[Any], local: datetime) -> Brief:
    (
        customer_id, channel, at, dnd_from, dnd_to, no_marketing, note, district, address, has_phone, birthday,
        is_lunar, last_on, last_channel, last_outcome, content, next_step, next_on, tasks,
    ) = row  # fmt: skip
    today = local.date()
    comes = next_birthday(birthday, today, is_lunar=bool(is_lunar))
    return Brief(
        customer_id=customer_id,
        last=last_talk(last_on, last_channel, last_outcome, content, today),
        last_on=last_on,
        promise=_promise(next_step, next_on),
        birthday=birthday_words(comes, birthday, is_lunar, today),
        birthday_on=comes,
        prefers=" · ".join(part for part in (str(PreferredChannel(channel).label) if channel else "", at) if part),
        quiet=f"{dnd_from:%H:%M}–{dnd_to:%H:%M}" if dnd_from and dnd_to else "",
        is_quiet_now=is_quiet_time(local.time(), dnd_from, dnd_to),
        no_marketing=no_marketing,
        note=note,
        district=district,
        address=address,
        has_phone=has_phone,
        open_tasks=tuple(_task(text) for text in tasks or ()),
    )


def _task(text: str) -> OpenTask:
    kind, due_on, words = text.split("|", 2)
    return OpenTask(kind, date.fromisoformat(due_on), words)


def _promise(next_step: str | None, next_on: date | None) -> str:
    if not next_step:
        return ""
    return f"{next_step} · {short_day(next_on)}" if next_on else next_step


def last_talk(on: date | None, channel_id: int | None, outcome_id: int | None, content: str | None, today: date) -> str:
    """「12 天前 · 电话沟通 · 谈了专线续费」; the outcome is said when nobody was reached."""
    if on is None:
        return ""
    known = catalogue()
    channel = known.channels_by_id.get(channel_id) if channel_id else None
    outcome = known.outcomes_by_id.get(outcome_id) if outcome_id else None
    parts = [ago_words(on, today), channel.label if channel else ""]
    if outcome is not None and not outcome.is_effective:
        parts.append(outcome.label)
    if content:
        parts.append(content if len(content) <= SHORT else content[: SHORT - 1] + "…")
    return " · ".join(part for part in parts if part)


def ago_words(on: date, today: date) -> str:
    """「今天」「昨天」「12 天前」."""
    days = (today - on).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def short_day(day: date) -> str:
    """Month and day, as short as it is clear."""
    return date_format(day, "MONTH_DAY_FORMAT")


def lunar_words(birthday: date) -> str:
    """The numbers of a lunar date: 「农历8月15日」."""
    return _("lunar %(month)d-%(day)d") % {"month": birthday.month, "day": birthday.day}


def birthday_words(comes: date | None, birthday: date | None, is_lunar: bool, today: date) -> str:
    """A birthday of the next days with how near it is; a lunar one on its day of the wall calendar, and its numbers."""
    if birthday is None or comes is None or (comes - today).days > parameters.value("birthday_days", today):
        return ""
    days = (comes - today).days
    near = (
        _("today")
        if days == 0
        else _("tomorrow")
        if days == 1
        else ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    )
    shown = f"{short_day(comes)} · {near}"
    return f"{shown} · {lunar_words(birthday)}" if is_lunar else shown
