"""Agreements and needs of the demo: groups that were checked and signed, renewals, ends that come near, a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState
from crm.demo.bulk import copy_rows, reserve_ids
from crm.demo.leavers import AGREEMENT, leavers
from crm.demo.organisation import GCD, Organisation
from crm.demo.portfolio import DemoCustomer
from sales.choices import AgreementKind, AgreementState, ApplicationState, NeedStage
from sales.models import Agreement, ApplicationCheck, JoiningApplication, Need, NeedStep, NeedType, QualificationRule
from sales.sweeps import remind_agreements

SEED = 20261111
TERM = 730
CONTRACTS = {"diamond": 0.5, "gold": 0.4, "silver": 0.2}
"""Tier of a person → the share with a contract period."""
LAPSED, RENEWED, NEEDY_GROUPS, NEEDY_PERSONS = 0.03, 0.45, 0.4, 0.03
FIRST, LATE = "A", 2
"""The branch whose supervisor the demo shows has so many groups that still wait for their check."""
WAITING = 6
"""Groups to come whose application is under way, one in three already half checked."""
APPLICATION = (
    "id", "customer_id", "state", "text", "applied_by_id", "applied_at", "checked_by_id", "checked_on", "result_note",
)  # fmt: skip
CHECK = ("application_id", "rule_id", "is_met", "note")
AGREEMENT_COLUMNS = (
    "id", "number", "customer_id", "kind", "application_id", "previous_id", "state", "signed_on", "starts_on",
    "ends_on", "terminated_on", "our_signer_id", "their_signer_id", "note", "created_by_id", "updated_at",
)  # fmt: skip
NEED = (
    "id", "customer_id", "type_id", "found_on", "text", "pain", "budget", "decision_maker_id", "wanted_on",
    "competitor", "stage", "stage_on", "routed_to_id", "by_id", "updated_at",
)  # fmt: skip
STEP = ("need_id", "from_stage", "to_stage", "text_before", "note", "by_id", "at")
# Type of need → (what he said, what he says now), what hurts, yuan.
TOLD: dict[str, tuple[tuple[str, str], str, int]] = {
    "data_line": (("需要一条100M上网专线", "改为500M专线，另要一条备用线路"), "高峰时段卡顿，视频会议掉线", 36000),
    "voice": (("想给外勤员工统一套餐", "外勤之外，客服坐席也要统一号码"), "话费报销琐碎，号码各不相同", 12000),
    "messaging": (("每月群发通知短信约三千条", "增至每月一万条，要有回执"), "人工打电话通知，费时且漏人", 4800),
    "application": (("想做外勤签到和轨迹", "签到之外加上工单派发"), "派工靠微信群，无法统计", 58000),
    "terminal": (("十部定制手机，带对讲", "加到二十五部"), "老对讲机经常没电", 20000),
    "tariff": (("希望流量单价再低一些", "愿意签两年换更低单价"), "对手报价低一成", 9000),
    "coverage": (("地下车库没有信号", "车库已好，电梯内仍掉话"), "访客抱怨打不了电话", 0),
    "service": (("希望每月固定一天上门办业务", "改为每两周一次"), "员工要跑营业厅", 0),
}
PERSONS = ("tariff", "service", "coverage", "terminal")
RIVALS = ("", "", "", "中国电信", "中国联通")
WAYS: tuple[tuple[NeedStage, ...], ...] = (
    (),
    (),
    (NeedStage.ROUTED,),
    (NeedStage.ROUTED, NeedStage.PROPOSED),
    (NeedStage.PROPOSED,),
    (NeedStage.ROUTED, NeedStage.PROPOSED, NeedStage.MET),
    (NeedStage.PROPOSED, NeedStage.MET),
    (NeedStage.PROPOSED, NeedStage.LOST),
)
NOTES = {
    NeedStage.PROPOSED: "已提交方案和报价，客户在内部讨论。",
    NeedStage.LOST: "预算被削减，明年再谈。",
    NeedStage.MET: "已开通，客户确认可用。",
}


class Period(NamedTuple):
    """From a day to a day, and who signed."""

    starts_on: date
    ends_on: date


class Agreements:
    """What binds customers, and what they would like to have."""

    def __init__(self, organisation: Organisation, customers: Sequence[DemoCustomer], now: datetime) -> None:
        # Its own chance: what others draw stays what it was.
        self.random, self.organisation, self.now = Random(SEED), organisation, now  # noqa: S311 - a demo, no secret
        self.today = timezone.localdate(now)
        self.customers = [one for one in customers if one.manager is not None]
        self.ending = {one.customer.id for one in leavers(customers) if one.shows(AGREEMENT)}
        self.rules = list(QualificationRule.objects.values_list("id", flat=True))
        self.types = dict(NeedType.objects.values_list("code", "id"))
        self.department = organisation.units[GCD]
        self.applications: list[Sequence[Any]] = []
        self.checks: list[Sequence[Any]] = []
        self.agreements: list[Sequence[Any]] = []
        self.needs: list[Sequence[Any]] = []
        self.steps: list[Sequence[Any]] = []

    def live(self) -> None:
        """Groups and contract periods, applications under way, needs; then the night speaks of what ends."""
        active = [one for one in self.customers if one.state == CustomerState.ACTIVE]
        groups = [one for one in active if one.kind == CustomerKind.GROUP]
        persons = [one for one in active if one.kind == CustomerKind.VIP]
        contracts = [
            one for one in persons if self.random.random() < CONTRACTS.get(one.tier, 0) or one.id in self.ending
        ]
        self.application_ids = iter(reserve_ids(JoiningApplication, len(groups) + WAITING))
        self.agreement_ids = iter(reserve_ids(Agreement, 3 * (len(groups) + len(contracts))))
        late = [one for one in groups if self._branch(one) == FIRST][:LATE]
        known = {one.id for one in late}
        for one in groups:
            if one.id not in known:
                self._group(one)
        for one in contracts:
            self._sign(one, AgreementKind.CONTRACT, None, "HY")
        self._under_way(late)
        self._ask(groups, persons)
        copy_rows(JoiningApplication, APPLICATION, self.applications)
        copy_rows(ApplicationCheck, CHECK, self.checks)
        copy_rows(Agreement, AGREEMENT_COLUMNS, self.agreements)
        copy_rows(Need, NEED, self.needs)
        copy_rows(NeedStep, STEP, self.steps)
        remind_agreements(today=self.today, now=self.now)

    # --- Applications and agreements

    def _at(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(self.random.randint(9, 17), self.random.randint(0, 59))))

    def _boss(self, one: DemoCustomer) -> int:
        manager = one.manager
        return self.organisation.supervisor_of(manager).user_id if manager else 0

    def _group(self, one: DemoCustomer) -> None:
        """Checked when it joined, signed, renewed since."""
        applied = max(one.joined_on, self.today - timedelta(days=3 * TERM))
        checked = applied + timedelta(days=self.random.randint(1, 5))
        pk = next(self.application_ids)
        self.applications.append(
            (pk, one.id, ApplicationState.PASSED, "", one.manager.user_id if one.manager else None,
             self._at(applied), self._boss(one), min(checked, self.today), "资料齐全，符合集团客户发展规定。")
        )  # fmt: skip
        self.checks += [(pk, rule, True, "") for rule in self.rules]
        self._sign(one, AgreementKind.SERVICE, pk, "FW")

    def _periods(self, one: DemoCustomer) -> list[Period]:
        """One after the other up to today; the last one ends when the story says."""
        draw = self.random.random()
        if one.id in self.ending:
            ends = self.today + timedelta(days=self.random.randint(8, 80))
        elif draw < LAPSED:
            ends = self.today - timedelta(days=self.random.randint(5, 120))
        else:
            ends = self.today + timedelta(days=self.random.randint(25, TERM - 10))
        found = [Period(ends - timedelta(days=TERM - 1), ends)]
        if found[0].starts_on - timedelta(days=TERM) >= one.joined_on:
            starts = found[0].starts_on
            found.insert(0, Period(starts - timedelta(days=TERM), starts - timedelta(days=1)))
        near = self.today <= ends <= self.today + timedelta(days=75)
        if near and one.id not in self.ending and self.random.random() < RENEWED:
            found.append(Period(ends + timedelta(days=1), ends + timedelta(days=TERM)))
        return found

    def _sign(self, one: DemoCustomer, kind: AgreementKind, application: int | None, prefix: str) -> None:
        previous: int | None = None
        people = one.person_ids if kind == AgreementKind.SERVICE else []
        for period in self._periods(one):
            pk = next(self.agreement_ids)
            signed = min(period.starts_on, self.today) - timedelta(days=self.random.randint(0, 12))
            number = f"{prefix}{signed:%Y%m}-{pk:06d}"
            manager = one.manager
            self.agreements.append(
                (pk, number, one.id, kind, application, previous, AgreementState.SIGNED, signed, period.starts_on,
                 period.ends_on, None, manager.id if manager else None, people[0] if people else None, "",
                 manager.user_id if manager else None, self._at(signed))
            )  # fmt: skip
            previous = pk

    def _branch(self, one: DemoCustomer) -> str:
        return one.manager.seat.unit[:1] if one.manager else ""

    def _under_way(self, late: list[DemoCustomer]) -> None:
        """Groups that want to join: somebody has to check them; one did not pass."""
        coming = late + [
            one for one in self.customers if one.kind == CustomerKind.GROUP and one.state == CustomerState.PROSPECT
        ]
        for place, one in enumerate(coming[:WAITING]):
            pk, day = next(self.application_ids), self.today - timedelta(days=place + 1)
            about = (pk, one.id)
            by = one.manager.user_id if one.manager else None
            text = f"约{self.random.randint(20, 180)}人，希望办理集团网和专线。"
            if place == WAITING - 1:
                self.applications.append((*about, ApplicationState.FAILED, text, by, self._at(day), self._boss(one),
                                          day, "营业执照已过期，补正后重新申请。"))  # fmt: skip
                self.checks += [(pk, rule, rank > 0, "" if rank else "执照有效期已过")
                                for rank, rule in enumerate(self.rules)]  # fmt: skip
            elif place % 3 == 0:
                self.applications.append((*about, ApplicationState.CHECKING, text, by, self._at(day), self._boss(one),
                                          None, ""))  # fmt: skip
                self.checks += [(pk, rule, True, "") for rule in self.rules[:3]]
            else:
                self.applications.append((*about, ApplicationState.SUBMITTED, text, by, self._at(day), None, None, ""))

    # --- Needs

    def _ask(self, groups: list[DemoCustomer], persons: list[DemoCustomer]) -> None:
        asked: list[tuple[DemoCustomer, str]] = []
        for one in groups:
            if self.random.random() < NEEDY_GROUPS:
                asked += [(one, code) for code in self.random.sample(list(TOLD), self.random.randint(1, 3))]
        asked += [(one, self.random.choice(PERSONS)) for one in persons if self.random.random() < NEEDY_PERSONS]
        ids = iter(reserve_ids(Need, 2 * len(asked)))
        for one, code in asked:
            again = self.random.random() < 0.3
            found = self.today - timedelta(days=self.random.randint(20, 330))
            self._need(next(ids), one, code, found, 0, again=again)
            if again:
                later = found + timedelta(days=self.random.randint(5, (self.today - found).days - 1))
                self._need(next(ids), one, code, later, 1, again=False)

    def _need(self, pk: int, one: DemoCustomer, code: str, found: date, version: int, *, again: bool) -> None:
        """One need on its way, a stage every few days."""
        texts, pain, worth = TOLD[code]
        way = () if again else self.random.choice(WAYS)
        by = one.manager.user_id if one.manager else None
        on, stage = found, NeedStage.FOUND
        self.steps.append((pk, "", stage, "", "", by, self._at(on)))
        for following in way:
            on = min(on + timedelta(days=self.random.randint(1, 12)), self.today)
            self.steps.append((pk, stage, following, "", NOTES.get(following, ""), by, self._at(on)))
            stage = following
        is_group = one.kind == CustomerKind.GROUP
        scale = self.random.choice((1, 2, 3)) if is_group else 0
        person = one.person_ids[0] if is_group and one.person_ids else None
        wanted = found + timedelta(days=self.random.randint(20, 160)) if self.random.random() < 0.7 else None
        routed = self.department if NeedStage.ROUTED in way else None
        self.needs.append(
            (pk, one.id, self.types[code], found, texts[version], pain, worth * scale or None, person, wanted,
             self.random.choice(RIVALS), stage, on, routed, by, self._at(on))
        )  # fmt: skip
