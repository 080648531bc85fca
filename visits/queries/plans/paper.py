"""客户访问日程表 on paper (PLT-9): the week as a form, days down, what is planned and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from crm.core.scope import Scope
from visits.models import Plan
from visits.queries.plans.cards import Card, card_of, day_words
from visits.queries.plans.rows import plan_items
from visits.rules.plans import period_last


@dataclass(frozen=True, slots=True)
class PaperDay:
    """One day with its lines."""

    words: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Paper:
    """The form."""

    time: str
    focus: str
    accepted: str
    days: list[PaperDay]


def plan_paper(scope: Scope, plan: Plan) -> Paper:
    """Every day of the period that has something in it, and the empty working days of a week."""
    items = [item for item in plan_items(scope, plan) if item.counts and item.customer_id is not None]
    last = period_last(plan.period, plan.starts_on)
    days = []
    for offset in range((last - plan.starts_on).days + 1):
        on = plan.starts_on + timedelta(days=offset)
        here = [card_of(item, date.min, can_edit=False) for item in items if item.planned_on == on]
        if here or (plan.period == "week" and offset < 5):
            days.append(PaperDay(day_words(on), here))
    return Paper(
        f"{date_format(plan.starts_on, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}", plan.focus,
        date_format(plan.accepted_at, "DATE_FORMAT") if plan.accepted_at else "", days,
    )  # fmt: skip
