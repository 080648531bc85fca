"""Money of the demo: who paid late, who still owes and was asked, limits asked for, guarantees at every step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import connection
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Customer
from accounts.queries.spans import Span
from crm.core.models import User
from crm.demo.billing import SOURCE
from crm.demo.deeds import acting
from crm.demo.leavers import ARREARS, leavers
from crm.demo.organisation import Member, Organisation
from crm.demo.portfolio import DemoCustomer
from sales.actions.credit import decide_credit, request_credit
from sales.actions.dunning import follow_all
from sales.actions.guarantees import (
    decide_guarantee,
    follow_papers,
    hand_in_papers,
    release_guarantee,
    request_guarantee,
    start_guarantee,
)
from sales.actions.settling import settle_bills
from sales.models import DunningAction, DunningCase, Guarantee, Payment

SEED = 20261113
LOOKS = (36, 24, 12, 4)
"""Days ago on which managers went through their unpaid bills."""
TOLD = {
    "promised": ("说月底发工资就交。", "财务在走付款流程，答应这周打款。", "出差回来就去营业厅交。"),
    "says_paid": ("说已经在手机上交了，答应查一下。",),
    "disputed": ("对流量费有疑问，要求核对详单。",),
    "not_reached": ("电话无人接听，改天再打。", "提示关机。"),
    "told": ("已告知欠费金额和缴费方式。", "已告知，客户表示会处理。"),
    "refused": ("说服务没做好，不愿意交。",),
}
ODDS = (("promised", 40), ("told", 24), ("not_reached", 18), ("says_paid", 8), ("disputed", 7), ("refused", 3))
BY_STAGE = {1: ("message", "call"), 2: ("call",), 3: ("visit", "call"), 4: ("visit", "letter")}
BUSINESS = (
    ("新开五条线路", "营业执照在换证，本月内补齐", "营业执照、介绍信", 3000),
    ("补办副卡三张", "机主出差，证件下周带回", "机主身份证原件", 600),
    ("开通国际漫游", "客户今晚出国，押金来不及交", "押金单、身份证复印件", 2000),
    ("集团号码过户", "公章在外地盖合同", "过户申请书(盖章)", 1500),
    ("专线先行开通", "合同在客户法务审核", "双方盖章合同", 8000),
)
REASONS = ("新增专线，月费提高", "促销月用量大，信用一直良好", "总部统一付款，账期改为六十天", "国际漫游费用高，怕停机")
# A bill in forty was paid late, by up to five weeks; dunning has closed with it.
_LATE = """
UPDATE sales_bill SET paid_on = due_on + 2 + (id %% 34)::int
WHERE id %% 41 = 7 AND paid_on IS NOT NULL AND amount > 0 AND due_on + 36 < %(today)s
"""
# Who is no leaver forgot one bill only: the older one was paid in the end.
_FORGOT = """
UPDATE sales_bill SET paid_on = due_on + 3 + (id %% 26)::int, paid_amount = amount
WHERE paid_on IS NULL AND due_on + 29 < %(today)s AND NOT customer_id = ANY(%(leavers)s)
"""
_CLOSED = """
INSERT INTO sales_dunningcase (customer_id, bill_id, stage, state, opened_on, stage_on, closed_on)
SELECT customer_id, id, x.stage, 'paid', due_on + 1, due_on + CASE x.stage WHEN 1 THEN 1 WHEN 2 THEN 7 WHEN 3 THEN 15
  ELSE 30 END, paid_on
FROM sales_bill, LATERAL (SELECT CASE WHEN paid_on - due_on >= 30 THEN 4 WHEN paid_on - due_on >= 15 THEN 3
  WHEN paid_on - due_on >= 7 THEN 2 ELSE 1 END AS stage) x
WHERE paid_on > due_on ORDER BY id
"""
# Some pay in parts: of what is open two fifths, of what was paid late first a half.
_PARTS = """
INSERT INTO sales_payment (customer_id, bill_id, amount, paid_on, source, external_id, updated_at)
SELECT b.customer_id, b.id, p.amount, p.paid_on, %(source)s, 'PAY' || lpad(b.id::text, 8, '0') || p.part, %(now)s
FROM sales_bill b CROSS JOIN LATERAL (
  SELECT 'A' AS part, round(b.amount * 0.4, 2) AS amount, least(b.due_on - 2, %(today)s) AS paid_on
  WHERE b.paid_on IS NULL AND b.id %% 9 = 2 AND b.amount > 1
  UNION ALL SELECT 'A', round(b.amount / 2, 2), b.due_on + 1 WHERE b.paid_on > b.due_on AND b.id %% 3 = 0
  UNION ALL SELECT 'B', b.amount - round(b.amount / 2, 2), b.paid_on WHERE b.paid_on > b.due_on AND b.id %% 3 = 0
) p ORDER BY b.id, p.part
"""
_DEBTORS = """
SELECT d.customer_id, s.user_id, max(d.stage), sum(b.amount - b.paid_amount) FROM sales_dunningcase d
JOIN sales_bill b ON b.id = d.bill_id JOIN accounts_customer c ON c.id = d.customer_id
JOIN accounts_staff s ON s.id = c.manager_id WHERE d.closed_on IS NULL AND d.state = 'open'
GROUP BY 1, 2 ORDER BY 1
"""


class Arrears:
    """What billing left open, and what managers did about it; credit and guarantees of the last months."""

    def __init__(self, organisation: Organisation, customers: Sequence[DemoCustomer], now: datetime) -> None:
        # Its own chance: what others draw stays what it was.
        self.random, self.now = Random(SEED), now  # noqa: S311 - a demo, not a secret
        self.today = timezone.localdate(now)
        self.users = {user.pk: user for user in User.objects.all()}
        self.organisation = organisation
        self.leavers = [one.customer.id for one in leavers(customers) if one.shows(ARREARS)]
        holders = dict(Customer.unscoped.filter(state="active", manager__isnull=False).values_list("pk", "manager_id"))
        self.held = [one for one in customers if one.manager is not None and holders.get(one.id) == one.manager.id]

    def live(self) -> None:
        """Late payments and what was asked for first, then the nights in their order."""
        with connection.cursor() as cursor:
            for statement in (_LATE, _FORGOT, _CLOSED, _PARTS):
                cursor.execute(
                    statement, {"today": self.today, "leavers": self.leavers, "source": SOURCE, "now": self.now}
                )
        paid = Payment.unscoped.order_by().values_list("bill_id", flat=True).distinct()
        settle_bills(list(paid), now=self.now)
        self._credit()
        self._vouch()
        for ago in LOOKS:
            self._night(self.today - timedelta(days=ago))
            self._ask(self.today - timedelta(days=ago))
        self._night(self.today)
        follow_papers(today=self.today, now=self.now)

    def _at(self, day: date, hour: int) -> datetime:
        moment = timezone.make_aware(datetime.combine(day, time(hour, self.random.randint(0, 59))))
        return min(moment, self.now)

    def _night(self, day: date) -> None:
        follow_all(Span(), day, self._at(day, 1))

    def _ask(self, day: date) -> None:
        """Most debtors are asked within the days of their stage; some promise."""
        with connection.cursor() as cursor:
            cursor.execute(_DEBTORS)
            debtors = [row for row in cursor.fetchall() if self.random.random() < 0.65]
        rows: list[DunningAction] = []
        promised: dict[date, list[int]] = {}
        for customer_id, user_id, stage, amount in debtors:
            result = self.random.choices([code for code, _n in ODDS], [n for _code, n in ODDS])[0]
            until = day + timedelta(days=self.random.randint(2, 12)) if result == "promised" else None
            if until is not None:
                promised.setdefault(until, []).append(customer_id)
            rows.append(
                DunningAction(
                    customer_id=customer_id, at=self._at(day, self.random.randint(9, 17)), stage=stage, amount=amount,
                    channel=self.random.choice(BY_STAGE[stage]), result=result, promise_on=until, by_id=user_id,
                    note=self.random.choice(TOLD[result]),
                )
            )  # fmt: skip
        DunningAction.unscoped.bulk_create(rows)
        for until, customer_ids in promised.items():
            open_cases = DunningCase.unscoped.filter(customer_id__in=customer_ids, closed_on=None)
            open_cases.update(state="promised", promised_on=until)

    # --- What was asked for

    def _some(self, number: int, number_of: str = "") -> list[tuple[DemoCustomer, User, User]]:
        """Customers with their manager and his supervisor; of one manager, when his staff number is given."""
        found = [one for one in self.held if not number_of or _seat(one.manager) == number_of]
        chosen = self.random.sample(found, min(number, len(found)))
        pairs = [(one, one.manager, self.organisation.supervisor_of(one.manager)) for one in chosen if one.manager]
        return [
            (one, self.users[manager.user_id], self.users[boss.user_id])
            for one, manager, boss in pairs
            if boss.seat.role == Role.SUPERVISOR
        ]

    def _credit(self) -> None:
        """Approved ones of the last months, and some that wait today."""
        for place, (one, by, boss) in enumerate([*self._some(2, "M1001"), *self._some(14)]):
            waits = place < 1 or place % 5 == 0
            day = self.today - timedelta(days=self.random.randint(0, 2) if waits else self.random.randint(10, 90))
            self._credit_of(one, by, None if waits else boss, day, is_overuse=place % 2 == 1)

    def _credit_of(self, one: DemoCustomer, by: User, boss: User | None, day: date, *, is_overuse: bool) -> None:
        with acting(by):
            change = request_credit(
                customer_id=one.id, kind="overuse" if is_overuse else "limit",
                amount=Decimal(self.random.choice((500, 800, 1500) if is_overuse else (6000, 8000, 12_000))),
                until=day + timedelta(days=self.random.randint(20, 60)) if is_overuse else None,
                reason=self.random.choice(REASONS), by=by, now=self._at(day, 10),
            )  # fmt: skip
        if boss is not None:
            with acting(boss):
                is_good = self.random.random() < 0.8
                decide_credit(
                    change_id=change.pk, approve=is_good, remark="" if is_good else "近半年有两次逾期，暂不提高",
                    by=boss, now=self._at(day + timedelta(days=1), 9),
                )  # fmt: skip

    def _vouch(self) -> None:
        """Guarantees that wait, run, are overdue and were released."""
        for place, (one, by, boss) in enumerate([*self._some(3, "M1001"), *self._some(15)]):
            business, reason, papers, amount = BUSINESS[place % len(BUSINESS)]
            step = place % 6
            day = self.today - timedelta(days=(0, 1, 8, 22, 40, 60)[step])
            with acting(by):
                row = request_guarantee(
                    customer_id=one.id, business=business, amount=Decimal(amount), reason=reason, papers=papers,
                    papers_due_on=day + timedelta(days=14), by=by, now=self._at(day, 11),
                )  # fmt: skip
            self._take_on(row, step, day, by, boss)

    def _take_on(self, row: Guarantee, step: int, day: date, by: User, boss: User) -> None:
        if step == 0:
            return
        with acting(boss):
            decide_guarantee(guarantee_id=row.pk, approve=True, by=boss, now=self._at(day, 15))
        if step == 1:
            return
        with acting(by):
            start_guarantee(guarantee_id=row.pk, by=by, now=self._at(day, 16))
            if step >= 4:
                hand_in_papers(guarantee_id=row.pk, by=by, now=self._at(day + timedelta(days=9), 10))
            if step == 5:
                release_guarantee(guarantee_id=row.pk, by=by, now=self._at(day + timedelta(days=30), 10))


def _seat(manager: Member | None) -> str:
    return manager.seat.number if manager is not None else ""
