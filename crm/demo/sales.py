"""Quotas and orders of the demo: handed down from the city to the managers, sold in the course of each month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Product
from accounts.rules import add_months
from crm.core.rules import Calendar
from crm.core.working_days import calendar_for
from crm.demo.bulk import copy_rows
from crm.demo.organisation import CITY, Member, Organisation
from crm.demo.portfolio import DemoCustomer
from sales.models import Quota, SalesOrder

# Line → activations and units of the product that a manager is asked for in a month.
ASKED: dict[str, tuple[int, int]] = {
    "vip": (24, 6), "group": (40, 12), "channel": (60, 15), "service_hall": (30, 8),
}  # fmt: skip
PRODUCT = "KD200"
QUOTA = ("metric", "product_id", "month", "unit_id", "staff_id", "target", "set_at")
ORDER = (
    "source", "external_id", "staff_id", "unit_id", "customer_id", "metric", "product_id", "quantity", "state",
    "ordered_on", "effective_on", "source_updated_at", "updated_at",
)  # fmt: skip
UNGIVEN = "D"
"""This branch has given on less than it was given: the page of quotas says so."""


class Sales:
    """Everybody's months, the running one as far as it has come, the next one given to the branches only."""

    def __init__(
        self, random: Random, organisation: Organisation, customers: Sequence[DemoCustomer], now: datetime
    ) -> None:
        self.random, self.organisation, self.now = random, organisation, now
        self.today = timezone.localdate(now)
        self.portfolios: dict[int, list[int]] = {}
        for customer in customers:
            if customer.manager is not None and customer.state == "active":
                self.portfolios.setdefault(customer.manager.id, []).append(customer.id)
        self.product_id = Product.objects.filter(code=PRODUCT).values_list("id", flat=True).first()
        self.quotas: list[Sequence[Any]] = []
        self.orders: list[Sequence[Any]] = []

    def live(self, *, live_from: date) -> None:
        """Month after month."""
        running = self.today.replace(day=1)
        days = calendar_for(live_from.year, self.today.year)
        month = add_months(running, -13) if live_from < add_months(running, -13) else live_from
        while month <= add_months(running, 1):
            for metric, product_id in (("activation", None), ("product", self.product_id)):
                if metric == "activation" or product_id is not None:
                    self._month(month, metric, product_id, days, is_running=month == running)
            month = add_months(month, 1)
        copy_rows(Quota, QUOTA, self.quotas)
        copy_rows(SalesOrder, ORDER, self.orders)

    def _month(self, month: date, metric: str, product_id: int | None, days: Calendar, *, is_running: bool) -> None:
        """The cascade, and what came of it."""
        set_at = timezone.make_aware(datetime.combine(month, time(9))) - timedelta(days=3)
        to_come = month > self.today
        sums: dict[str, int] = {}
        for member in self.organisation.managers:
            asked = self._asked(member, metric, month)
            for unit in dict.fromkeys((member.seat.unit[0], member.seat.unit)):
                sums[unit] = sums.get(unit, 0) + asked
            if not to_come:
                self._quota(metric, product_id, month, member.unit_id, member.id, asked, set_at)
                self._sell(member, asked, metric, product_id, month, days)
        if is_running:
            sums[UNGIVEN] = round(sums[UNGIVEN] * 1.125 / 5) * 5
        sums[CITY] = sum(total for unit, total in sums.items() if len(unit) == 1)
        for unit, total in sums.items():
            # The months to come are given to the branches; they give them on.
            if not to_come or len(unit) != 2:
                self._quota(metric, product_id, month, self.organisation.units[unit], None, total, set_at)

    def _quota(
        self, metric: str, product_id: int | None, month: date, unit_id: int, staff_id: int | None, target: int,
        set_at: datetime,
    ) -> None:  # fmt: skip
        self.quotas.append((metric, product_id, month, unit_id, staff_id, target, min(set_at, self.now)))

    def _asked(self, member: Member, metric: str, month: date) -> int:
        numbers, units = ASKED.get(member.seat.line, (20, 4))
        base = numbers if metric == "activation" else units
        # Recruiting months ask for more, the turn of the year for less.
        season = 1.25 if month.month in (3, 9) else 0.9 if month.month in (1, 2) else 1.0
        return max(2, round(base * season))

    def _sell(
        self, member: Member, asked: int, metric: str, product_id: int | None, month: date, days: Calendar
    ) -> None:
        """What one manager sells in a month: by his skill and his luck, on working days, some on its way."""
        last = add_months(month, 1) - timedelta(days=1)
        working = [day for day in days.days(month, last) if not member.is_away(day)]
        past = [day for day in working if day <= self.today]
        if not past:
            return
        luck = self.random.gauss(1.02, 0.13) * (0.55 + member.seat.skill / 2)
        left = round(max(0.25, luck) * asked * len(past) / len(working))
        while left > 0:
            quantity = min(left, self.random.choice((1, 1, 1, 2, 2, 3, 5) if metric == "activation" else (1, 1, 2)))
            left -= quantity
            self._order(member, metric, product_id, quantity, "effective", self.random.choice(past), month)
        for state in self._others(asked, is_running=last >= self.today):
            self._order(member, metric, product_id, self.random.choice((1, 1, 2)), state, past[-1], month)

    def _others(self, asked: int, *, is_running: bool) -> Iterator[str]:
        """Orders that do not count: on their way while the month runs, and a few that were called off."""
        if is_running:
            for _place in range(self.random.randrange(1, 2 + asked // 12)):
                yield self.random.choice(("promised", "confirmed", "confirmed"))
        if self.random.random() < 0.3:
            yield "cancelled"

    def _order(
        self, member: Member, metric: str, product_id: int | None, quantity: int, state: str, day: date, month: date
    ) -> None:
        ordered_on = max(month, day - timedelta(days=self.random.randrange(4))) if state == "effective" else day
        told_at = min(timezone.make_aware(datetime.combine(day, time(20))), self.now)
        portfolio = self.portfolios.get(member.id, [])
        customer_id = self.random.choice(portfolio) if portfolio and self.random.random() < 0.8 else None
        self.orders.append(
            (
                "boss", f"SO{month:%y%m}{len(self.orders):06d}", member.id, member.unit_id, customer_id, metric,
                product_id, quantity, state, ordered_on, day if state == "effective" else None, told_at, told_at,
            )
        )  # fmt: skip
