"""What the demo's people did lately, by the same actions as the pages: so that the first page has something to say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.actions import create_task, hand_over, propose_tier, save_segment, update_customer
from accounts.choices import CustomerKind, TaskKind
from accounts.models import Customer, Tier
from accounts.sweeps import propose_tiers
from crm.core.errors import DomainError
from crm.core.models import User
from crm.demo.bulk import copy_rows
from crm.demo.organisation import Member, Organisation
from crm.demo.portfolio import NOTES, TIMES
from crm.demo.talk import NEXT_STEPS
from visits.actions import decide_excuse, log_visit, request_excuse
from visits.actions.sheet import VisitSheet
from visits.choices import DutyState, ExcuseKind
from visits.models import DialTap, Duty

CRITERIA = {"diamond": 880, "gold": 415}
"""Monthly spend from which a VIP tier is proposed (CUS-4)."""
NO_CONTACT = ("客户明确表示不希望电话回访，只收短信。", "客户长期在国外，委托家人处理。", "客户要求由总部统一联系。")


@dataclass
class Lately:
    """The last days of the demo operator."""

    random: Random
    organisation: Organisation
    unreachable: list[int]  # customers whose calls were not answered three times
    now: datetime

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.users = {user.pk: user for user in User.objects.all()}

    def live(self) -> None:
        """Everything, in an order that makes sense."""
        self._propose()
        self._log_today()
        self._promise()
        self._dial()
        self._excuse()
        self._hand_over()
        self._edit()
        self._segments()

    def member(self, number: str) -> Member:
        """Somebody by his staff number."""
        return self.organisation.members[number]

    def user(self, number: str) -> User:
        """His sign-in."""
        return self.users[self.member(number).user_id]

    def open_duties(self, number: str, *, soon: bool = False) -> list[Duty]:
        """What a manager still owes, nearest suggestion first."""
        rows = Duty.unscoped.filter(manager_id=self.member(number).id, state=DutyState.OPEN, purpose="contact")
        rows = rows.exclude(customer_id__in=self.unreachable)
        if soon:
            rows = rows.filter(due_on__lte=self.today + timedelta(days=31))
        return list(rows.order_by("suggested_on", "customer_id"))

    def _propose(self) -> None:
        for code, spend in CRITERIA.items():
            Tier.objects.filter(kind=CustomerKind.VIP, code=code).update(minimum_spend=spend)
        propose_tiers(today=self.today.replace(day=1), now=self.now)
        silver = Customer.unscoped.filter(manager_id=self.member("M1001").id, tier__code="silver", state="active")
        gold = Tier.objects.get(kind=CustomerKind.VIP, code="gold")
        for customer in silver.order_by("-monthly_spend")[:2]:
            with acting(self.user("M1001")):
                self._try_propose(customer.pk, gold.pk)

    def _try_propose(self, customer_id: int, tier_id: int) -> None:
        propose_tier(
            customer_id=customer_id, to_tier_id=tier_id, reason="连续三个月消费上升，有意办理副卡",
            by=self.user("M1001"), now=self.now,
        )  # fmt: skip

    def _log_today(self) -> None:
        """A few contacts of this very morning, so that the ring has turned today."""
        start = timezone.make_aware(datetime.combine(self.today, time(8, 40)))
        if self.now - start < timedelta(minutes=40):
            return
        for number, count in (("M1001", 3), ("M1002", 2), ("M1003", 1), ("M2001", 2), ("M5001", 2)):
            for place, duty in enumerate(self.open_duties(number, soon=True)[-count:]):
                moment = start + (self.now - start) * (place + 1) / (count + 2)
                sheet = VisitSheet(
                    customer_ids=(duty.customer_id,), channel="phone" if place else "wechat", outcome="effective",
                    occurred_at=moment, ended_at=moment + timedelta(minutes=3),
                    client_key=UUID(int=self.random.getrandbits(128), version=4), occasion="care",
                    content="例行回访，近期使用正常。" if place == 0 else "",
                )  # fmt: skip
                with acting(self.user(number)):
                    log_visit(sheet=sheet, by=self.user(number), now=min(moment + timedelta(minutes=4), self.now))

    def _promise(self) -> None:
        """Promised for today (CON-16), one forgotten, one asked for by the supervisor."""
        for number in ("M1001", "M1002", "M2001"):
            by = self.user(number)
            duties = self.open_duties(number)
            for place, days in enumerate((0, 0, -2, 1)):
                if place < len(duties):
                    self._task(number, duties[-place - 1].customer_id, TaskKind.FOLLOW_UP, days, NEXT_STEPS[place], by)
            if len(duties) > 5:
                self._task(number, duties[-6].customer_id, TaskKind.CALL_BACK, 0, "客户来电未接，请回电", by)
        boss = self.user("S1001")
        for duty in self.open_duties("M1001")[:1]:
            self._task("M1001", duty.customer_id, TaskKind.ASSIGNED, 1, "续约前面谈一次，了解竞争对手报价", boss)

    def _task(self, number: str, customer_id: int, kind: TaskKind, days: int, title: str, by: User) -> None:
        with acting(by):
            create_task(
                kind=kind, customer_id=customer_id, staff_id=self.member(number).id, title=title,
                due_on=self.today + timedelta(days=days), by=by, now=self.now - timedelta(days=3),
            )  # fmt: skip

    def _dial(self) -> None:
        """Dialled, not logged."""
        rows = []
        for number, minutes in (("M1001", 24), ("M1001", 71), ("M1002", 55), ("M2001", 40)):
            moment = self.now - timedelta(minutes=minutes)
            duties = self.open_duties(number)
            if duties and timezone.localdate(moment) == self.today:
                rows.append((duties[minutes % len(duties)].customer_id, self.member(number).id, moment))
        copy_rows(DialTap, ("customer", "staff", "tapped_at"), rows)

    def _excuse(self) -> None:
        """Asked for, granted and refused; some wait for the supervisor."""
        duties = {
            duty.customer_id: duty
            for duty in Duty.unscoped.filter(customer_id__in=self.unreachable)
            .filter(state__in=(DutyState.OPEN, DutyState.PROVISIONAL), purpose="contact")
            .order_by("due_on")
        }
        by_staff = {member.id: member for member in self.organisation.managers}
        for duty in duties.values():
            if duty.manager_id in by_staff:
                self._ask(duty, ExcuseKind.UNREACHABLE, "换了三个时间、两种方式都没有联系上。")
        for number, decision in (("M1002", None), ("M1003", True), ("M1005", False), ("M2003", None), ("M2004", True)):
            wanted = self.open_duties(number)
            if wanted:
                text = self.random.choice(NO_CONTACT)
                self._ask(wanted[len(wanted) // 2], ExcuseKind.NO_CONTACT, text, decision)

    def _ask(self, duty: Duty, kind: ExcuseKind, text: str, decision: bool | None = None) -> None:
        member = next(row for row in self.organisation.managers if row.id == duty.manager_id)
        asker, boss = self.users[member.user_id], self.users[self.organisation.supervisor_of(member).user_id]
        try:
            with acting(asker):
                excuse = request_excuse(duty_id=duty.pk, kind=kind, text=text, by=asker, now=self.now)
        except DomainError:
            return  # on the first days of a month nobody has tried three times yet
        if decision is not None:
            remark = "情况属实" if decision else "上月还联系上了，请再试一次。"
            with acting(boss):
                decide_excuse(excuse_id=excuse.pk, grant=decision, remark=remark, by=boss, now=self.now)

    def _hand_over(self) -> None:
        """A small handover of today: introductions are due, and it can be undone for seven days (ORG-29)."""
        rows = Customer.unscoped.filter(manager_id=self.member("M1005").id, state="active", kind=CustomerKind.VIP)
        ids = list(rows.order_by("tier__rank", "pk").values_list("pk", flat=True)[:6])
        boss = self.user("S1001")
        with acting(boss):
            hand_over(
                customer_ids=ids, to_staff_id=self.member("M1003").id, reason="服务厅调整，转由VIP条线服务",
                note="资料已当面交接。", by=boss, now=self.now,
            )  # fmt: skip

    def _edit(self) -> None:
        """Facts learned and numbers changed, for the history of the fields."""
        for number in ("M1001", "M1002", "M2001"):
            by = self.user(number)
            rows = Customer.unscoped.filter(manager_id=self.member(number).id, state="active").order_by(
                "tier__rank", "pk"
            )
            for place, customer in enumerate(rows[:6]):
                changes: dict[str, str] = {"preferred_time": self.random.choice(TIMES)}
                if place % 2:
                    changes["service_notes"] = self.random.choice(NOTES)
                with acting(by):
                    update_customer(
                        customer_id=customer.pk, changes=changes, by=by, now=self.now - timedelta(hours=place + 1)
                    )

    def _segments(self) -> None:
        for number, name, query in (
            ("M1001", "钻石卡逾期", "overdue=1&tier=diamond"),
            ("S1001", "城东金卡以上", "tier=diamond%2Cgold"),
        ):
            with acting(self.user(number)):
                save_segment(name=name, query=query, by=self.user(number), now=self.now)


@contextmanager
def acting(user: User) -> Iterator[None]:
    """Inside, the change log names this person instead of the demo."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('crm.actor', %s, true), set_config('crm.label', '', true)", [str(user.pk)])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('crm.actor', '', true), set_config('crm.label', 'system:demo', true)")
