"""Kinds of reports: sections, period, due day (PLAN-9…14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.choices import Period
from accounts.rules import period_end, period_start
from crm.core.rules import Calendar
from visits.choices import Feature, ReportKind, ReportSection
from visits.rules.freeze import report_due_on

MOST_LETTERS = 4000


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of report is made of. `feature`: only where it is switched on for the line; `readers` reads it."""

    kind: str
    period: str
    title: str
    sections: tuple[str, ...]
    feature: str = ""
    reader_role: str = ""


KINDS: dict[str, KindRule] = {
    # PLAN-12: a) overall sales, b) problems, causes, countermeasures, c) main opinions, d) forecast.
    ReportKind.MONTHLY_SALES: KindRule(
        ReportKind.MONTHLY_SALES,
        Period.MONTH,
        "客户月度销售情况分析报告",
        (ReportSection.SALES, ReportSection.PROBLEMS, ReportSection.OPINIONS, ReportSection.FORECAST),
        feature=Feature.MONTHLY_REPORT,
        reader_role="regional_market_manager",
    ),
    # PLAN-14: periodic (ours: quarterly), with measures for improvement.
    ReportKind.SERVICE_ANALYSIS: KindRule(
        ReportKind.SERVICE_ANALYSIS,
        Period.QUARTER,
        "客服工作分析和总结",
        (ReportSection.SUMMARY, ReportSection.ANALYSIS, ReportSection.MEASURES),
        reader_role="supervisor",
    ),
}


def last_period(kind: str, today: date) -> tuple[date, date]:
    """The period that ended last before the period of this day began: what is reported on now (PLAN-9)."""
    rule = KINDS[kind]
    ends_on = period_start(rule.period, today).toordinal() - 1
    last = date.fromordinal(ends_on)
    return period_start(rule.period, last), period_end(rule.period, last)


def due_on(kind: str, ends_on: date, calendar: Calendar, *, report_day: int) -> date:
    """PLAN-11: by the 5th of the month after the period, moved to the next working day; the same for every kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    return report_due_on(ends_on, calendar, report_day=report_day)


def empty_sections(kind: str, sections: Mapping[str, str]) -> list[str]:
    """PLAN-12: mandatory sections in which nothing is written."""
    return [code for code in KINDS[kind].sections if not sections.get(code, "").strip()]
