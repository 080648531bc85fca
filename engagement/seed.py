"""Reference rows of every installation: what VIPs may have and what may be offered to who wants to leave (ENG-6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

VIPS = ("diamond", "gold", "silver")
UPPER = ("diamond", "gold")

# Code, kind, Chinese, English, benefits in Chinese and English, cost a year (CNY), VIP tiers; none: everybody.
# ENG-6 names the first four; costs, tiers and the other rows are our defaults, headquarters changes them on a page.
POLICIES: tuple[tuple[str, str, str, str, str, str, str, tuple[str, ...]], ...] = (
    ("credit_service", "service", "信誉客户服务", "Credit-worthy customer service",
     "按信誉度授予透支额度，欠费不立即停机。", "Credit by standing: no immediate stop when a bill is late.", "0", VIPS),
    ("bill_service", "service", "账单服务", "Billing service",
     "每月寄送详细账单，由客户经理解读。", "A detailed bill every month, explained by the manager.", "60", VIPS),
    ("roaming_service", "service", "国际漫游服务", "International roaming service",
     "免押金开通国际漫游，出境前提醒与境外专线。",
     "Roaming without deposit, a reminder before the journey and a line abroad.", "120", UPPER),
    ("guaranteed_handling", "service", "客户经理担保办理业务", "Handling guaranteed by the manager",
     "证件不全时由客户经理担保先行办理，限期补齐。",
     "Business is done on the manager's guarantee; papers follow by a set day.", "0", UPPER),
    ("renewal_gift", "marketing", "续约送话费", "Credit for renewing",
     "续约12个月，按月返还话费。", "Renew for 12 months, credit comes back every month.", "360", ()),
    ("handset_subsidy", "marketing", "购机补贴", "Handset subsidy",
     "承诺在网24个月，购机立减。", "A cheaper handset for 24 months on the network.", "800", VIPS),
    ("group_discount", "marketing", "集团资费优惠", "Group tariff discount",
     "集团成员资费9折，为期一年。", "Ten per cent off for the group's members for a year.", "2400", ()),
    ("upper_care", "care", "VIP客户特殊关怀", "Special care for VIPs",
     "专属套餐优惠、优先受理、领导上门致歉与回访。",
     "A tariff of his own, first in every queue, a visit by a leader.", "1200", UPPER),
    ("fee_waiver", "care", "减免月租", "Monthly fee waived",
     "挽留期间减免3个月月租。", "Three months without the monthly fee while we make it right.", "180", VIPS),
)  # fmt: skip


def seed_policies(policy: Any, tier: Any) -> None:
    """Make the policies that are missing; the models are given, so that a migration can use them."""
    vips = {row.code: row for row in tier.objects.filter(kind="vip")}
    for position, (code, kind, zh, en, benefits, benefits_en, cost, tiers) in enumerate(POLICIES):
        row, is_new = policy.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind, "label_zh": zh, "label_en": en, "benefits": benefits, "benefits_en": benefits_en,
                "cost": Decimal(cost), "position": position,
            },
        )  # fmt: skip
        if is_new:
            row.tiers.set([vips[name] for name in tiers if name in vips])
