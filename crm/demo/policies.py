"""Service policies of the demo: nearly every VIP enjoys one, some end soon, some were never used; values judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState
from accounts.models import ValueAssessment
from accounts.queries.value import months_on, scale_on
from accounts.rules.periods import add_months
from accounts.rules.value import class_of, score
from crm.demo.bulk import copy_rows
from crm.demo.organisation import Member
from crm.demo.portfolio import DemoCustomer
from engagement.models import PolicyEnrolment, ServicePolicy
from engagement.sweeps import tell_of_policies

SEED = 20261122
COVERED = {"diamond": 0.99, "gold": 0.975, "silver": 0.955}
"""Tier → the share that enjoys a service policy."""
FIRST = {"diamond": "roaming_service", "gold": "guaranteed_handling", "silver": "bill_service"}
SECOND = {"diamond": "guaranteed_handling", "gold": "credit_service", "silver": "credit_service"}
FORMER = "bill_service"
ENROLMENT = (
    "customer_id", "policy_id", "starts_on", "ends_on", "used_on", "note", "enrolled_by_id", "enrolled_at",
)  # fmt: skip
VALUE = (
    "customer_id", "assessed_on", "volume", "growth", "potential", "weights", "score", "value_class", "note",
    "is_current", "by_id", "at",
)  # fmt: skip
VOLUME = {"diamond": 5, "gold": 4, "silver": 2, "level1": 5, "level2": 4, "level3": 3, "level4": 2, "level5": 1}
JUDGED = 0.9
REASONS = (
    "用量平稳，续约意向明确。", "新开两个门店，需要专线和号码。", "预算收紧，暂无新增计划。", "负责人看好物联网应用。",
    "主叫量逐月上升。", "",
)  # fmt: skip


class Policies:
    """What everybody enjoys, and what he is worth; drawn from its own chance."""

    def __init__(self, customers: Sequence[DemoCustomer], now: datetime) -> None:
        self.random = Random(SEED)  # noqa: S311 - a demo, not a secret
        self.now, self.today = now, timezone.localdate(now)
        self.ids = dict(ServicePolicy.objects.values_list("code", "id"))
        self.staying = [one for one in customers if one.manager is not None and one.state == CustomerState.ACTIVE]

    def live(self) -> None:
        """Enrolments, judgements, and what the night tells of them."""
        vips = [one for one in self.staying if one.kind == CustomerKind.VIP]
        copy_rows(PolicyEnrolment, ENROLMENT, [row for one in vips for row in self._enjoys(one)])
        judged = [one for one in self.staying if one.kind in (CustomerKind.VIP, CustomerKind.GROUP)]
        copy_rows(ValueAssessment, VALUE, [row for one in judged for row in self._worth(one)])
        tell_of_policies(today=self.today, now=self.now)

    def _enjoys(self, customer: DemoCustomer) -> Iterator[tuple[Any, ...]]:
        random = self.random
        by = self._by(customer).user_id
        began = max(customer.joined_on, self.today - timedelta(days=random.randint(40, 700)))
        if random.random() >= COVERED[customer.tier]:
            # He had one, and nobody has renewed it.
            ended = self.today - timedelta(days=random.randint(1, 50))
            if began < ended:
                yield self._row(customer, FORMER, began, ended, by)
            return
        ends = random.random()
        until = None if ends < 0.55 else self.today + timedelta(days=random.randint(1, 28) if ends > 0.95 else 200)
        yield self._row(customer, FIRST[customer.tier], began, until, by)
        if random.random() < 0.35:
            yield self._row(customer, SECOND[customer.tier], began, None, by)

    def _row(self, customer: DemoCustomer, code: str, began: date, until: date | None, by: int) -> tuple[Any, ...]:
        last = min(until or self.today, self.today)
        days = (last - began).days
        used = began + timedelta(days=self.random.randint(0, days)) if days and self.random.random() < 0.7 else None
        return (customer.id, self.ids[code], began, until, used, "", by, self._at(began))

    def _worth(self, customer: DemoCustomer) -> Iterator[tuple[Any, ...]]:
        """Judged every quarter since a year; one in ten never was, some are due."""
        random = self.random
        if random.random() >= JUDGED:
            return
        months = months_on(self.today)
        last = self.today - timedelta(
            days=random.randint(0, 80) if random.random() < 0.85 else random.randint(100, 160)
        )
        growth, potential = random.choice((2, 3, 3, 4)), random.choice((2, 3, 3, 4, 5))
        for place in range(random.randint(1, 4)):
            on = add_months(last, -months * place)
            if on < customer.joined_on:
                return
            growth, potential = max(1, growth - place // 2), max(1, potential - random.choice((0, 0, 1)))
            factors = (VOLUME[customer.tier], growth, potential)
            scale = scale_on(on)
            result = score(factors, scale.weights)
            yield (
                customer.id, on, *factors, _json(scale.weights), result, class_of(result, scale).value,
                random.choice(REASONS), place == 0, self._by(customer).user_id, self._at(on),
            )  # fmt: skip

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, time(10, 30))), self.now)

    @staticmethod
    def _by(customer: DemoCustomer) -> Member:
        if customer.manager is None:
            raise ValueError(customer.id)
        return customer.manager


def _json(weights: Sequence[int]) -> str:
    return f"[{', '.join(map(str, weights))}]"
