"""The indicators of every installation and their targets (KPI-11, KPI-19…48; requirements 3.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

FROM_THE_START = date(2000, 1, 1)

# Code, category, sub-item, method, measure ("": entered), direction, period, display, Chinese, English, source.
INDICATORS: tuple[tuple[str, int, int, str, str, str, str, str, str, str, str], ...] = (
    ("F1", 1, 1, "system", "churn_vip", "down", "month", "percent",
     "全部VIP累计离网率", "VIP churn, year to date", "KPI-19 RET-1"),
    ("F2", 1, 1, "system", "churn_diamond_gold", "down", "month", "percent",
     "钻金卡累计离网率", "Diamond and gold churn, year to date", "KPI-19 RET-2"),
    ("F3a", 1, 1, "system", "churn_groups_ported", "down", "month", "percent",
     "集团累计转网率", "Groups ported out, year to date", "RET-9"),
    ("F3b", 1, 1, "system", "churn_groups_left", "down", "month", "percent",
     "集团累计离网率", "Groups that left, year to date", "RET-9"),
    ("F4a", 1, 2, "system", "churn_report_on_time", "up", "month", "percent",
     "离网报表及时率", "Churn reports on time", "KPI-23"),
    ("F4b", 1, 2, "system", "churn_report_accurate", "up", "month", "percent",
     "离网报表准确率", "Churn reports accurate", "KPI-23"),
    ("F5", 1, 3, "system", "warnings_handled", "up", "month", "percent",
     "预警及时处理率", "Warnings handled in time", "KPI-20"),
    ("F6a", 1, 3, "system", "save_attempted", "up", "month", "percent", "挽留实施率", "Retention attempted", "KPI-21"),
    ("F6b", 1, 3, "system", "save_succeeded", "up", "month", "percent", "挽留成功率", "Retention succeeded", "KPI-21"),
    ("F7", 1, 3, "system", "churn_analysed", "up", "month", "percent",
     "离网分析完成率", "Churn analyses done", "KPI-22"),
    ("F8", 2, 1, "survey", "", "up", "year", "score", "对移动公司的整体满意度", "Overall satisfaction", "KPI-24"),
    ("F9", 2, 2, "survey", "", "up", "year", "score", "对客户经理的满意度", "Satisfaction with the manager", "KPI-25"),
    ("F12", 3, 1, "mystery", "calls_24h", "up", "quarter", "percent",
     "24小时服务接通率", "24-hour service reached", "KPI-26"),
    ("F13", 3, 2, "exam", "", "up", "quarter", "score", "业务考试成绩", "Knowledge exam", "KPI-27"),
    ("F14", 3, 3, "system", "contact_diamond_gold", "up", "month", "percent",
     "钻金卡沟通达标率", "Diamond and gold contact", "KPI-28 CON-1"),
    ("F15", 3, 3, "system", "contact_silver", "up", "quarter", "percent",
     "银卡沟通达标率", "Silver contact", "KPI-28 CON-2"),
    ("F16", 3, 3, "system", "face_to_face", "up", "quarter", "percent",
     "重要VIP面谈率", "Important VIPs met in person", "KPI-30 CON-4"),
    ("F17", 3, 4, "mystery", "", "up", "quarter", "percent", "客户掌握度", "Knows own customers", "KPI-29"),
    ("F18", 3, 5, "callback", "", "up", "quarter", "percent", "客户熟识度", "Known by customers", "KPI-31"),
    ("F19", 3, 6, "system", "profile_complete", "up", "month", "percent",
     "资料完整率", "Profiles complete", "KPI-32 CUS-9"),
    ("F20", 3, 6, "callback", "", "up", "quarter", "percent", "资料准确率", "Profiles accurate", "KPI-33"),
    ("F21", 3, 7, "system", "policy_coverage", "up", "month", "percent",
     "服务政策覆盖率", "Service policy coverage", "KPI-34"),
    ("F23a", 3, 8, "system", "", "up", "year", "percent", "客户经理活动参与率", "Rewards taken part in", "KPI-35"),
    ("F24a", 3, 9, "system", "complaints_justified", "down", "month", "count",
     "有理由投诉数", "Justified complaints", "KPI-36"),
    ("F24b", 3, 9, "system", "complaints_per_hundred", "down", "month", "per_hundred",
     "百户投诉率", "Complaints per hundred VIP customers", "KPI-36"),
    ("F25a", 3, 9, "system", "complaints_in_time", "up", "month", "percent",
     "投诉及时解决率", "Complaints solved in time", "KPI-36"),
    ("F25b", 3, 9, "system", "complaints_satisfied", "up", "month", "percent",
     "投诉处理满意率", "Satisfied with the handling", "KPI-36"),
    ("F26a", 3, 10, "system", "plans_on_time", "up", "month", "percent",
     "计划提交及时率", "Plans on time", "KPI-37"),
    ("F26b", 3, 10, "system", "logs_kept", "up", "month", "percent", "工作日志完成率", "Work logs kept", "KPI-37"),
    ("F26c", 3, 10, "system", "work_reviewed", "up", "month", "percent",
     "计划日志审核率", "Plans and logs reviewed", "KPI-37"),
    ("F27", 3, 10, "system", "plan_items_done", "up", "month", "percent",
     "访问计划完成率", "Planned visits done", "KPI-37 PLAN-7"),
    ("F28", 3, 10, "system", "visits_signed", "up", "month", "percent",
     "客户签字率", "Visits signed by the customer", "CON-24"),
    ("F29", 3, 10, "system", "special_visits_in_time", "up", "month", "percent",
     "特殊访问及时率", "Special visits in time", "PLAN-8"),
    ("F30", 3, 10, "system", "monthly_reports_on_time", "up", "month", "percent",
     "月报及时率", "Monthly reports on time", "PLAN-11"),
    ("F31", 4, 1, "mystery", "", "up", "quarter", "score", "活动新颖有效性", "Activities: new and effective", "KPI-38"),
    ("F22", 4, 2, "system", "", "up", "year", "percent", "活动覆盖率", "Activity coverage", "KPI-39"),
    ("F23", 4, 3, "system", "", "up", "year", "percent", "活动参与率", "Activity participation", "KPI-40"),
    ("F32", 4, 4, "system", "", "up", "quarter", "percent", "活动规范率", "Activities by the rules", "KPI-41"),
    ("F33", 4, 5, "system", "", "up", "quarter", "percent", "活动反馈及时率", "Activity feedback in time", "KPI-42"),
    ("F34", 4, 5, "mystery", "", "up", "quarter", "percent", "稽核一次通过率", "Audits passed at once", "KPI-43"),
    ("F35a", 5, 1, "mystery", "", "up", "year", "score", "俱乐部建设得分", "Building the club", "KPI-44"),
    ("F35b", 5, 2, "mystery", "", "up", "year", "score", "俱乐部日常管理得分", "Running the club", "KPI-45"),
    ("F36", 6, 1, "system", "assigned_tasks_done", "up", "month", "percent",
     "省市工作落实率", "Tasks of province and city done", "KPI-46 PLAN-17"),
    ("F37a", 6, 2, "system", "reports_on_time", "up", "month", "percent",
     "报表反馈及时率", "Reports on time", "KPI-47 PLAN-23"),
    ("F37b", 6, 2, "system", "reports_accurate", "up", "month", "percent",
     "报表反馈准确率", "Reports accurate", "KPI-47 PLAN-23"),
    ("F38", 6, 3, "mystery", "unit_rules", "up", "year", "score",
     "考核制度得分", "The unit's own assessment rules", "KPI-48"),
    ("F39", 7, 1, "system", "quota_done", "up", "month", "percent",
     "任务完成率", "Sales quota reached", "SAL-3 SAL-7"),
    ("F40", 7, 3, "system", "active_members", "up", "month", "percent",
     "产品活跃率", "Members active in their products", "SAL-6"),
    ("F41", 7, 2, "system", "arrears_collected", "up", "month", "percent",
     "欠费回收率", "Arrears collected", "SAL-23"),
    ("F43", 8, 1, "system", "response_time", "down", "month", "minutes",
     "需求响应时长", "Time to the first response", "CON-32 CMP-36"),
    ("F44", 8, 2, "system", "revenue_of_top_fifth", "none", "month", "percent",
     "前20%客户收入占比", "Revenue of the top 20 %", "CUS-22"),
    ("F45", 8, 3, "system", "net_customers", "up", "month", "count", "客户净增", "Net customers", "RET-18"),
    ("F46", 8, 4, "system", "calls_within_limit", "none", "month", "percent",
     "通话10分钟内占比", "Calls of at most ten minutes", "KPI-53 CON-28"),
    ("F47", 8, 5, "system", "outings_registered", "up", "month", "percent",
     "外出登记率", "Outings registered", "SEC-7"),
    ("F49", 8, 6, "callback", "records_confirmed", "up", "month", "percent",
     "记录真实率", "Records confirmed by callback", "CON-34"),
    ("F50", 8, 7, "system", "key_change_delay", "down", "month", "days",
     "重大变化上报时长", "Days until a key change is reported", "CUS-20"),
    ("Q1", 8, 8, "system", "quality_customers", "up", "month", "count",
     "优质客户数", "Quality customers", "ORG-30"),
)  # fmt: skip

# Code → target, strict, source. Those of requirements 3.5 in figures carry its id, the others are our defaults.
TARGETS: dict[str, tuple[str, bool, str]] = {
    "F1": ("3.5", True, "RET-1"), "F2": ("2", True, "RET-2"), "F4a": ("100", False, "ours"),
    "F4b": ("100", False, "ours"), "F5": ("100", False, "ours"), "F6a": ("100", False, "KPI-21"),
    "F7": ("100", False, "KPI-22"), "F12": ("100", False, "KPI-26"), "F14": ("100", False, "CON-1"),
    "F15": ("100", False, "CON-2"), "F16": ("100", False, "CON-4"), "F19": ("100", False, "KPI-32"),
    "F22": ("100", False, "ENG-8"), "F23": ("85", False, "ENG-8"), "F21": ("100", False, "ENG-5"),
    "F24a": ("0", False, "KPI-36"), "F25a": ("100", False, "KPI-36"), "F25b": ("85", False, "ours"),
    "F26a": ("100", False, "KPI-37"), "F26b": ("100", False, "KPI-37"), "F26c": ("100", False, "KPI-37"),
    "F27": ("80", False, "ours"), "F28": ("100", False, "CON-24"), "F29": ("100", False, "PLAN-8"),
    "F30": ("100", False, "PLAN-11"), "F33": ("100", False, "KPI-42"), "F36": ("100", False, "KPI-46"),
    "F37a": ("100", False, "KPI-47"), "F37b": ("100", False, "KPI-47"), "F39": ("100", False, "SAL-3"),
    "F40": ("100", False, "SAL-6"), "F41": ("90", False, "ours"),
    "F43": ("120", False, "ours"), "F45": ("0", False, "RET-18"), "F47": ("100", False, "SEC-7"),
    "F49": ("100", False, "CON-34"), "F50": ("1", False, "ours"),
}  # fmt: skip


def seed_indicators(indicators: Any, targets: Any) -> None:
    """Make the indicators and their first targets; the two arguments are the models (historic ones in a migration)."""
    for position, row in enumerate(INDICATORS):
        code, category, sub_no, method, measure, direction, period, display, zh, en, source = row
        found, _made = indicators.objects.get_or_create(
            code=code,
            defaults={
                "category": category, "sub_no": sub_no, "method": method, "measure": measure, "direction": direction,
                "period": period, "display": display, "label_zh": zh, "label_en": en, "source": source,
                "position": position,
            },
        )  # fmt: skip
        if code in TARGETS:
            value, is_strict, of = TARGETS[code]
            targets.objects.get_or_create(
                indicator=found,
                effective_from=FROM_THE_START,
                defaults={"value": Decimal(value), "is_strict": is_strict, "source": of},
            )
