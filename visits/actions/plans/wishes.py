"""What a week's draft is made of (PLAN-6): duties, promises, birthdays and the share of a period that begins in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from accounts.choices import Purpose, TaskKind
from accounts.models import TierRule
from accounts.rules import period_end, tier_rule_on
from crm.core.rules import Calendar
from visits.choices import ItemReason
from visits.queries.catalogue import Catalogue
from visits.rules.pace import FACE_TO_FACE_SLOTS, Item, free_days, spread
from visits.rules.plans import Wish, half_wished

ON_SITE, PHONE = "on_site", "phone"
Leaves = Mapping[int | None, Sequence[tuple[date, date]]]

_CUSTOMER = "s.last_visit_on, c.district, c.preferred_channel, c.preferred_time"
_JOINED = "JOIN accounts_customer c ON c.id = x.customer_id JOIN accounts_standing s ON s.customer_id = c.id"
# Owner, customer, source, row, kind of it, flag, day, due day, and what is known of the customer.
_SQL = f"""
SELECT x.manager_id, x.customer_id, 'd', x.id, x.purpose, x.is_introduction,
  CASE WHEN x.postponed_at IS NOT NULL AND x.suggested_on >= %(first)s THEN x.suggested_on END, x.due_on, {_CUSTOMER}
FROM visits_duty x {_JOINED}
WHERE x.manager_id = ANY(%(staff)s) AND x.state = 'open' AND x.suggested_on <= %(last)s AND x.due_on >= %(first)s
UNION ALL
SELECT x.staff_id, x.customer_id, 't', x.id, x.kind, false, x.due_on, x.due_on, {_CUSTOMER}
FROM accounts_task x {_JOINED}
WHERE x.staff_id = ANY(%(staff)s) AND x.state = 'open' AND x.due_on <= %(last)s AND c.manager_id = x.staff_id
UNION ALL
SELECT c.manager_id, c.id, 'b', NULL, '', false, visits_next_birthday(b.birthday, b.is_lunar, %(first)s), %(last)s,
  {_CUSTOMER}
FROM (
  SELECT p.customer_id, p.birthday, p.is_lunar_birthday AS is_lunar FROM accounts_personprofile p
  WHERE NOT p.is_lunar_birthday AND to_char(p.birthday, 'MMDD') = ANY(%(days)s)
    OR p.is_lunar_birthday AND visits_next_birthday(p.birthday, true, %(first)s) <= %(last)s
  UNION ALL
  SELECT p.customer_id, p.birthday, false FROM accounts_contactperson p
  WHERE p.is_active AND p.role = 'leader' AND to_char(p.birthday, 'MMDD') = ANY(%(days)s)
) b JOIN accounts_customer c ON c.id = b.customer_id JOIN accounts_standing s ON s.customer_id = c.id
WHERE c.manager_id = ANY(%(staff)s) AND c.state = 'active'
UNION ALL
SELECT c.manager_id, c.id, 'f', c.tier_id, '', false, s.opened_through + 1, NULL, {_CUSTOMER}
FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id
WHERE s.manager_id = ANY(%(staff)s) AND s.tier_rank <> 99 AND c.state = 'active'
  AND s.opened_through >= greatest(%(first)s - 1, %(today)s) AND s.opened_through < %(last)s
"""


@dataclass(frozen=True, slots=True)
class Week:
    """The days a draft is about; `first` is later than Monday when the week has begun already."""

    first: date
    last: date
    today: date
    calendar: Calendar
    leaves: Leaves
    catalogue: Catalogue


def wishes_of(staff_ids: Sequence[int], week: Week) -> dict[int, list[Wish]]:
    """Manager → what his week should hold, several wishes per customer still apart; one statement."""
    days = [week.first + timedelta(days=offset) for offset in range((week.last - week.first).days + 1)]
    known = [f"{day:%m%d}" for day in days]
    params: dict[str, Any] = {
        "staff": list(staff_ids),
        "first": week.first,
        "last": week.last,
        "today": week.today,
        # 29 February is kept on the 28th in common years.
        "days": [*known, "0229"] if "0228" in known else known,
    }
    found: dict[int, list[Wish]] = defaultdict(list)
    coming: dict[int, list[Sequence[Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        make = _maker(week)
        for row in cursor:
            if row[2] == "f":
                coming[row[0]].append(row)
            else:
                found[row[0]].append(make(row))
    for staff_id, wishes in _forecast(coming, week):
        found[staff_id] += wishes
    return found


def _maker(week: Week) -> Callable[[Sequence[Any]], Wish]:
    """Turns rows into wishes; what it looks up is looked up once."""
    channels = week.catalogue.channels
    on_site, phone = channels[ON_SITE].id, channels[PHONE].id
    by_preference = {code: row.id for code, row in channels.items() if row.is_active}
    slots = {row.id: row.slots for row in channels.values()}
    last = week.last

    def make(row: Sequence[Any]) -> Wish:
        _staff, customer_id, source, row_id, kind, is_introduction, on, due_on, seen_on, district, likes, at = row
        channel = by_preference.get(likes, phone) if kind != Purpose.FACE_TO_FACE else on_site
        half = half_of(at) if at else ""
        if source == "d":
            reason = _duty_reason(kind, is_introduction, due_on <= last)
            taken = FACE_TO_FACE_SLOTS if kind == Purpose.FACE_TO_FACE else slots[channel]
            return Wish(customer_id, reason, due_on, on, due_on, taken, district, half, seen_on, row_id, None, channel)
        if source == "t":
            reason = kind if kind in _TASKS else TaskKind.FOLLOW_UP.value
            return Wish(
                customer_id, reason, on, on, last, slots[channel], district, half, seen_on, None, row_id, channel
            )
        return Wish(customer_id, "birthday", on, on, last, slots[channel], district, half, seen_on, None, None, channel)

    return make


half_of = lru_cache(maxsize=4096)(half_wished)
_TASKS = frozenset(TaskKind.values) & frozenset(ItemReason.values)


def _duty_reason(purpose: str, is_introduction: bool, is_due: bool) -> str:
    if is_introduction:
        return "introduction"
    if purpose == Purpose.FACE_TO_FACE:
        return "face_to_face"
    return "due" if is_due else "suggested"


def _forecast(coming: Mapping[int, list[Sequence[Any]]], week: Week) -> Iterable[tuple[int, list[Wish]]]:
    """A period that begins inside the week: the same spread as `open_duties` will make, as far as the week goes."""
    if not coming:
        return
    rules: dict[int | None, list[TierRule]] = defaultdict(list)
    for rule in TierRule.objects.filter(purpose=Purpose.CONTACT):
        rules[rule.tier_id].append(rule)
    channels = week.catalogue.channels
    for staff_id, rows in coming.items():
        leaves = week.leaves.get(staff_id, ())
        groups: dict[tuple[date, date], list[Sequence[Any]]] = defaultdict(list)
        for row in rows:
            holds = tier_rule_on(rules[row[3]], row[6])
            if holds is not None and holds.period:
                groups[row[6], period_end(holds.period, row[6])].append(row)
        wishes: list[Wish] = []
        for (starts_on, due_on), group in groups.items():
            items = [Item(row[1], row[1], starts_on, due_on, row[8]) for row in group]
            placed = spread(items, free_days(week.calendar, starts_on, due_on, leaves))
            for row in group:
                day = placed[row[1]]
                if day <= week.last:
                    channel = channels.get(row[10]) or channels[PHONE]
                    wishes.append(
                        Wish(
                            row[1], "forecast", due_on, day, due_on, channel.slots, row[9],
                            half_of(row[11]) if row[11] else "", row[8], None, None, channel.id,
                        )
                    )  # fmt: skip
        yield staff_id, wishes
