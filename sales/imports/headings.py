"""What the headings and the words of a sales file mean, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.delimited.problems import FileRefused
from crm.core.delimited.reader import Layout
from crm.core.text import narrow
from sales.choices import Metric, OrderState

QUOTAS, ORDERS = "quotas", "orders"
LABELS: dict[str, str | Promise] = {QUOTAS: _("Quotas"), ORDERS: _("Orders")}

# Field → headings, the first as our own sample file has it; compared without spaces and in small letters.
_HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    QUOTAS: {
        "month": ("月份", "month"),
        "unit": ("单位编码", "单位", "unit", "unit_code"),
        "staff": ("工号", "客户经理工号", "staff", "staff_number"),
        "metric": ("类型", "指标", "metric"),
        "product": ("产品编码", "product", "product_code"),
        "target": ("任务数", "任务", "目标", "目标值", "target", "quota"),
    },
    ORDERS: {
        "external_id": ("订单编号", "订单号", "外部编码", "external_id", "order_id", "order_number"),
        "staff": ("工号", "客户经理工号", "staff", "staff_number"),
        "customer": ("客户编号", "客户编码", "customer", "customer_number"),
        "metric": ("类型", "指标", "metric"),
        "product": ("产品编码", "product", "product_code"),
        "quantity": ("数量", "quantity"),
        "state": ("状态", "订单状态", "state", "status"),
        "ordered_on": ("受理日期", "下单日期", "ordered_on"),
        "effective_on": ("生效日期", "effective_on"),
        "source_updated_at": ("更新时间", "source_updated_at", "updated_at"),
    },
}
NEEDED: dict[str, tuple[str, ...]] = {QUOTAS: ("month", "target"), ORDERS: ("external_id", "state")}
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
}
_WORDS: dict[str, dict[str, str]] = {
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


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file holds: quotas or orders, and which column is which field."""

    kind: str
    fields: dict[str, int]
    header: tuple[str, ...]

    @property
    def unused(self) -> list[str]:
        """Columns nobody reads."""
        return [name for place, name in enumerate(self.header) if place not in self.fields.values()]

    def heading(self, field: str) -> str:
        """What the file calls a field; ours when it has no such column."""
        place = self.fields.get(field)
        return self.header[place] if place is not None else _HEADINGS[self.kind].get(field, (field,))[0]

    def given(self, cells: list[str]) -> dict[str, str]:
        """The values of a row; an empty cell keeps what is stored."""
        found = {name: cells[place].strip().removeprefix("'") for name, place in self.fields.items()}
        return {name: _word(name, value) for name, value in found.items() if value}


def columns_of(layout: Layout) -> Columns:
    """Recognise a file by its headings; refuse one that has not what either kind needs."""
    known = [_plain(name) for name in layout.header]
    best: Columns | None = None
    for kind, headings in _HEADINGS.items():
        fields = {
            name: next(place for place, heading in enumerate(known) if heading in words)
            for name, words in headings.items()
            if any(heading in words for heading in known)
        }
        if all(name in fields for name in NEEDED[kind]) and (best is None or len(fields) > len(best.fields)):
            best = Columns(kind, fields, layout.header)
    if best is None:
        raise FileRefused(
            _("The first row must name the columns: %(quotas)s for quotas, %(orders)s for orders."),
            code="missing_columns",
            row=1,
            params={kind: "、".join(_HEADINGS[kind][name][0] for name in NEEDED[kind]) for kind in NEEDED},
        )
    return best


def sample_of(kind: str) -> tuple[list[str], list[list[str]]]:
    """Headings and a few rows of a file as we like it."""
    return [words[0] for words in _HEADINGS[kind].values()], [list(row) for row in SAMPLES[kind]]


def _plain(heading: str) -> str:
    return narrow(heading).strip().lower().replace(" ", "_")


def _word(field: str, value: str) -> str:
    return _WORDS.get(field, {}).get(value, value.lower() if field in _WORDS else value)
