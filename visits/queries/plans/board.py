"""The week board, ready to show (screens 5): days × morning and afternoon, load against capacity, plan and actual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.queries import names
from crm.core import parameters, working_days
from crm.core.scope import Scope
from visits.choices import HalfDay
from visits.models import Plan
from visits.queries.catalogue import catalogue
from visits.queries.plans.cards import Card, card_of, day_words, tier_mark
from visits.queries.plans.levelling import leaves_between, proposed_moves
from visits.queries.plans.rows import (
    Actual,
    ItemRow,
    actual_of,
    due_outside,
    helped_items,
    plan_items,
    unplanned,
)

WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Half:
    """Morning or afternoon of a day."""

    code: str
    label: str
    cards: list[Card]


@dataclass(slots=True)
class Day:
    """One column: its cards and whether they fit."""

    on: date
    name: str
    date_text: str
    halves: list[Half]
    load: int
    capacity: int
    is_today: bool
    is_past: bool
    is_off: bool
    is_leave: bool

    @property
    def is_full(self) -> bool:
        """PLAN-2: more than the daily load."""
        return self.load > self.capacity

    @property
    def count(self) -> int:
        """Cards of the day."""
        return sum(len(half.cards) for half in self.halves)


@dataclass(frozen=True, slots=True)
class Outside:
    """A customer who is due and not in the plan."""

    customer_id: int
    name: str
    url: str
    tier: SafeString | str
    due: str
    latest: str


@dataclass(frozen=True, slots=True)
class Done:
    """A contact without an item."""

    name: str
    url: str
    text: str


@dataclass(slots=True)
class Board:
    """Everything the week shows."""

    days: list[Day]
    actual: Actual
    urls: dict[str, str]
    fits_text: str
    fits: bool
    outside: list[Outside] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    left_out: list[Card] = field(default_factory=list)
    helping: list[Card] = field(default_factory=list)
    moves: int = 0
    moves_text: str = ""


def board_of(scope: Scope, plan: Plan, *, today: date, can_edit: bool, viewer_id: int | None) -> Board:
    """One week; seven statements whatever its size."""
    last = plan.starts_on + timedelta(days=6)
    items = plan_items(scope, plan)
    leaves = leaves_between(plan.staff_id, plan.starts_on, last)
    outside = due_outside(scope, plan, today=today)
    loose = unplanned(scope, plan.staff_id, plan.starts_on, min(last, today))
    moves = proposed_moves(plan, today=today) if can_edit and last >= today else []
    days = _days(plan, items, leaves, today=today, can_edit=can_edit)
    open_slots = sum(item.slots for item in items if item.state == "planned" and item.planned_on >= today)
    open_slots += sum(row.slots for row in outside)
    room = sum(day.capacity for day in days if not day.is_past)
    return Board(
        days=days,
        actual=actual_of(items, loose[0].total if loose else 0),
        urls=_urls(plan),
        fits=open_slots <= room,
        fits_text=_("%(slots)d to place, %(room)d possible") % {"slots": open_slots, "room": room},
        outside=[_outside(row, last) for row in outside],
        done=[_done(row) for row in loose],
        left_out=[card_of(item, today, can_edit=can_edit) for item in items if item.leave_out_reason],
        helping=_helping(scope, viewer_id, plan, today),
        moves=len(moves),
        moves_text=_moves_text(len(moves)),
    )


def _days(
    plan: Plan, items: Sequence[ItemRow], leaves: Sequence[tuple[date, date]], *, today: date, can_edit: bool
) -> list[Day]:
    """Working days always, free days when something is on them."""
    calendar, slots = working_days.calendar(), int(parameters.value("day_slots", plan.starts_on))
    found = []
    for offset in range(7):
        on = plan.starts_on + timedelta(days=offset)
        here = [item for item in items if item.planned_on == on and item.counts]
        is_off = not calendar.is_working(on)
        if is_off and not here:
            continue
        is_leave = any(start <= on <= end for start, end in leaves)
        halves = [
            Half(code, str(label), [card_of(item, today, can_edit=can_edit) for item in here if item.half == code])
            for code, label in HalfDay.choices
        ]
        found.append(
            Day(
                on, date_format(on, "D"), date_format(on, "MONTH_DAY_FORMAT"), halves, sum(item.slots for item in here),
                0 if is_off or is_leave else slots, on == today, on < today, is_off, is_leave,
            )
        )  # fmt: skip
    return found


def _helping(scope: Scope, viewer_id: int | None, plan: Plan, today: date) -> list[Card]:
    """Only on one's own page."""
    if viewer_id != plan.staff_id:
        return []
    rows = helped_items(scope, plan.staff_id, plan.starts_on, plan.starts_on + timedelta(days=6))
    return [card_of(row, today, can_edit=False) for row in rows]


def _outside(row: Any, last: date) -> Outside:
    return Outside(
        row.customer_id, row.name, f"/customers/{row.customer_id}/", tier_mark(row.tier_id),
        _("due on %(day)s") % {"day": day_words(row.due_on)}, min(row.due_on, last).isoformat(),
    )  # fmt: skip


def _done(row: Any) -> Done:
    channel = catalogue().channels_by_id.get(row.channel_id)
    text = " · ".join(part for part in (day_words(row.occurred_on), channel.label if channel else "") if part)
    return Done(row.name or _("handed over"), f"/visits/{row.visit_id}/" if row.name else "", text)


def _moves_text(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)d item falls on leave, a free day or a day too full.",
        "%(n)d items fall on leave, a free day or a day too full.",
        count,
    ) % {"n": count}


def _urls(plan: Plan) -> dict[str, str]:
    """Where the rows behind each number are."""
    last = plan.starts_on + timedelta(days=6)
    asked = {"staff": plan.staff_id, "from": plan.starts_on.isoformat(), "to": last.isoformat()}
    base = reverse("visits:plan_item_list")
    return {
        state: f"{base}?{urlencode({**asked, 'state': state})}"
        for state in ("planned", "on_day", "shifted", "missed", "open", "unplanned")
    }


def owner_words(plan: Plan) -> str:
    """Whose plan it is."""
    return names.staff_name(plan.staff_id)
