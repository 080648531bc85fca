"""The week plan (PLAN-1, 2, 6, 7): what a draft holds, on which half-day, and what moves when days fall out.

Days are given by the one model of the pace (`visits.rules.pace`): promises and birthdays on their day, everything else
level over the days left, one district after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crm.core.rules import Calendar
from visits.rules.pace import Item, birthday_place, free_days, level

FRIDAY = 4
NOON = 12
MORNING, AFTERNOON = "am", "pm"
RANK = (
    "call_back", "follow_up", "assigned", "introduction", "birthday", "care", "face_to_face", "due", "suggested",
    "forecast", "target", "again", "own",
)  # fmt: skip
"""Of several reasons the first one is shown; each promise keeps its day."""
_ORDER = {reason: place for place, reason in enumerate(RANK)}
_MORNING_WORDS = ("上午", "早上", "早晨", "早", "morning")
_NOT_WORDS = ("不", "勿", "免", "别", "not ", "no ")
_AFTERNOON_WORDS = ("下午", "傍晚", "晚上", "晚", "afternoon", "evening")


def period_start(period: str, day: date) -> date:
    """The first day of the week, month or year of a day."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)


def period_last(period: str, starts_on: date) -> date:
    """The last day of the period that starts on this day."""
    if period == "week":
        return starts_on + timedelta(days=6)
    if period == "month":
        return (starts_on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return starts_on.replace(month=12, day=31)


def neighbour(period: str, starts_on: date, step: int) -> date:
    """The period before (-1) or after (1)."""
    inside = period_last(period, starts_on) + timedelta(days=1) if step > 0 else starts_on - timedelta(days=1)
    return period_start(period, inside)


def weeks_to_draft(moment: datetime) -> list[date]:
    """PLAN-6: the running week when it has no plan yet, and from Friday noon the next one."""
    monday = period_start("week", moment.date())
    is_time = moment.weekday() > FRIDAY or (moment.weekday() == FRIDAY and moment.hour >= NOON)
    return [monday, monday + timedelta(days=7)] if is_time else [monday]


def is_late(accepted_on: date | None, starts_on: date, drafted_on: date = date.min) -> bool:
    """PLAN-6, D4: handed in after Sunday 23:59, or after the day of a later draft. An untouched draft is never late."""
    return accepted_on is not None and accepted_on >= starts_on and accepted_on > drafted_on


@dataclass(frozen=True, slots=True)
class Wish:
    """One customer to be put into a week. `fixed_on`: promised or born on that day; `last`: no later than this."""

    customer_id: int
    reason: str
    reason_on: date | None = None
    fixed_on: date | None = None
    last: date = date.max
    slots: int = 1
    district: str = ""
    half: str = ""
    last_visit_on: date | None = None
    duty_id: int | None = None
    task_id: int | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A wish with its place in the week."""

    wish: Wish
    on: date
    half: str
    position: int


def half_wished(preferred_time: str) -> str:
    """CON-14: morning or afternoon, from how the customer's preferred time is written; empty when it says neither.

    >>> half_wished("工作日下午3点后")
    'pm'
    """
    text = preferred_time.lower()
    if any(word in text for word in _NOT_WORDS):
        return ""
    has_morning = any(word in text for word in _MORNING_WORDS)
    has_afternoon = any(word in text for word in _AFTERNOON_WORDS)
    if has_morning == has_afternoon:
        return ""
    return MORNING if has_morning else AFTERNOON


def merge(wishes: Iterable[Wish]) -> list[Wish]:
    """One contact per customer does everything: the first promise gives the day, the strongest reason the word."""
    found: dict[int, Wish] = {}
    for wish in wishes:
        known = found.get(wish.customer_id)
        found[wish.customer_id] = wish if known is None else _both(known, wish)
    return list(found.values())


def _both(one: Wish, other: Wish) -> Wish:
    first, second = (one, other) if _ORDER[one.reason] <= _ORDER[other.reason] else (other, one)
    fixed = [day for day in (one.fixed_on, other.fixed_on) if day is not None]
    face = one if one.slots >= other.slots else other
    return replace(
        first,
        fixed_on=min(fixed, default=None),
        last=min(one.last, other.last),
        slots=face.slots,
        channel_id=face.channel_id,
        duty_id=first.duty_id or second.duty_id,
        task_id=first.task_id or second.task_id,
    )


def arrange(
    wishes: Sequence[Wish],
    *,
    monday: date,
    calendar: Calendar,
    leaves: Sequence[tuple[date, date]] = (),
    last: date | None = None,
) -> list[Placed]:
    """PLAN-6: the draft of one manager's week (or of what is left of it), level by capacity and leave."""
    sunday = last or monday + timedelta(days=6)
    days = free_days(calendar, monday, sunday, leaves)
    loads: dict[date, int] = defaultdict(int)
    chosen: dict[int, date] = {}
    free: list[Item] = []
    for place, wish in enumerate(wishes):
        if wish.fixed_on is not None:
            day = birthday_place(min(max(wish.fixed_on, monday), sunday), days)
            chosen[place] = day
            loads[day] += wish.slots
        else:
            last = min(max(wish.last, days[0]), sunday)
            free.append(
                Item(place, wish.customer_id, monday, last, wish.last_visit_on, None, wish.slots, wish.district)
            )
    chosen |= level(free, loads, calendar=calendar, today=monday, leaves=leaves)
    by_day: dict[date, list[Wish]] = defaultdict(list)
    for place, wish in enumerate(wishes):
        by_day[chosen[place]].append(wish)
    return [placed for day in sorted(by_day) for placed in _day(day, by_day[day])]


def _day(day: date, wishes: list[Wish]) -> list[Placed]:
    """Morning and afternoon of a day: who likes one of them gets it, the others fill the emptier half."""
    halves: dict[str, list[Wish]] = {MORNING: [], AFTERNOON: []}
    taken = {MORNING: 0, AFTERNOON: 0}
    ordered = sorted(
        wishes, key=lambda wish: (wish.half == "", _ORDER[wish.reason] > 1, wish.district, wish.customer_id)
    )
    whole = sum(wish.slots for wish in wishes)
    for wish in ordered:
        half = wish.half or (MORNING if 2 * taken[MORNING] < whole else AFTERNOON)
        halves[half].append(wish)
        taken[half] += wish.slots
    return [Placed(wish, day, half, position) for half, here in halves.items() for position, wish in enumerate(here, 1)]


@dataclass(frozen=True, slots=True)
class Standing:
    """An item that is in the plan already, for levelling. `is_fixed`: a promise, which moves only off a lost day."""

    id: int
    customer_id: int
    on: date
    last: date
    slots: int = 1
    district: str = ""
    is_fixed: bool = False


def relevel(
    items: Sequence[Standing],
    *,
    monday: date,
    today: date,
    calendar: Calendar,
    leaves: Sequence[tuple[date, date]] = (),
    day_slots: int,
) -> dict[int, date]:
    """What moves when days fall out (leave, a holiday) or are too full, and where to; everything else stays."""
    sunday = monday + timedelta(days=6)
    first = max(monday, today)
    if first > sunday:
        return {}
    days = free_days(calendar, first, sunday, leaves)
    by_day: dict[date, list[Standing]] = defaultdict(list)
    for item in items:
        by_day[item.on].append(item)
    room = day_slots * len(days) >= sum(item.slots for item in items)
    movers: list[Standing] = []
    loads: dict[date, int] = defaultdict(int)
    for day, here in by_day.items():
        leaving = list(here) if day not in days else _too_many(here, day_slots) if room else []
        movers += leaving
        loads[day] = sum(item.slots for item in here) - sum(item.slots for item in leaving)
    where = {item.id: item.on for item in movers}
    wanted = [
        Item(
            item.id,
            item.customer_id,
            first,
            min(max(item.last, days[0]), sunday),
            None,
            None,
            item.slots,
            item.district,
        )
        for item in movers
    ]
    placed = level(wanted, loads, calendar=calendar, today=first, leaves=leaves)
    return {item_id: day for item_id, day in placed.items() if day != where[item_id]}


def _too_many(here: Sequence[Standing], day_slots: int) -> list[Standing]:
    """Of a day that is too full, those with the most time left; promises stay."""
    over = sum(item.slots for item in here) - day_slots
    leaving: list[Standing] = []
    for item in sorted(here, key=lambda item: (item.last, item.id), reverse=True):
        if over <= 0:
            break
        if not item.is_fixed:
            leaving.append(item)
            over -= item.slots
    return leaving


def unreasoned(due_customer_ids: Iterable[int], planned: Iterable[int], excused: Mapping[int, str]) -> list[int]:
    """PLAN-2: customers due in the period who are neither in the plan nor left out with a reason."""
    there = set(planned)
    return [
        customer_id for customer_id in due_customer_ids if customer_id not in there and not excused.get(customer_id)
    ]
