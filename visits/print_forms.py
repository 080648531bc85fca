"""The printable forms under their official names (PLT-9), and the books of the journal beside them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.choices import ReportKind


@dataclass(frozen=True, slots=True)
class PrintForm:
    """A form: its official title, never translated, what it is in words, where it is printed from."""

    code: str
    title: str
    label: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    args: tuple[str, ...] = ()
    query: str = ""
    is_wide: bool = False
    is_official: bool = True
    abilities: tuple[str, ...] = ()
    """What its page takes beyond seeing customers."""


SCHEDULE = PrintForm(
    "schedule",
    "客户访问日程表",
    _("Schedule of customer visits"),
    _("The week plan of a manager, from the plan's page."),
    "calendar-week",
    "visits:plan",
    abilities=("plan_week", "view_team"),
)
SPECIAL = PrintForm(
    "special",
    "特殊访问记录",
    _("Record of a special visit"),
    _("One special situation, from its record."),
    "urgent",
    "visits:special_list",
)
BOOK = PrintForm(
    "book",
    "营销人员市场走访签到记录簿",
    _("Check-in book"),
    _("On-site visits with both signatures, by manager and date."),
    "signature",
    "visits:print_visits",
    ("book",),
    is_wide=True,
)
PROMOTION = PrintForm(
    "promotion",
    "宣传促销品签收单",
    _("Receipt of promotional goods"),
    _("Blank, or with a customer's name."),
    "gift",
    "visits:print_blank",
    ("promotion",),
)
SALES = PrintForm(
    "sales",
    "客户月度销售情况分析报告",
    _("Monthly sales analysis"),
    _("A monthly report, from the report's page."),
    "report-analytics",
    "visits:report_list",
    abilities=("write_reports", "read_reports"),
)
QUALITY = PrintForm(
    "quality",
    "商品及服务质量信息反馈单",
    _("Feedback on goods and service quality"),
    _("Blank, or with a customer's name."),
    "message-report",
    "visits:print_blank",
    ("quality",),
)
ACTIVITY = PrintForm(
    "activity",
    "活动反馈表",
    _("Feedback on an activity"),
    _("Blank, or with a customer's name."),
    "confetti",
    "visits:print_blank",
    ("activity",),
)
RECEPTION = PrintForm(
    "reception",
    "客户接待日志",
    _("Reception log"),
    _("Who came or called, by time."),
    "armchair",
    "visits:print_visits",
    ("reception",),
    is_wide=True,
    is_official=False,
)
JOURNAL = PrintForm(
    "journal",
    "客户经理工作日志",
    _("Work log"),
    _("Every contact of a day, by manager and date."),
    "notebook",
    "visits:print_visits",
    ("journal",),
    is_wide=True,
    is_official=False,
)

ANALYSIS = PrintForm(
    "analysis",
    "客服工作分析和总结",
    _("Analysis and summary of service work"),
    _("A periodic report, from the report's page."),
    "report-analytics",
    "visits:report_list",
    is_official=False,
)
COPY = PrintForm(
    "copy",
    "库存及建议订货单",
    _("Stock and suggested order"),
    _("The customer's copy of a visit, from the visit's page."),
    "clipboard-list",
    "visits:visit_list",
    is_official=False,
)

OFFICIAL = (SCHEDULE, SPECIAL, BOOK, PROMOTION, SALES, QUALITY, ACTIVITY)
BOOKS = {form.code: form for form in (BOOK, RECEPTION, JOURNAL)}
REPORTS = {ReportKind.MONTHLY_SALES.value: SALES, ReportKind.SERVICE_ANALYSIS.value: ANALYSIS}
BLANKS = {form.code: form for form in (PROMOTION, QUALITY, ACTIVITY)}
# ti-calendar-week ti-urgent ti-signature ti-gift ti-report-analytics ti-message-report ti-confetti
# ti-armchair ti-notebook ti-clipboard-list
