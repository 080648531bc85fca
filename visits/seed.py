"""Reference rows of every installation: channels, outcomes, occasions and what counts (CON-5, 6, 8, 9; decisions 7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from visits.choices import Category, Direction, Feature, Party, ServiceKind, WorkClass

FROM_THE_START = date(2000, 1, 1)

# Code, Chinese, English, on-site, face to face, offered in the log sheet, slots of a day (decisions 10 and 11).
CHANNELS: tuple[tuple[str, str, str, bool, bool, bool, int], ...] = (
    ("phone", "电话沟通", "Phone", False, False, True, 1),
    ("on_site", "上门拜访", "On-site visit", True, True, True, 2),
    ("reception", "接待", "Reception", False, True, True, 1),
    ("wechat", "微信沟通", "WeChat", False, False, True, 1),
    ("sms", "短信", "SMS", False, False, True, 1),
    ("mms", "彩信", "MMS", False, False, True, 1),
    ("letter", "信函", "Letter", False, False, True, 1),
    ("email", "电子邮件", "E-mail", False, False, True, 1),
    ("symposium", "座谈会", "Symposium", False, True, True, 1),
    ("activity", "活动", "Activity", False, True, True, 1),
)
# Code, Chinese, English, effective, an attempt that failed to reach the customer.
OUTCOMES: tuple[tuple[str, str, str, bool, bool], ...] = (
    ("effective", "已沟通", "Effective", True, False),
    ("no_answer", "未接通", "No answer", False, True),
    ("refused", "拒绝", "Refused", False, False),
    ("dissatisfied", "不满", "Dissatisfied", False, False),
    ("message_left", "仅留言", "Only a message left", False, True),
)
_DEVELOPMENT, _MAINTENANCE, _SALES = WorkClass.DEVELOPMENT, WorkClass.MAINTENANCE, WorkClass.SALES
_COMMUNICATION, _ADDITIONAL = ServiceKind.COMMUNICATION, ServiceKind.ADDITIONAL
# Code, Chinese, English, class of work (ORG-8), category and kind of service (CON-38).
OCCASIONS: tuple[tuple[str, str, str, WorkClass, Category, ServiceKind], ...] = (
    ("care", "客户关怀", "Care", _MAINTENANCE, Category.CARE, _COMMUNICATION),
    ("enquiry", "业务咨询", "Business enquiry", _MAINTENANCE, Category.ENQUIRY, _COMMUNICATION),
    ("promotion", "品牌和资费推广", "Brand and tariff promotion", _SALES, Category.NEED, _COMMUNICATION),
    ("marketing", "阶段性营销", "Phased marketing", _SALES, Category.NEED, _COMMUNICATION),
    ("reward", "回馈服务活动", "Reward activity", _MAINTENANCE, Category.REWARD, _ADDITIONAL),
    ("guaranteed", "担保办理业务", "Guaranteed handling", _MAINTENANCE, Category.HANDLING, _COMMUNICATION),
    ("sim", "更换专属SIM卡", "Exclusive SIM replacement", _MAINTENANCE, Category.HANDLING, _ADDITIONAL),
    ("need", "了解需求", "Finding out needs", _DEVELOPMENT, Category.NEED, _COMMUNICATION),
    ("complaint", "处理投诉", "Complaint", _MAINTENANCE, Category.NEED, _COMMUNICATION),
    ("retention", "离网挽留", "Retention", _MAINTENANCE, Category.CARE, _COMMUNICATION),
    ("other", "其他", "Other", _MAINTENANCE, Category.CARE, _COMMUNICATION),
)

PARTIES_THAT_COUNT = (Party.RECORD, Party.COVER, Party.PRESENCE)
"""Decisions 7: the manager of record, his cover, or somebody in his presence; a visit to a hall does not count."""
HOSTED_BY_ANYBODY = ("symposium", "activity")
"""Decisions 7: attendance at an activity or symposium counts whoever hosts."""


def counting_cells() -> list[tuple[str, str, str, str, bool]]:
    """Every cell that counts in a fresh installation: channel, direction, who, outcome, bulk.

    CON-8: only an effective contact; D7: bulk SMS never counts, so no bulk cell is here. No row: does not count.
    """
    effective = [code for code, _zh, _en, is_effective, _failed in OUTCOMES if is_effective]
    return [
        (channel, direction.value, party.value, outcome, False)
        for channel, *_rest in CHANNELS
        for direction in Direction
        for party in Party
        if party in PARTIES_THAT_COUNT or channel in HOSTED_BY_ANYBODY
        for outcome in effective
    ]


def seed_catalogue(channel_model: Any, outcome_model: Any, occasion_model: Any, rule_model: Any) -> None:
    """Make the rows that are missing; what people have changed since stays as it is."""
    for position, (code, zh, en, on_site, face, offered, slots) in enumerate(CHANNELS, 1):
        _ensure(
            channel_model, code, zh, en, position,
            is_on_site=on_site, is_face_to_face=face, is_offered=offered, slots=slots,
        )  # fmt: skip
    for position, (code, zh, en, effective, failed) in enumerate(OUTCOMES, 1):
        _ensure(outcome_model, code, zh, en, position, is_effective=effective, is_failed_attempt=failed)
    for position, (code, zh, en, work_class, category, kind) in enumerate(OCCASIONS, 1):
        _ensure(
            occasion_model, code, zh, en, position,
            work_class=work_class.value, category=category.value, service_kind=kind.value,
        )  # fmt: skip
    channels = dict(channel_model.objects.values_list("code", "id"))
    outcomes = dict(outcome_model.objects.values_list("code", "id"))
    rule_model.objects.bulk_create(
        (
            rule_model(
                channel_id=channels[channel], direction=direction, party=party, outcome_id=outcomes[outcome],
                is_bulk=is_bulk, counts=True, effective_from=FROM_THE_START,
            )
            for channel, direction, party, outcome, is_bulk in counting_cells()
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def _ensure(model: Any, code: str, zh: str, en: str, position: int, **more: Any) -> None:
    model.objects.get_or_create(code=code, defaults={"label_zh": zh, "label_en": en, "position": position, **more})


LINE_WITH_EVERYTHING = "channel"


def seed_switches(switch_model: Any) -> None:
    """Issue 3: everything is on for the channel line and off for VIP and group, which need no row to be off."""
    switch_model.objects.bulk_create(
        (
            switch_model(
                feature=feature, line=LINE_WITH_EVERYTHING, unit=None, is_on=True, effective_from=FROM_THE_START
            )
            for feature in Feature.values
        ),
        ignore_conflicts=True,
    )
