"""Reference rows of every installation: who may win a customer (RET-14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

COMPETITORS: tuple[tuple[str, str, str], ...] = (
    ("telecom", "中国电信", "China Telecom"),
    ("unicom", "中国联通", "China Unicom"),
    ("broadnet", "中国广电", "China Broadnet"),
    ("other", "其他", "Other"),
)


def seed_competitors(competitor: Any) -> None:
    """Make the competitors that are missing; the model is given, so that a migration can use it."""
    for position, (code, zh, en) in enumerate(COMPETITORS):
        competitor.objects.get_or_create(code=code, defaults={"label_zh": zh, "label_en": en, "position": position})


FROM_THE_START = date(2000, 1, 1)
# Kind of customer → CNY a year by rank of the tier: what a manager may offer without asking (RET-7; ours).
OFFER_LIMITS: dict[str, tuple[int, ...]] = {
    "vip": (3000, 2000, 800),
    "group": (20000, 10000, 5000, 2000, 1000),
    "channel": (5000, 3000, 2000, 1000, 500),
}
WITHOUT_TIER = 300


def seed_offer_limits(limit: Any, tier: Any) -> None:
    """Make the limits that are missing: one for each tier, one for customers without."""
    amounts = {None: WITHOUT_TIER}
    for row in tier.objects.all():
        steps = OFFER_LIMITS.get(row.kind, ())
        if 0 < row.rank <= len(steps):
            amounts[row.pk] = steps[row.rank - 1]
    for tier_id, amount in amounts.items():
        limit.objects.get_or_create(
            tier_id=tier_id,
            effective_from=FROM_THE_START,
            defaults={"amount": Decimal(amount), "source": "ours"},
        )
