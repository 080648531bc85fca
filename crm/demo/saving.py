"""The demo's save cases: who was kept, who was lost all the same, what was learned, what competitors do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.choices import AlertLevel, CustomerKind, SignalKind
from accounts.models import Customer, Signal, Staff
from crm.core.models import Notice, User
from crm.core.sweeps import run_step
from crm.demo.deeds import acting
from crm.demo.organisation import Organisation
from engagement.queries.policies import offers_for
from retention.actions.alerts import act, close_alert, open_alert
from retention.actions.analyses import Findings, share_lesson, write_analysis
from retention.actions.saving import Wish, answer_offer, close_save_case, make_offer, open_save_case
from retention.choices import AlertOutcome, AlertTrigger, OfferState
from retention.models import Alert, ChurnAnalysis, ChurnRecord, Competitor, CompetitorIntel

KEPT, LOST, CARED = 12, 8, 10
WISHES = (
    ("price", "联通业务员说每月能便宜三十块，还送机顶盒。"),
    ("competitor", "电信上门谈了专线，价格低两成，合同都带来了。"),
    ("network", "新厂区信号一直不好，员工天天抱怨。"),
    ("service", "投诉了两次都没人给准话，不想再用了。"),
    ("billing", "上个月多扣了流量费，解释不清楚。"),
)
DONE = (
    "电话问了原因，客户主要嫌资费高，约好明天面谈。",
    "上门拜访，带去资费对比表，客户表示再考虑。",
    "协调网优到现场测试，已答复整改时间。",
)
RESULTS = (
    "客户同意续约一年，方案当场办理。",
    "故障已修好，客户表示满意，继续使用。",
    "减免一个月月租后客户同意留下。",
)
GONE = ("客户已与对方签约，无法挽回。", "家人都换到对方网络，谢绝了优惠。")
DEPTHS = (
    "合约到期前一个月才联系，对方两个月前已上门；用量从三个月前开始下降，没有及时跟进。",
    "投诉处理超时，客户对答复不满意，转而接受对方方案。",
    "价格差距明显，续约政策申请时间过长，错过客户决策。",
)
COUNTER = (
    "到期前三个月启动续约，投诉客户由主管回访。",
    "对同楼宇客户逐户走访，核实对方报价。",
    "超权限方案当天审批，先给客户答复。",
)
LESSONS = (
    ("续约要提前三个月谈", "到期前三个月就要约谈续约，最后一个月才联系，对手已经谈完了。"),
    ("用量连降两个月就要上门", "用量连续两个月下降的客户，一周内上门问清原因，不要等客户开口。"),
    ("投诉没解决完的客户单独盯", "有未办结投诉的客户，客户经理每周主动回一次话，直到客户认可。"),
)
SEEN = (
    ("price", "sure", "在写字楼大堂派发新套餐传单：月费 59 元含 30G 流量。"),
    ("visit", "likely", "客户说对方客户经理本周来了两次，谈宽带加号码打包。"),
    ("offer", "likely", "携号转网过去送一年会员，合约期两年。"),
    ("network", "sure", "产业园新建了两处基站，园区信号明显变好。"),
    ("tender", "rumour", "听说学校下学期通信招标，对方已经在做方案。"),
)


@dataclass
class Saving:
    """Half a year of save cases, the analyses of losses, intelligence, and one case that waits today."""

    random: Random
    organisation: Organisation
    now: datetime

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.users = {user.pk: user for user in User.objects.all()}
        self.user_of = dict(Staff.unscoped.values_list("pk", "user_id"))
        self.rivals = list(Competitor.objects.order_by("position").values_list("pk", flat=True))

    def live(self) -> None:
        """What was tried, what came of it, and what stands open today."""
        self._lost()
        self._kept()
        run_step("open_analyses", self.today, self.now)
        self._analyse()
        self._look_around()
        self._ask_today()
        old = Notice.objects.filter(subject_table__startswith="retention_", created_at__lt=self.now - timedelta(days=3))
        old.update(read_at=self.now)

    def _at(self, day: date, hour: int) -> datetime:
        moment = timezone.make_aware(datetime.combine(day, time(hour, self.random.randint(0, 59))))
        return min(moment, self.now)

    def _manager(self, staff_id: int) -> User:
        return self.users[self.user_of[staff_id]]

    def _case(self, customer: Customer, day: date, *, accepted: bool) -> tuple[int, User]:
        """A customer asks to leave; his manager opens a case and offers what he may."""
        by = self._manager(customer.manager_id or 0)
        row, _is_new = open_alert(
            customer_id=customer.pk, trigger=AlertTrigger.CAPACITY, level=AlertLevel.ORANGE, by=None,
            now=self._at(day, 8),
        )  # fmt: skip
        cause, words = self.random.choice(WISHES)
        rival = self.random.choice(self.rivals) if cause in ("price", "competitor") else None
        with acting(by):
            act(alert_id=row.pk, note=self.random.choice(DONE), by=by, now=self._at(day, 10))
            case = open_save_case(alert_id=row.pk, wish=Wish(cause, words, rival), by=by, now=self._at(day, 11))
            offers = offers_for(customer, self.today)
            picked = self.random.choice(offers).policy_id if offers else None
            offer = make_offer(
                case_id=case.pk, policy_id=picked, text="" if picked else "送话费一百元",
                cost=None if picked else Decimal(100), by=by, now=self._at(day, 14),
            )  # fmt: skip
            if offer.state == OfferState.OFFERED:
                answer_offer(offer_id=offer.pk, accepted=accepted, by=by, now=self._at(day + timedelta(days=1), 10))
            else:
                offer = make_offer(case_id=case.pk, text="上门说明资费，送 100 元话费", cost=Decimal(0), by=by,
                                   now=self._at(day, 15))  # fmt: skip
        return case.pk, by

    def _lost(self) -> None:
        """Some of those who left had asked, and something had been tried."""
        rows = ChurnRecord.unscoped.filter(
            is_void=False, returned_on=None, manager__isnull=False, lost_on__gte=self.today - timedelta(days=150)
        )
        same = [row for row in rows.select_related("customer").order_by("-lost_on", "pk")
                if row.customer.manager_id == row.manager_id]  # fmt: skip
        for row in same[:LOST]:
            case, by = self._case(row.customer, row.lost_on - timedelta(days=4), accepted=False)
            with acting(by):
                close_save_case(case_id=case, retained=False, note=self.random.choice(GONE), version=None, by=by,
                                now=self._at(row.lost_on, 16))  # fmt: skip

    def _kept(self) -> None:
        """Others stayed, and some alerts needed no case at all."""
        own = Customer.unscoped.filter(kind=CustomerKind.VIP, state="active", manager__isnull=False, tier__isnull=False)
        # Whoever is on alert today has a story of his own.
        calm = own.exclude(pk__in=Alert.unscoped.filter(closed_at=None).values("customer_id"))
        picked = self.random.sample(list(calm.order_by("pk")[:1500]), KEPT + CARED)
        for place, customer in enumerate(picked):
            day = self.today - timedelta(days=8 + 11 * place)
            if place < KEPT:
                case, by = self._case(customer, day, accepted=True)
                with acting(by):
                    close_save_case(case_id=case, retained=True, note=self.random.choice(RESULTS), version=None, by=by,
                                    now=self._at(day + timedelta(days=2), 15))  # fmt: skip
                continue
            self._care(customer, day - timedelta(days=KEPT * 11 - 5))
        run_step("follow_saves", self.today, self.now)

    def _care(self, customer: Customer, day: date) -> None:
        """An alert that was cared for and closed without a case."""
        by = self._manager(customer.manager_id or 0)
        row, _is_new = open_alert(
            customer_id=customer.pk, trigger=AlertTrigger.CAPACITY, level=AlertLevel.YELLOW, by=None,
            now=self._at(day, 8),
        )  # fmt: skip
        outcome = self.random.choice((AlertOutcome.SAVED, AlertOutcome.SAVED, AlertOutcome.FALSE_ALARM,
                                      AlertOutcome.NOT_REACHED))  # fmt: skip
        with acting(by):
            act(alert_id=row.pk, note=self.random.choice(DONE), by=by, now=self._at(day + timedelta(days=1), 10))
            Alert.unscoped.filter(pk=row.pk, proposal="").update(proposal="每周联系一次，跟进用量。")
            close_alert(alert_id=row.pk, outcome=outcome, reason="已联系，情况稳定。", by=by,
                        now=self._at(day + timedelta(days=6), 16))  # fmt: skip

    def _analyse(self) -> None:
        """Two thirds of the analyses are written; a few lessons stand in the guide."""
        head = {user.username: user for user in self.users.values()}.get("G1001")
        shared = iter(LESSONS)
        rows = ChurnAnalysis.unscoped.filter(record__is_void=False).select_related("record")
        for row in rows.order_by("due_on", "pk"):
            manager_id = row.record.manager_id
            if manager_id is None or self.random.random() < 0.35:
                continue
            by, (_title, text) = self._manager(manager_id), self.random.choice(LESSONS)
            findings = Findings(
                cause=row.cause or self.random.choice(WISHES)[0], depth=self.random.choice(DEPTHS),
                countermeasure=self.random.choice(COUNTER), lesson=text,
                competitor_id=row.record.competitor_id or (self.rivals[-1] if row.record.kind == "ported" else None),
            )  # fmt: skip
            late = timedelta(days=self.random.randint(-6, 1))
            with acting(by):
                write_analysis(analysis_id=row.pk, findings=findings, version=None, by=by,
                               now=self._at(row.due_on + late, 17))  # fmt: skip
            lesson = next(shared, None) if head is not None else None
            if lesson is not None and head is not None:
                with acting(head):
                    share_lesson(analysis_id=row.pk, title=lesson[0], text=lesson[1], by=head, now=self.now)

    def _look_around(self) -> None:
        """What managers saw and heard in the last two months."""
        own = list(Customer.unscoped.filter(state="active", manager__isnull=False).order_by("pk")[:400])
        rows = []
        for place in range(30):
            customer = self.random.choice(own)
            kind, sure, text = SEEN[place % len(SEEN)]
            day = self.today - timedelta(days=2 * place)
            rows.append(
                CompetitorIntel(
                    competitor_id=self.random.choice(self.rivals[:3]),
                    kind=kind,
                    reliability=sure,
                    text=text,
                    customer_id=customer.pk if place % 3 else None,
                    unit_id=customer.unit_id,
                    staff_id=customer.manager_id,
                    seen_on=day,
                    by=self._manager(customer.manager_id or 0),
                    at=self._at(day, 17),
                )
            )
        CompetitorIntel.unscoped.bulk_create(rows)

    def _ask_today(self) -> None:
        """A gold customer of the first manager got an authorisation code; an offer over the limit waits."""
        user = next(user for user in self.users.values() if user.username == "M1001")
        staff_id = next(key for key, value in self.user_of.items() if value == user.pk)
        gone = Alert.unscoped.filter(closed_at=None).values("customer")
        customer = (
            Customer.unscoped.filter(manager_id=staff_id, tier__code="gold", tier__kind="vip", state="active")
            .exclude(pk__in=gone).order_by("-monthly_spend", "pk").first()
        )  # fmt: skip
        if customer is None:
            return
        at = self.now - timedelta(minutes=58)
        signal = Signal.unscoped.create(
            customer=customer, kind=SignalKind.AUTHORISATION_CODE, happened_at=at, text="客户致电热线索取授权码",
            source="hotline", external_id="DEMO-AUTH-1", received_at=at, handled_at=at,
        )  # fmt: skip
        row, _is_new = open_alert(
            customer_id=customer.pk, trigger=AlertTrigger.HARD, level=AlertLevel.RED, by=None, signal=signal,
            now=at + timedelta(minutes=1),
        )  # fmt: skip
        rival = self.rivals[1]
        with acting(user):
            wish = Wish("competitor", "联通答应每月便宜五十，还送手机。", rival)
            case = open_save_case(alert_id=row.pk, wish=wish, by=user, now=at + timedelta(minutes=20))
            make_offer(case_id=case.pk, text="上门说明资费", cost=Decimal(0), by=user, now=at + timedelta(minutes=25))
            make_offer(case_id=case.pk, text="购机补贴加减免三个月月租", cost=Decimal(3600), by=user,
                       now=at + timedelta(minutes=30))  # fmt: skip
