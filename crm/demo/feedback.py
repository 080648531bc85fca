"""The demo's feedback: opinions told back, instructions, quality forms on their way, reports of irregular business."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.choices import UnitType
from accounts.models import Customer, Unit
from complaints import actions
from complaints.actions import IntakeSheet, irregularities, quality
from complaints.actions.instructions import feed_back_instruction, instruct_voice
from complaints.actions.phrases import note_phrases
from complaints.models import Irregularity, QualityFeedback, VoiceFeedback
from complaints.queries.quality import CONFIRMATION, CUSTOMER
from complaints.rules.instructions import FED_BACK_KINDS, NEEDS_EXPLANATION
from crm.core import signatures
from crm.core.models import User
from crm.demo.deeds import acting
from visits.models import CustomerVoice

TOLD_AFTER = timedelta(days=3)
WAITING_FOR = timedelta(days=9)
RESULTS = ("已联系相关部门处理，并电话告知客户", "已在下月账单中调整，当面说明", "已安排测试，信号已恢复，客户认可")
CRITICISM = "客户经理回电太慢，打了三次才接通"
INSTRUCTIONS = (
    ("请两日内上门说明处理情况", 6, 20),
    ("请与网络部门核实后反馈", 2, 0),
    ("向客户致歉并说明改进措施", 0, 0),
)
GOODS = (
    ("光猫三台开机后反复重启", "光猫", "GPON-2607", 3, "开机约十分钟后自动重启", "电源模块虚焊，同批次"),
    ("号卡包装破损，卡体划伤", "58 元套餐卡", "SIM-0911", 20, "卡体划伤无法读取", "运输途中受压"),
    ("体验卡激活失败", "宽带 200M 体验卡", "KD-0302", 5, "激活码无效", "批次激活码重复"),
)
FOUND = (
    ("南门摊点(流动摊贩)", "城东南门公交站", "unlicensed", "无授权摊点销售号卡，现场约三十张。", 26),
    ("通达手机维修店", "城东建设路18号", "unlicensed", "未签代理协议，代办开户收费。", 6),
    ("鑫旺通讯", "城东人民路5号", "price", "58 元套餐卡标价 45 元。", 0),
)
SPEAKERS = ("H1001", "M1001", "M1002", "M2001", "H2001", "M1003", "M1001", "M5001", "M1002")
SAID = ("这不可能!", "我不负责检查网络", "还好嘛，我看其实也没什么", "不归我管，您打热线吧", "哪有十全十美的")


class Feedback:
    """What customers hear back, and what is reported."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.users = {user.username: user for user in User.objects.filter(is_service=False)}

    def live(self) -> None:
        """Everything, in an order that makes sense."""
        self._tell_opinions()
        self._criticise()
        self._instruct()
        self._forms()
        self._reports()
        self._said()

    def _tell_opinions(self) -> None:
        """Old opinions were fed back (CMP-33); the last days' wait."""
        old = CustomerVoice.unscoped.filter(kind__in=FED_BACK_KINDS, said_at__lt=self.now - WAITING_FOR)
        VoiceFeedback.unscoped.bulk_create(
            VoiceFeedback(
                voice=voice, result=RESULTS[voice.pk % len(RESULTS)], method=("phone", "face", "wechat")[voice.pk % 3],
                explanation=RESULTS[0] if voice.kind in NEEDS_EXPLANATION else "", fed_back_by_id=voice.by_id,
                fed_back_at=voice.said_at + TOLD_AFTER,
            )
            for voice in old.order_by("pk")
        )  # fmt: skip

    def _criticise(self) -> None:
        customer = Customer.unscoped.filter(manager__number="M1001", state="active").order_by("-pk").first()
        if customer is not None:
            at = self.now - timedelta(days=1)
            CustomerVoice.unscoped.create(
                customer=customer, kind="criticism", topic="service", text=CRITICISM, source="customer",
                by=self.users["M1001"], said_at=at, reported_at=at,
            )  # fmt: skip

    def _instruct(self) -> None:
        """CMP-32: one told the same day, one overdue, one of this moment."""
        open_ones = CustomerVoice.unscoped.filter(
            kind__in=FED_BACK_KINDS, customer__manager__number="M1001", said_at__gte=self.now - WAITING_FOR
        )
        boss, manager = self.users["R1001"], self.users["M1001"]
        for (text, days, hours), voice in zip(INSTRUCTIONS, open_ones.order_by("pk"), strict=False):
            at = max(self.now - timedelta(days=days, minutes=5), min(voice.said_at + timedelta(hours=1), self.now))
            with acting(boss):
                row = instruct_voice(voice_id=voice.pk, text=text, by=boss, now=at)
            if hours:
                with acting(manager):
                    feed_back_instruction(
                        instruction_id=row.pk, feedback=RESULTS[2], method="phone", by=manager,
                        now=min(at + timedelta(hours=hours), self.now),
                    )  # fmt: skip

    # --- Quality forms

    def _forms(self) -> None:
        """One closed with both signatures, one waits for the regional market manager, one to be inspected."""
        shops = Customer.unscoped.filter(kind="channel", state="active", unit__code="A", manager__isnull=False)
        for place, (goods, customer) in enumerate(zip(GOODS, shops.order_by("pk")[:9:3], strict=False)):
            manager = customer.manager
            by = self.users[manager.number] if manager else self.users["M1001"]
            at = self.now - timedelta(days=(24, 2, 1)[place], hours=1)
            row = self._form(customer, goods, by, at)
            if place < 2:
                self._submit(row, goods, by, at)
            if place == 0:
                self._finish(row, by, at)

    def _form(self, customer: Customer, goods: tuple[str, str, str, int, str, str], by: User, at: datetime) -> int:
        sheet = IntakeSheet(
            kind="quality", customer_id=customer.pk, channel="visit", facts=f"走访门店时反映：{goods[0]}。",
            expectation="调换合格品",
        )  # fmt: skip
        with acting(by):
            case = actions.take_request(sheet=sheet, by=by, now=at)
            return quality.begin_feedback(case).pk

    def _submit(self, row: int, goods: tuple[str, str, str, int, str, str], by: User, at: datetime) -> None:
        _facts, name, batch, count, defect, cause = goods
        with acting(by):
            quality.inspect_quality(
                feedback_id=row, inspected_on=timezone.localdate(at), product_name=name, batch=batch, quantity=count,
                defect=defect, cause=cause, by=by, now=at,
            )  # fmt: skip
            self._sign(row, CUSTOMER, by, at)
            quality.submit_quality(feedback_id=row, returned_quantity=count, by=by, now=at + timedelta(hours=1))

    def _finish(self, row: int, by: User, at: datetime) -> None:
        boss = self.users["R1001"]
        with acting(boss):
            quality.decide_quality(
                feedback_id=row, approve=True, note="同批次一并调换", by=boss, now=at + timedelta(days=1)
            )
        day = at + timedelta(days=3)
        count = QualityFeedback.unscoped.get(pk=row).quantity or 1
        with acting(by):
            quality.exchange_quality(
                feedback_id=row, exchanged_on=timezone.localdate(day), exchanged_quantity=count, by=by, now=day
            )
            self._sign(row, CONFIRMATION, by, day)
        with acting(boss):
            quality.close_quality(feedback_id=row, by=boss, now=day + timedelta(hours=2))

    def _sign(self, row: int, part: str, by: User, at: datetime) -> None:
        link = quality.ask_signature(feedback_id=row, part=part, by=by, now=at)
        signatures.sign_by_link(link.token, name="门店负责人", now=at + timedelta(minutes=3))

    # --- Reports

    def _reports(self) -> None:
        """CMP-35: one went all the way, one is with the enforcement department, one of this morning."""
        by = self.users["M1001"]
        for subject, place, kind, facts, days in FOUND:
            at = self.now - timedelta(days=days, minutes=20)
            with acting(by):
                row = irregularities.report_irregularity(
                    kind=kind, subject=subject, place=place, facts=facts, found_at=at - timedelta(minutes=30), by=by,
                    now=at,
                )  # fmt: skip
            self._pass_on(row, days, at)

    def _pass_on(self, row: Irregularity, days: int, at: datetime) -> None:
        boss, pk = self.users["R1001"], row.pk
        outside = {unit.type: unit.pk for unit in Unit.unscoped.filter(type__in=("enforcement", "operations"))}
        if not days:
            return
        later = at + timedelta(days=3)
        enforcement, operations = outside[UnitType.ENFORCEMENT], outside[UnitType.OPERATIONS]
        with acting(boss):
            irregularities.forward_irregularity(irregularity_id=pk, to_unit_id=enforcement, by=boss, now=at)
            if days > 20:
                irregularities.write_result(
                    irregularity_id=pk, result="已现场查处，责令停止销售。", by=boss, now=later
                )  # fmt: skip
                irregularities.copy_result(irregularity_id=pk, copy_unit_id=operations, by=boss, now=later)
                irregularities.close_irregularity(irregularity_id=pk, by=boss, now=later)

    def _said(self) -> None:
        """A few phrases slipped out in the last months (CMP-16)."""
        for place, number in enumerate(
            ("H1001", "M1001", "M1002", "M2001", "H2001", "M1003", "M1001", "M5001", "M1002")
        ):
            by = self.users.get(number)
            if by is not None:
                at = self.now - timedelta(days=7 * place + 1)
                note_phrases([(("reply", "update", "note")[place % 3], SAID[place % len(SAID)])], by=by, now=at)
