"""Visits and cases of other systems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.actions.brought import Cases
from complaints.choices import CaseChannel, CaseKind, CaseLevel, ReplyMethod
from complaints.models import Category, OrderType
from sync.choices import TokenScope
from sync.imports.fields import word
from sync.imports.kinds.people import CUSTOMER, MAY
from sync.imports.kinds.shape import ImportKind, Words, described, told, words_for
from visits.actions.brought import Visits
from visits.choices import Direction, Mood
from visits.queries.catalogue import catalogue


def _labels(rows: Iterable[Any]) -> dict[str, str]:
    """What a file may write for a row of a catalogue: its code or one of its labels."""
    return {word(text): row.code for row in rows for text in (row.label_zh, row.label_en, row.code)}


def _visit_words() -> Words:
    known = catalogue()
    channels = {"电话": "phone", "拜访": "on_site", "走访": "on_site", "上门": "on_site", "微信": "wechat"}
    return {
        "channel": {word(text): code for text, code in channels.items()} | _labels(known.channels.values()),
        "outcome": _labels(known.outcomes.values()),
        "occasion": _labels(known.occasions.values()),
        "direction": words_for(Direction, 呼出="outbound", 呼入="inbound", 主动="outbound"),
        "mood": words_for(Mood),
    }


VISITS = ImportKind(
    key="visits",
    label=_("Visits"),
    ability=MAY,
    scope=TokenScope.VISITS_WRITE,
    fields=described(
        told("external_id", "记录编号", "Record id", "沟通编号", "external_id", "visit_id"),
        CUSTOMER,
        told("staff", "客户经理工号", "Author (staff number)", "工号", "经理工号", "记录人", "staff", "author"),
        told("occurred_at", "沟通时间", "Time of contact", "拜访时间", "时间", "occurred_at", column_type="moment"),
        told("ended_at", "结束时间", "End", "ended_at", column_type="moment"),
        told("channel", "沟通渠道", "Channel", "沟通方式", "方式", "渠道"),
        told("direction", "沟通方向", "Direction", "方向"),
        told("outcome", "沟通结果", "Outcome"),
        told("occasion", "沟通时机", "Occasion", "时机"),
        told("content", "沟通内容", "Content", "内容", "拜访内容"),
        told("result", "处理结果", "Result", "结果"),
        told("mood", "客户情绪", "Mood", "情绪"),
        told("place", "地点", "Place"),
        told("met", "会见人", "Contact persons met", "met"),
        told("next_step", "下一步", "Next step"),
        told("next_on", "下一步日期", "Next step on", "next_on", column_type="date"),
    ),
    needed=("customer", "staff", "occurred_at", "channel", "outcome"),
    root="visits_visit",
    book=Visits,
    constants=("channel", "outcome", "staff"),
    words=_visit_words,
    sample=(
        ("V-0001", "K00000001", "M1001", "2026-03-02 10:30", "", "电话沟通", "", "已沟通", "", "确认续约意向", "", "",
         "", "", "", ""),
    ),
    list_url="visits:visit_list",
)  # fmt: skip


def _case_words() -> Words:
    return {
        "kind": words_for(CaseKind),
        "channel": words_for(CaseChannel, 热线="hotline", 电话="phone"),
        "level": words_for(CaseLevel, 一般="ordinary", 严重="serious", 重大="major"),
        "reply_method": words_for(ReplyMethod, 电话="phone", 上门="face", 短信="sms", 微信="wechat"),
        "category": _labels(Category.objects.filter(is_active=True)),
        "order_type": _labels(OrderType.objects.filter(is_active=True)),
    }


CASES = ImportKind(
    key="cases",
    label=_("Complaints and requests"),
    ability=MAY,
    scope=TokenScope.COMPLAINTS_WRITE,
    fields=described(
        told("external_id", "工单编号", "Case id", "投诉编号", "受理单号", "external_id", "case_id"),
        CUSTOMER,
        told("kind", "受理类型", "Kind", "工单类型", "kind"),
        told("channel", "受理渠道", "Channel", "来源渠道"),
        told("category", "投诉类别", "Category", "类别"),
        told("order_type", "业务类型", "Type of handling", "order_type"),
        told("product", "产品编码", "Product", "product_code"),
        told("level", "级别", "Level", "严重程度"),
        told("facts", "事实经过", "What happened", "投诉内容", "内容", "facts"),
        told("expectation", "客户诉求", "What the customer hopes for", "诉求", "expectation"),
        told("speaker_name", "反映人", "Speaker", "speaker_name"),
        told("speaker_phone", "反映人电话", "Speaker's phone", "speaker_phone", "联系电话"),
        told("numbers", "涉及号码", "Numbers concerned", "numbers"),
        told("happened_at", "发生时间", "Happened at", column_type="moment"),
        told("received_at", "受理时间", "Received at", "投诉时间", column_type="moment"),
        told("closed_at", "办结时间", "Closed at", "归档时间", column_type="moment"),
        told("result", "处理结果", "Result", "结果"),
        told("reply_method", "回复方式", "How the customer was told", "reply_method"),
        told("satisfaction", "满意度", "Satisfaction (1 to 5)", "satisfaction"),
    ),
    needed=("external_id", "customer", "facts"),
    root="complaints_case",
    book=Cases,
    constants=("kind", "channel"),
    words=_case_words,
    sample=(
        ("C-0001", "K00000001", "投诉", "热线", "", "", "", "一般", "账单多收费用", "退还多收部分", "王先生", "", "",
         "", "2026-02-01 09:00", "2026-02-02 16:00", "已退费", "电话", "5"),
    ),
    list_url="complaints:case_list",
)  # fmt: skip
