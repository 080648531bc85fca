"""Reference rows of every installation: what a joining group is examined by, and what needs are about."""

from __future__ import annotations

from typing import Any

QUALIFICATION_RULES: tuple[tuple[str, str, str], ...] = (
    ("licence", "营业执照或组织机构证明真实有效", "Business licence or proof of registration is genuine and valid"),
    ("agent", "经办人身份证件及单位授权书齐全", "The agent's identity document and letter of authority are complete"),
    ("members", "集团成员数达到《集团客户发展规定》的要求", "The group has the members the development rules ask for"),
    ("address", "单位地址在本公司服务区域内且已实地核实", "The address lies in our area and was seen on site"),
    ("no_arrears", "单位及其成员无历史欠费", "Neither the group nor its members owe anything"),
    ("no_duplicate", "未在其他单位或渠道重复入网", "It has not joined through another unit or channel"),
)

NEED_TYPES: tuple[tuple[str, str, str], ...] = (
    ("voice", "语音通信", "Voice"),
    ("data_line", "专线与上网", "Leased lines and internet"),
    ("messaging", "短信与彩信", "Messaging"),
    ("application", "信息化应用", "Applications"),
    ("terminal", "终端", "Handsets and terminals"),
    ("tariff", "资费", "Tariffs"),
    ("coverage", "网络覆盖", "Network coverage"),
    ("service", "服务", "Service"),
    ("other", "其他", "Other"),
)


def seed_qualification_rules(rule: Any) -> None:
    """Make the lines of the checklist that are missing; the model is given, so that a migration can use it."""
    _seed(rule, QUALIFICATION_RULES)


def seed_need_types(need_type: Any) -> None:
    """Make the types of need that are missing."""
    _seed(need_type, NEED_TYPES)


def _seed(model: Any, rows: tuple[tuple[str, str, str], ...]) -> None:
    for position, (code, zh, en) in enumerate(rows):
        model.objects.get_or_create(code=code, defaults={"label_zh": zh, "label_en": en, "position": position})
