"""Quotas, orders, agreements, subscriptions, usage, member uses, bills and payments (SAL-3, 5, 6, 7, 14, 23, 35)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sales.actions import Orders, Quotas
from sales.actions.agreement_rows import Agreements
from sales.actions.billing import Bills, MemberUses, Usages
from sales.actions.need_rows import Needs
from sales.actions.payments import Payments
from sales.actions.subscriptions import Subscriptions
from sales.choices import AgreementKind, Metric, OrderState
from sales.models import NeedType
from sync.choices import TokenScope
from sync.imports.fields import word
from sync.imports.kinds.people import CUSTOMER, TOLD
from sync.imports.kinds.shape import ImportKind, Words, described, told, words_for

MAY = "import_sales"
STAFF = told("staff", "工号", "Staff number", "客户经理工号", "staff")
PRODUCT = told("product", "产品编码", "Product code", "product")
METRIC = told("metric", "类型", "Metric", "指标")
MONTH = told("month", "月份", "Month", "账期", column_type="month")
NUMBER = told("line", "号码", "Number", "手机号码", "line", "msisdn")


def _metric_words() -> Words:
    metric = words_for(Metric, 放号=Metric.ACTIVATION, 产品=Metric.PRODUCT, 产品销售=Metric.PRODUCT)
    state = words_for(
        OrderState, 承诺=OrderState.PROMISED, 已承诺=OrderState.PROMISED, 意向=OrderState.PROMISED,
        确认=OrderState.CONFIRMED, 已确认=OrderState.CONFIRMED, 生效=OrderState.EFFECTIVE,
        已生效=OrderState.EFFECTIVE, 取消=OrderState.CANCELLED, 已取消=OrderState.CANCELLED, 退订=OrderState.CANCELLED,
    )  # fmt: skip
    return {"metric": metric, "state": state}


def _agreement_words() -> Words:
    return {
        "kind": words_for(AgreementKind, 集团协议="service", 产品协议="product", 合约="contract", 合约期="contract")
    }


QUOTAS = ImportKind(
    key="quotas", label=_("Quotas"), ability=MAY, scope=TokenScope.SALES_WRITE, root="sales_quota", book=Quotas,
    fields=described(
        MONTH, told("unit", "单位编码", "Unit code", "单位", "unit"), STAFF, METRIC, PRODUCT,
        told("target", "任务数", "Target", "任务", "目标", "目标值", "quota"),
    ),
    needed=("month", "target"), constants=("month", "metric"), words=_metric_words, has_source=False,
    sample=(
        ("2026-11", "EAST", "", "放号", "", "600"),
        ("2026-11", "", "M1001", "放号", "", "30"),
        ("2026-11", "", "M1001", "产品", "P01", "5"),
    ),
    list_url="sales:quota_list",
)  # fmt: skip
ORDERS = ImportKind(
    key="orders", label=_("Orders"), ability=MAY, scope=TokenScope.SALES_WRITE, root="sales_salesorder", book=Orders,
    fields=described(
        told("external_id", "订单编号", "Order id", "订单号", "外部编码", "external_id", "order_number"),
        STAFF, CUSTOMER, METRIC, PRODUCT, told("quantity", "数量", "Quantity"),
        told("state", "状态", "State", "订单状态", "status"),
        told("ordered_on", "受理日期", "Ordered on", "下单日期", column_type="date"),
        told("effective_on", "生效日期", "In effect on", "effective_on", column_type="date"), TOLD,
    ),
    needed=("external_id", "state"), constants=("metric", "state"), words=_metric_words,
    sample=(
        ("SO-0001", "M1001", "K00000001", "放号", "", "2", "已生效", "2026-11-02", "2026-11-03", ""),
        ("SO-0002", "M1001", "", "产品", "P01", "1", "已承诺", "2026-11-05", "", ""),
    ),
    list_url="sales:order_list",
)  # fmt: skip
AGREEMENTS = ImportKind(
    key="agreements", label=_("Agreements"), ability=MAY, scope=TokenScope.AGREEMENTS_WRITE, root="sales_agreement",
    book=Agreements,
    fields=described(
        told("number", "协议编号", "Agreement number", "协议号", "合同编号", "agreement_number"), CUSTOMER,
        told("kind", "协议类型", "Kind", "kind"), told("previous", "原协议编号", "Follows agreement", "previous"),
        told("signed_on", "签订日期", "Signed on", "签署日期", column_type="date"),
        told("starts_on", "生效日期", "In force from", "开始日期", "starts_on", column_type="date"),
        told("ends_on", "到期日期", "In force until", "到期日", "结束日期", "ends_on", column_type="date"),
        told("terminated_on", "终止日期", "Terminated on", column_type="date"),
        told("our_signer", "我方签字人工号", "Our signer (staff number)", "our_signer"),
        told("their_signer", "客户签字人", "Their signer", "their_signer"),
        told("note", "备注", "Note"),
        told("checked_on", "资格审核日期", "Qualification checked on", "checked_on", column_type="date"),
        told("checked_by", "资格审核人", "Qualification checked by", "checked_by"), TOLD,
    ),
    needed=("number", "customer", "signed_on"), constants=("kind",), words=_agreement_words,
    sample=(("AG-0001", "K00000001", "产品协议", "", "2026-01-05", "2026-01-05", "2027-01-04", "", "M1001", "", "", "",
             "", ""),),
    list_url="sales:agreement_list",
)  # fmt: skip
USAGE = ImportKind(
    key="usage", label=_("Usage by month"), ability=MAY, scope=TokenScope.BILLING_WRITE, root="sales_usagemonth",
    book=Usages,
    fields=described(
        CUSTOMER, PRODUCT, MONTH,
        told("revenue", "收入", "Revenue", "收入（元）", "arpu", column_type="numeric"),
        told("voice_minutes", "通话分钟", "Voice minutes", "语音分钟", "通话时长", "minutes"),
        told("data_mb", "流量MB", "Data (MB)", "流量（MB）", "流量", "data_mb"),
        told("messages", "短信条数", "Text messages", "短信", "sms", "messages"),
        told("volume", "使用量", "Volume", "业务量"),
        told("active_members", "活跃成员", "Active members", "活跃成员数"),
        told("active_lines", "活跃号码", "Active lines", "活跃号码数"),
        told("balance", "余额", "Balance", "余额（元）", column_type="numeric"), TOLD,
    ),
    needed=("customer", "month"), constants=("month", "product"),
    sample=(
        ("K00000001", "", "2026-10", "1280.50", "3600", "48200", "310", "", "", "12", "96.20", ""),
        ("K00000001", "VPMN", "2026-10", "200.00", "", "", "", "5400", "42", "", "", ""),
    ),
    list_url="sales:usage_list",
)  # fmt: skip
BILLS = ImportKind(
    key="bills", label=_("Bills"), ability=MAY, scope=TokenScope.BILLING_WRITE, root="sales_bill", book=Bills,
    fields=described(
        CUSTOMER, NUMBER, MONTH,
        told("amount", "应收", "Amount", "账单金额", "应收金额", column_type="numeric"),
        told("due_on", "缴费期限", "Due on", "到期日", "due_date", column_type="date"),
        told("paid_amount", "实收", "Paid amount", "已缴金额", "paid", column_type="numeric"),
        told("paid_on", "缴清日期", "Paid on", "缴费日期", column_type="date"), TOLD,
    ),
    needed=("customer", "month", "amount"), constants=("month", "due_on"),
    sample=(
        ("K00000001", "", "2026-10", "1280.50", "2026-11-15", "1280.50", "2026-11-08", ""),
        ("K00000002", "", "2026-10", "88.00", "2026-11-15", "", "", ""),
    ),
    list_url="sales:arrears_list",
)  # fmt: skip
PAYMENTS = ImportKind(
    key="payments", label=_("Payments"), ability=MAY, scope=TokenScope.BILLING_WRITE, root="sales_payment",
    book=Payments,
    fields=described(
        told("external_id", "缴费流水号", "Payment id", "流水号", "交易流水号", "外部编码", "external_id",
             "payment_number"),
        CUSTOMER, NUMBER, MONTH,
        told("amount", "缴费金额", "Amount paid", "实缴金额", "金额", "amount", column_type="numeric"),
        told("paid_on", "缴费日期", "Payment day", "到账日期", "paid_date", column_type="date"), TOLD,
    ),
    needed=("external_id", "customer", "month", "amount", "paid_on"), constants=("month", "paid_on"),
    sample=(
        ("PAY-0001", "K00000001", "", "2026-10", "500.00", "2026-11-08", ""),
        ("PAY-0002", "K00000001", "", "2026-10", "780.50", "2026-11-12", ""),
    ),
    list_url="sales:arrears_list",
)  # fmt: skip
SUBSCRIPTIONS = ImportKind(
    key="subscriptions", label=_("Subscriptions"), ability=MAY, scope=TokenScope.BILLING_WRITE,
    root="sales_subscription", book=Subscriptions,
    fields=described(
        told("external_id", "订购编号", "Subscription id", "订购号", "外部编码", "external_id"), CUSTOMER, PRODUCT,
        NUMBER, told("quantity", "数量", "Quantity"),
        told("started_on", "开通日期", "Started on", "生效日期", column_type="date"),
        told("ended_on", "退订日期", "Ended on", "失效日期", column_type="date"),
        told("consent_note", "监护人同意", "Guardian's consent", "同意说明", "consent_note"),
        told("attributes", "属性", "Attributes", column_type="pairs"), TOLD,
    ),
    needed=("external_id", "product", "started_on"), constants=("product",),
    sample=(
        ("SUB-0001", "K00000001", "VPMN", "", "42", "2026-03-01", "", "", "", ""),
        ("SUB-0002", "K00000002", "PARENT", "", "1", "2026-09-01", "", "家长张先生书面同意",
         "callable_numbers=13800000001/13800000002", ""),
    ),
    list_url="sales:usage_list",
)  # fmt: skip
USES = ImportKind(
    key="uses", label=_("Uses of members"), ability=MAY, scope=TokenScope.BILLING_WRITE, root="sales_memberuse",
    book=MemberUses,
    fields=described(
        told("member", "成员号码", "Member number", "成员", "member"), PRODUCT, MONTH,
        told("uses", "使用次数", "Uses", "次数"),
    ),
    needed=("member", "product", "month", "uses"), constants=("month", "product"),
    sample=(("13800000001", "SHORTSMS", "2026-10", "3"), ("13800000002", "SHORTSMS", "2026-10", "2")),
    list_url="sales:usage_list",
)  # fmt: skip


def _need_words() -> Words:
    rows = NeedType.objects.filter(is_active=True).values_list("code", "label_zh", "label_en")
    return {"type": {word(name): code for code, *names in rows for name in (code, *names)}}


NEEDS = ImportKind(
    key="needs", label=_("Needs"), ability=MAY, scope=TokenScope.AGREEMENTS_WRITE, root="sales_need", book=Needs,
    fields=described(
        CUSTOMER, told("type", "需求类型", "Type of need", "need_type"),
        told("found_on", "发现日期", "Found on", "提出日期", column_type="date"),
        told("text", "需求内容", "Need", "需求", "need"), told("pain", "痛点", "Pain", "pain"),
        told("budget", "预算", "Budget", "预算（元）", column_type="numeric"),
        told("decision_maker", "决策人", "Decision maker", "decision_maker"),
        told("wanted_on", "期望日期", "Wanted by", "wanted_on", column_type="date"),
        told("competitor", "竞争对手", "Competitor", "competitor"),
    ),
    needed=("customer", "type", "text"), constants=("type", "found_on"), words=_need_words,
    sample=(
        ("K00000001", "专线与上网", "2026-10-12", "总部到仓库要专线", "会议卡顿", "36000", "", "2027-01-15", "电信"),
    ),
    list_url="sales:need_list",
)  # fmt: skip
