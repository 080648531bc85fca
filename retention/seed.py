"""Reference rows of every installation: who may win a customer (RET-14)."""

from __future__ import annotations

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
