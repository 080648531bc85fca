"""Billing of the demo: what customers have, thirteen months of usage and bills, surveys and suggestion reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState, MemberState
from accounts.models import Customer, GroupMember, Product
from accounts.rules import add_months
from crm.demo.bulk import copy_rows, reserve_ids
from crm.demo.leavers import ARREARS, USAGE, Leaver, leavers
from crm.demo.portfolio import DemoCustomer
from sales.models import Bill, MemberUse, Subscription, SurveyNote, UsageAdvice, UsageMonth

MONTHS = 13
"""So that the newest month has the same month of last year beside it."""
SOURCE = "boss"
SEED = 20261109
DUE_DAY = 15
MEMBER_MONTHS = 3
LATE_SHARE = 0.012
# Product → share of the groups that have it, months before the first one in which it began at most.
OF_GROUPS: dict[str, float] = {
    "VPMN": 0.72, "SHORTSMS": 0.5, "GRBT": 0.38, "LEASED": 0.24, "HANDSET": 0.12, "DEPOSIT": 0.14, "SCHOOL": 0.05,
    "MARS": 0.04,
}  # fmt: skip
OF_PERSONS: dict[str, float] = {"PARENT": 0.03}
# Product → its part of the group's revenue, uses for a yuan of it.
WORTH: dict[str, tuple[float, float]] = {
    "VPMN": (0.14, 22.0), "SHORTSMS": (0.03, 30.0), "GRBT": (0.03, 9.0), "LEASED": (0.34, 0.9), "HANDSET": (0.1, 0.002),
    "DEPOSIT": (0.06, 1.0), "SCHOOL": (0.05, 12.0), "MARS": (0.02, 4.0), "PARENT": (0.2, 3.0),
}  # fmt: skip
USAGE_COLUMNS = (
    "customer_id", "product_id", "month", "revenue", "voice_minutes", "data_mb", "messages", "volume", "active_members",
    "active_lines", "balance", "source", "source_updated_at", "updated_at",
)  # fmt: skip
BILL_COLUMNS = (
    "customer_id", "month", "amount", "due_on", "paid_amount", "paid_on", "source", "source_updated_at", "updated_at",
)  # fmt: skip
SUBSCRIPTION_COLUMNS = (
    "id", "customer_id", "product_id", "quantity", "attributes", "consent_note", "started_on", "ended_on", "source",
    "external_id", "source_updated_at", "updated_at",
)  # fmt: skip
FOUND = (
    ("成员都在用，行政希望账单按部门拆分。", 4),
    ("新员工入网不会用短号，建议上门讲一次。", 3),
    ("专线稳定，周末割接要提前通知。", 5),
    ("铃音想换成年会主题，已记需求。", 4),
    ("短信用得少，改用企业微信通知。", 2),
)
ADVICE = (
    "原因：部分成员改用对方网络的套餐，本网通话减少。建议：与采购沟通统一办公号码方案，本月内上门一次，附资费对比表。",
    "原因：合约即将到期，客户在比价。建议：提前给出续约优惠，由我和政企经理共同拜访。",
    "原因：流量包用完后限速，客户转用Wi-Fi。建议：改签更高档流量套餐，首月赠送体验。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription while the demo is being made."""

    id: int
    customer_id: int
    product_id: int
    code: str
    quantity: int
    started_on: date


class Billing:
    """Everybody's months, from a spend that breathes; whose use falls says the list of leavers."""

    def __init__(self, customers: Sequence[DemoCustomer], now: datetime) -> None:
        # Its own chance: what others draw stays what it was.
        self.random, self.customers, self.now = Random(SEED), customers, now  # noqa: S311 - a demo, not a secret
        self.today = timezone.localdate(now)
        self.running = self.today.replace(day=1)
        self.months = [add_months(self.running, -back) for back in range(MONTHS, 0, -1)]
        self.products = dict(Product.objects.values_list("code", "id"))
        known = Customer.unscoped.values_list("id", "monthly_spend", "exited_on")
        self.facts: dict[int, tuple[Decimal | None, date | None]] = {pk: (spend, out) for pk, spend, out in known}
        self.members: dict[int, list[int]] = {}
        active = GroupMember.unscoped.filter(state=MemberState.ACTIVE)
        for member_id, customer_id in active.values_list("id", "customer_id"):
            self.members.setdefault(customer_id, []).append(member_id)
        self.leavers: dict[int, Leaver] = {one.customer.id: one for one in leavers(customers)}
        self.usage: list[Sequence[Any]] = []
        self.bills: list[Sequence[Any]] = []
        self.held: dict[int, list[Held]] = {}

    def live(self) -> None:
        """Subscriptions first: what is used follows from what one has."""
        self._subscribe()
        for customer in self.customers:
            spend, out = self.facts.get(customer.id, (None, None))
            if spend and customer.state != CustomerState.PROSPECT and customer.kind != CustomerKind.CHANNEL:
                self._live(customer, float(spend), out)
        copy_rows(UsageMonth, USAGE_COLUMNS, self.usage)
        copy_rows(Bill, BILL_COLUMNS, self.bills)
        self._uses()
        self._talk()

    # --- What they have

    def _subscribe(self) -> None:
        wanted = list(self._wanted())
        ids = reserve_ids(Subscription, len(wanted))
        rows = []
        for pk, (customer, code, quantity) in zip(ids, wanted, strict=True):
            began = max(customer.joined_on, self.months[0] - timedelta(days=self.random.randint(-200, 900)))
            product_id = self.products[code]
            self.held.setdefault(customer.id, []).append(Held(pk, customer.id, product_id, code, quantity, began))
            out = self.facts[customer.id][1]
            consent = "家长书面同意，原件在营业厅存档" if code == "PARENT" else ""
            rows.append(
                (
                    pk, customer.id, product_id, quantity, self._attributes(code), consent, began,
                    out if out and out > began else None, SOURCE, f"SUB{pk:07d}", self.now, self.now,
                )
            )  # fmt: skip
        copy_rows(Subscription, SUBSCRIPTION_COLUMNS, rows)

    def _wanted(self) -> Iterator[tuple[DemoCustomer, str, int]]:
        random = self.random
        for customer in self.customers:
            if customer.state == CustomerState.PROSPECT:
                continue
            group = customer.kind == CustomerKind.GROUP
            shares = OF_GROUPS if group else OF_PERSONS if customer.kind == CustomerKind.VIP else {}
            for code, share in shares.items():
                if code in self.products and random.random() < share:
                    many = random.choice((5, 8, 12, 20, 35, 60)) if group and code != "LEASED" else 1
                    # Whose members are known one by one has it for those.
                    yield customer, code, len(self.members.get(customer.id, ())) or many if code == "SHORTSMS" else many

    def _attributes(self, code: str) -> str:
        if code == "LEASED":
            return f'{{"bandwidth": {self.random.choice((20, 50, 100, 200))}}}'
        if code == "DEPOSIT":
            return f'{{"deposit": {self.random.choice((1000, 2000, 5000))}, "bonus": 600}}'
        if code == "PARENT":
            numbers = ", ".join(f'"1540{self.random.randrange(10_000_000):07d}"' for _place in range(3))
            return f'{{"callable_numbers": [{numbers}], "locatable": true}}'
        return "{}"

    # --- How they use it

    def _live(self, customer: DemoCustomer, spend: float, out: date | None) -> None:
        random, leaver = self.random, self.leavers.get(customer.id)
        trend = random.gauss(1.0, 0.006)
        voice, data = random.uniform(2.0, 9.0), random.uniform(20, 110)
        lines = 1 if customer.is_person else max(1, len(self.members.get(customer.id, ())) or round(spend / 90))
        is_late = (leaver is not None and leaver.shows(ARREARS)) or random.random() < LATE_SHARE
        for place, month in enumerate(self.months):
            if out is not None and month >= out.replace(day=1):
                break
            if month < customer.joined_on.replace(day=1):
                continue
            level = trend ** (place - MONTHS + 1) * random.gauss(1.0, 0.05) * self._season(month)
            level *= self._fall(leaver, place) * self._farewell(out, month)
            told = self._told(month)
            revenue = Decimal(max(500, int(spend * level * 100))) / 100
            use = max(level, 0.02)
            self.usage.append(
                (
                    customer.id, None, month, revenue, int(spend * voice * use * random.uniform(0.9, 1.1)),
                    int(spend * data * use * random.uniform(0.85, 1.15)), int(spend * 0.6 * use), None, None,
                    max(1, round(lines * min(1.0, 0.5 + use / 2))), Decimal(random.randint(-500, 30_000)) / 100,
                    SOURCE, told, told,
                )
            )  # fmt: skip
            self._bill(customer, month, revenue, told, is_late=is_late and place >= MONTHS - 2)
            for held in self.held.get(customer.id, ()):
                if held.started_on < add_months(month, 1):
                    self._use_product(held, month, spend, level, told)

    def _season(self, month: date) -> float:
        return 0.93 if month.month == 2 else 1.04 if month.month in (9, 10) else 1.0

    def _fall(self, leaver: Leaver | None, place: int) -> float:
        """From full use down to what is left, over the months of the story."""
        if leaver is None or not leaver.shows(USAGE):
            return 1.0
        gone = max(0, place - (MONTHS - 1 - leaver.months))
        return 1.0 - (1.0 - leaver.left) * gone / leaver.months

    def _farewell(self, out: date | None, month: date) -> float:
        """Who left used less and less in his last three months."""
        if out is None:
            return 1.0
        left = (out.year - month.year) * 12 + out.month - month.month
        return {1: 0.4, 2: 0.6, 3: 0.8}.get(left, 1.0)

    def _told(self, month: date) -> datetime:
        day = add_months(month, 1) + timedelta(days=2)
        return min(timezone.make_aware(datetime.combine(day, time(4, 30))), self.now)

    def _bill(self, customer: DemoCustomer, month: date, amount: Decimal, told: datetime, *, is_late: bool) -> None:
        due = add_months(month, 1).replace(day=DUE_DAY)
        paid = due - timedelta(days=self.random.randint(0, 9))
        is_open = is_late or paid > self.today
        self.bills.append(
            (customer.id, month, amount, due, Decimal(0) if is_open else amount, None if is_open else paid, SOURCE,
             told, told)
        )  # fmt: skip

    def _use_product(self, held: Held, month: date, spend: float, level: float, told: datetime) -> None:
        part, uses = WORTH[held.code]
        money = spend * part * level * self.random.uniform(0.92, 1.08)
        members = min(held.quantity, max(1, round(held.quantity * min(1.0, level * self.random.uniform(0.7, 0.98)))))
        self.usage.append(
            (
                held.customer_id, held.product_id, month, Decimal(int(money * 100)) / 100, None, None, None,
                Decimal(int(money * uses * 100)) / 100, members if held.quantity > 1 else None, None, None, SOURCE,
                told, told,
            )
        )  # fmt: skip

    def _uses(self) -> None:
        """SAL-6: short-number SMS of each member in the last months."""
        rows = []
        for customer_id, held in self.held.items():
            for one in held:
                if one.code != "SHORTSMS":
                    continue
                for member_id in self.members.get(customer_id, ()):
                    for month in self.months[-MEMBER_MONTHS:]:
                        uses = self.random.choice((0, 1, 2, 3, 3, 4, 6, 9, 14))
                        rows.append((member_id, one.product_id, month, uses, self._told(month)))
        copy_rows(MemberUse, ("member_id", "product_id", "month", "uses", "updated_at"), rows)

    # --- What their managers found

    def _talk(self) -> None:
        """A few surveys and suggestion reports of each manager."""
        surveys, advice = [], []
        for customer in self.customers:
            if (
                customer.manager is None
                or customer.state != CustomerState.ACTIVE
                or customer.kind == CustomerKind.CHANNEL
            ):
                continue
            leaver, by = self.leavers.get(customer.id), customer.manager.user_id
            for held in self.held.get(customer.id, ()):
                if self.random.random() < 0.05:
                    text, score = self.random.choice(FOUND)
                    on = self.today - timedelta(days=self.random.randint(3, 120))
                    surveys.append((held.id, text, score, on, by, self._at(on)))
            if leaver is not None and leaver.shows(USAGE) and self.random.random() < 0.3:
                on = min(self.today, self.running + timedelta(days=self.random.randint(3, 15)))
                advice.append((customer.id, self.months[-1], self.random.choice(ADVICE), by, self._at(on)))
        copy_rows(SurveyNote, ("subscription_id", "text", "satisfaction", "on", "by_id", "at"), surveys)
        copy_rows(UsageAdvice, ("customer_id", "month", "text", "by_id", "at"), advice)

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, time(15, 20))), self.now)
