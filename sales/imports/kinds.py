"""What the columns of each kind of sales file are called, in Chinese and in English."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sales.choices import Metric, OrderState

QUOTAS, ORDERS = "quotas", "orders"
USAGE, BILLS, SUBSCRIPTIONS, USES = "usage", "bills", "subscriptions", "uses"
LABELS: dict[str, str | Promise] = {
    QUOTAS: _("Quotas"),
    ORDERS: _("Orders"),
    USAGE: _("Usage by month"),
    BILLS: _("Bills"),
    SUBSCRIPTIONS: _("Subscriptions"),
    USES: _("Uses of members"),
}

_CUSTOMER = ("客户编号", "客户编码", "customer", "customer_number")
_STAFF = ("工号", "客户经理工号", "staff", "staff_number")
_PRODUCT = ("产品编码", "product", "product_code")
_METRIC = ("类型", "指标", "metric")
_MONTH = ("月份", "账期", "month")
_TOLD = ("更新时间", "source_updated_at", "updated_at")
_NUMBER = ("号码", "手机号码", "line", "number", "msisdn")
# Field → headings, the first as our own sample file has it; compared without spaces and in small letters.
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    QUOTAS: {
        "month": _MONTH,
        "unit": ("单位编码", "单位", "unit", "unit_code"),
        "staff": _STAFF,
        "metric": _METRIC,
        "product": _PRODUCT,
        "target": ("任务数", "任务", "目标", "目标值", "target", "quota"),
    },
    ORDERS: {
        "external_id": ("订单编号", "订单号", "外部编码", "external_id", "order_id", "order_number"),
        "staff": _STAFF,
        "customer": _CUSTOMER,
        "metric": _METRIC,
        "product": _PRODUCT,
        "quantity": ("数量", "quantity"),
        "state": ("状态", "订单状态", "state", "status"),
        "ordered_on": ("受理日期", "下单日期", "ordered_on"),
        "effective_on": ("生效日期", "effective_on"),
        "source_updated_at": _TOLD,
    },
    USAGE: {
        "customer": _CUSTOMER,
        "product": _PRODUCT,
        "month": _MONTH,
        "revenue": ("收入", "收入（元）", "收入(元)", "revenue", "arpu"),
        "voice_minutes": ("通话分钟", "语音分钟", "通话时长", "voice_minutes", "minutes"),
        "data_mb": ("流量MB", "流量（MB）", "流量(MB)", "流量", "data_mb"),
        "messages": ("短信条数", "短信", "messages", "sms"),
        "volume": ("使用量", "业务量", "volume"),
        "active_members": ("活跃成员", "活跃成员数", "active_members"),
        "active_lines": ("活跃号码", "活跃号码数", "active_lines"),
        "balance": ("余额", "余额（元）", "balance"),
        "source_updated_at": _TOLD,
    },
    BILLS: {
        "customer": _CUSTOMER,
        "line": _NUMBER,
        "month": _MONTH,
        "amount": ("应收", "账单金额", "应收金额", "amount"),
        "due_on": ("缴费期限", "到期日", "due_on", "due_date"),
        "paid_amount": ("实收", "已缴金额", "paid_amount", "paid"),
        "paid_on": ("缴清日期", "缴费日期", "paid_on"),
        "source_updated_at": _TOLD,
    },
    SUBSCRIPTIONS: {
        "external_id": ("订购编号", "订购号", "外部编码", "external_id", "subscription_id"),
        "customer": _CUSTOMER,
        "product": _PRODUCT,
        "line": _NUMBER,
        "quantity": ("数量", "quantity"),
        "started_on": ("开通日期", "生效日期", "started_on"),
        "ended_on": ("退订日期", "失效日期", "ended_on"),
        "consent_note": ("监护人同意", "同意说明", "consent_note"),
        "attributes": ("属性", "attributes"),
        "source_updated_at": _TOLD,
    },
    USES: {
        "member": ("成员号码", "成员", "member", "member_number"),
        "product": _PRODUCT,
        "month": _MONTH,
        "uses": ("使用次数", "次数", "uses"),
    },
}
NEEDED: dict[str, tuple[str, ...]] = {
    QUOTAS: ("month", "target"),
    ORDERS: ("external_id", "state"),
    USAGE: ("customer", "month"),
    BILLS: ("customer", "month", "amount"),
    SUBSCRIPTIONS: ("external_id", "product", "started_on"),
    USES: ("member", "product", "month", "uses"),
}
SAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    QUOTAS: (
        ("2026-11", "EAST", "", "放号", "", "600"),
        ("2026-11", "", "M1001", "放号", "", "30"),
        ("2026-11", "", "M1001", "产品", "P01", "5"),
    ),
    ORDERS: (
        ("SO-0001", "M1001", "K00000001", "放号", "", "2", "已生效", "2026-11-02", "2026-11-03", ""),
        ("SO-0002", "M1001", "", "产品", "P01", "1", "已承诺", "2026-11-05", "", ""),
    ),
    USAGE: (
        ("K00000001", "", "2026-10", "1280.50", "3600", "48200", "310", "", "", "12", "96.20", ""),
        ("K00000001", "VPMN", "2026-10", "200.00", "", "", "", "5400", "42", "", "", ""),
    ),
    BILLS: (
        ("K00000001", "", "2026-10", "1280.50", "2026-11-15", "1280.50", "2026-11-08", ""),
        ("K00000002", "", "2026-10", "88.00", "2026-11-15", "", "", ""),
    ),
    SUBSCRIPTIONS: (
        ("SUB-0001", "K00000001", "VPMN", "", "42", "2026-03-01", "", "", "", ""),
        ("SUB-0002", "K00000002", "PARENT", "", "1", "2026-09-01", "", "家长张先生书面同意",
         "callable_numbers=13800000001/13800000002", ""),
    ),
    USES: (("13800000001", "SHORTSMS", "2026-10", "3"), ("13800000002", "SHORTSMS", "2026-10", "2")),
}  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    "metric": {
        "放号": Metric.ACTIVATION.value,
        "产品": Metric.PRODUCT.value,
        "产品销售": Metric.PRODUCT.value,
    },
    "state": {
        "承诺": OrderState.PROMISED.value,
        "已承诺": OrderState.PROMISED.value,
        "意向": OrderState.PROMISED.value,
        "确认": OrderState.CONFIRMED.value,
        "已确认": OrderState.CONFIRMED.value,
        "生效": OrderState.EFFECTIVE.value,
        "已生效": OrderState.EFFECTIVE.value,
        "取消": OrderState.CANCELLED.value,
        "已取消": OrderState.CANCELLED.value,
        "退订": OrderState.CANCELLED.value,
    },
}
