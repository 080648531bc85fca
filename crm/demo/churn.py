"""The demo's losses: who left, to whom and why, who was won, and what the branches reported of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.actions import create_customer
from accounts.choices import CustomerKind, Role
from accounts.models import Customer, Staff
from accounts.queries.staff import users_with_role
from accounts.rules import add_months
from crm.core.models import Notice, User
from crm.core.sweeps import run_step
from crm.demo.deeds import acting
from crm.demo.names import Namer
from crm.demo.organisation import Organisation
from retention.actions import check_report, explain_loss, submit_report
from retention.choices import LossKind
from retention.models import ChurnRecord, ChurnReport, Competitor
from retention.rules.reports import month_to_report

CAUSES: dict[str, tuple[str, ...]] = {
    "ported": ("对方资费更低，合约补贴高", "新办公楼只进了对方光纤", "家人都用对方网络，图方便", "信号差，投诉后未改善",
               "对方客户经理上门，送宽带"),
    "left": ("公司注销，号码不再使用", "离开本市工作", "长期停机后销户", "并入集团统一号码，原号销户",
             "对账单有异议，办理销户"),
}  # fmt: skip
RIVALS = ("telecom", "telecom", "unicom", "unicom", "unicom", "broadnet", "other")
MONTHS = 7
WON = 14
REASON = "离网原因只写“资费”，请补充竞争对手和挽留经过后再报。"
REMARKS = (
    "本月离网集中在写字楼楼宇宽带到期客户，已列入下月走访重点。",
    "离网客户均已回访，原因属实。",
    "本月无异常。",
    "",
)


@dataclass
class Churn:
    """Fourteen months of losses and the last seven reports."""

    random: Random
    namer: Namer
    organisation: Organisation
    now: datetime

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.users = {user.pk: user for user in User.objects.all()}
        self.user_of = dict(Staff.unscoped.values_list("pk", "user_id"))

    def live(self) -> None:
        """Customers won, losses explained, the base of last year beside that of this one, reports month after month."""
        self._win()
        last_year = date(self.today.year - 1, 12, 31)
        for day in (last_year, self.today):
            for step in ("record_losses", "snapshot_churn_base", "count_churn_base"):
                run_step(step, day, self.now)
        self._explain()
        self._come_back()
        month = add_months(self.today.replace(day=1), -MONTHS)
        while month <= self.today:
            self._report(month)
            month = add_months(month, 1)
        run_step("count_churn_base", self.today, self.now)
        Notice.objects.filter(
            subject_table="retention_churnreport", created_at__lt=self.now - timedelta(days=6)
        ).update(read_at=self.now)

    def _win(self) -> None:
        """A few customers who joined in the last weeks."""
        for place in range(WON):
            number = ("M1001", *(member.seat.number for member in self.organisation.managers))[place]
            by = self.users[self.user_of[self.organisation.members[number].id]]
            person, joined = self.namer.person(), self.today - timedelta(days=3 + 2 * place)
            values = {
                "kind": CustomerKind.VIP.value, "name": person.name, "state": "active", "joined_on": joined.isoformat(),
                "phone": self.namer.phone(), "tier": "silver",
            }  # fmt: skip
            with acting(by):
                create_customer(values=values, by=by, now=self._at(joined))
        for step in ("open_duties", "suggest_days"):
            run_step(step, self.today, self.now)

    def _at(self, day: date, hour: int = 0) -> datetime:
        moment = datetime.combine(day, time(hour or self.random.randint(9, 16), self.random.randint(0, 59)))
        return min(timezone.make_aware(moment), self.now)

    def _explain(self) -> None:
        """Most losses have their cause; the latest still wait for it."""
        rivals = dict(Competitor.objects.values_list("code", "id"))
        for row in ChurnRecord.unscoped.exclude(manager=None).order_by("lost_on", "pk"):
            waits = row.lost_on > self.today - timedelta(days=25)
            if self.random.random() < (0.6 if waits else 0.06) or row.manager_id is None:
                continue
            kind, rival = row.kind, row.competitor_id or rivals[self.random.choice(RIVALS)]
            by = self.users[self.user_of[row.manager_id]]
            with acting(by):
                explain_loss(
                    record_id=row.pk, kind=kind, cause=self.random.choice(CAUSES[kind]), version=None, by=by,
                    competitor_id=rival if kind == LossKind.PORTED else None,
                    now=self._at(row.lost_on + timedelta(days=2)),
                )  # fmt: skip

    def _come_back(self) -> None:
        """One was back within the month: a loss that is none; one came back after a long time."""
        rows = list(ChurnRecord.unscoped.filter(customer_kind=CustomerKind.VIP).order_by("lost_on", "pk"))
        for row, days in zip((rows[len(rows) // 2], rows[0]), (12, 120), strict=True) if len(rows) > 4 else ():
            row.returned_on = min(row.lost_on + timedelta(days=days), self.today)
            row.is_void = days < 30
            row.save(update_fields=["returned_on", "is_void"])
            Customer.unscoped.filter(pk=row.customer_id).update(state="active", exited_on=None)

    def _report(self, first: date) -> None:
        """Prepared in the night of the first; then submitted, mostly in time, and checked."""
        run_step("prepare_churn_reports", first, timezone.make_aware(datetime.combine(first, time(0, 30))))
        is_last = first == self.today.replace(day=1)
        month = month_to_report(first)
        for place, row in enumerate(ChurnReport.unscoped.filter(month=month).order_by("unit_id")):
            bosses = users_with_role(Role.SUPERVISOR, row.unit_id, self.today)
            if not bosses or row.due_on > self.today:
                continue
            turn = (place + month.month) % 6
            if is_last and turn == 1:
                continue  # nobody has submitted it yet
            days = 2 if turn == 3 else -1
            self._submit(row, self.users[bosses[0]], days)
            if turn == 4:
                self._check(row, days, REASON)
                if is_last:
                    continue  # lies with the branch
                self._submit(row, self.users[bosses[0]], days + 2)
            if not (is_last and turn in (0, 2)):
                self._check(row, days + 3)

    def _submit(self, row: ChurnReport, by: User, days: int) -> None:
        with acting(by):
            submit_report(
                report_id=row.pk, comment=self.random.choice(REMARKS), version=None, by=by,
                now=self._at(row.due_on + timedelta(days=days)),
            )  # fmt: skip

    def _check(self, row: ChurnReport, days: int, reason: str = "") -> None:
        by = self.users[self.user_of[self.organisation.members["G1001"].id]]
        with acting(by):
            check_report(
                report_id=row.pk, returned=bool(reason), reason=reason, version=None, by=by,
                now=self._at(row.due_on + timedelta(days=days + 1)),
            )  # fmt: skip
