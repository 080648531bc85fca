"""Reference rows of every installation: tiers and what is owed to them (CUS-1, CUS-3, CON-1, 2, 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.choices import CustomerKind, Period, Purpose

FROM_THE_START = date(2000, 1, 1)

OURS = "ours"
"""The source documents don't give this cadence; the tiers page says so (D3)."""

# Code, rank, Chinese, English, contact period and where the period comes from.
VIP_TIERS: tuple[tuple[str, int, str, str, Period, str], ...] = (
    ("diamond", 1, "钻石卡", "Diamond", Period.MONTH, "CON-1"),
    ("gold", 2, "金卡", "Gold", Period.MONTH, "CON-1"),
    ("silver", 3, "银卡", "Silver", Period.QUARTER, "CON-2"),
)
LEVEL_PERIODS: tuple[Period, ...] = (Period.MONTH, Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR)
LEVEL_LABELS: dict[CustomerKind, tuple[str, str]] = {
    CustomerKind.GROUP: ("集团{}级", "Group level {}"),
    CustomerKind.CHANNEL: ("渠道{}级", "Channel level {}"),
}
FACE_TO_FACE_PERIOD = Period.QUARTER
"""CON-4: important VIPs are met face to face; once a quarter is our default."""


def tier_rows() -> list[tuple[str, str, int, str, str, Period, str]]:
    """Every tier of a fresh installation: kind, code, rank, labels, contact period, its source."""
    rows = [(CustomerKind.VIP.value, *row) for row in VIP_TIERS]
    for kind, (zh, en) in LEVEL_LABELS.items():
        for level, period in enumerate(LEVEL_PERIODS, start=1):
            rows.append((kind.value, f"level{level}", level, zh.format(level), en.format(level), period, OURS))
    return rows


def seed_tiers(tier_model: Any, rule_model: Any) -> None:
    """Make the tiers and rules that are missing; what people have changed since stays as it is."""
    for kind, code, rank, label_zh, label_en, period, source in tier_rows():
        tier, created = tier_model.objects.get_or_create(
            kind=kind, code=code, defaults={"rank": rank, "label_zh": label_zh, "label_en": label_en}
        )
        if created or not rule_model.objects.filter(tier=tier, purpose=Purpose.CONTACT.value).exists():
            rule_model.objects.create(
                tier=tier,
                purpose=Purpose.CONTACT.value,
                period=period.value,
                effective_from=FROM_THE_START,
                source=source,
            )
    if not rule_model.objects.filter(tier=None, purpose=Purpose.FACE_TO_FACE.value).exists():
        rule_model.objects.create(
            tier=None,
            purpose=Purpose.FACE_TO_FACE.value,
            period=FACE_TO_FACE_PERIOD.value,
            effective_from=FROM_THE_START,
            source=OURS,
        )


# Our default of what a profile must hold (CUS-9, CUS-27); headquarters changes it on a page.
REQUIRED: dict[CustomerKind, dict[str, tuple[str, ...]]] = {
    CustomerKind.VIP: {
        "basic": ("phone", "sex", "birthday", "district", "joined_on"),
        "preferences": ("preferred_channel", "sports", "reward_preference"),
        "private": ("occupation", "employer"),
    },
    CustomerKind.GROUP: {
        "basic": ("phone", "business_address", "credit_code", "industry", "district"),
        "preferences": ("preferred_channel",),
        "contacts": ("contact_person", "leader", "telecom_admin"),
    },
    CustomerKind.CHANNEL: {
        "basic": ("phone", "business_address", "district", "licence_no", "licence_until"),
        "contacts": ("contact_person",),
    },
}


def seed_required_fields(required_field_model: Any) -> None:
    """The policy of a fresh installation; a kind that has any policy is left alone."""
    for kind, groups in REQUIRED.items():
        if not required_field_model.objects.filter(kind=kind.value).exists():
            required_field_model.objects.bulk_create(
                required_field_model(kind=kind.value, group=group, field=name, effective_from=FROM_THE_START)
                for group, fields in groups.items()
                for name in fields
            )
