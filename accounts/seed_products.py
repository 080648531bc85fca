"""The catalogue of every installation (SAL-1, SAL-2); headquarters may change and add."""

from __future__ import annotations

from typing import Any


def _attribute(code: str, zh: str, en: str, kind: str, *, required: bool = False, most: int | None = None) -> Any:
    return {"code": code, "label_zh": zh, "label_en": en, "kind": kind, "required": required, "most": most}


# Code, Chinese, English, category, uses a month from which a member is active, unit of use, needs consent, attributes.
CATALOGUE: tuple[tuple[str, str, str, str, int | None, tuple[str, ...], bool, tuple[Any, ...]], ...] = (
    ("VPMN", "集团网", "Group network (VPMN)", "group", 1, ("次通话", "calls"), False,
     (_attribute("short_prefix", "短号段", "Short-number range", "text"),
      _attribute("members", "成员数", "Members", "number"))),
    ("GRBT", "集团彩铃", "Group ring-back tone", "group", None, ("次播放", "plays"), False,
     (_attribute("tone", "铃音", "Tone", "text"),)),
    ("LEASED", "集团专线", "Leased line", "group", None, ("GB", "GB"), False,
     (_attribute("bandwidth", "带宽（Mbps）", "Bandwidth (Mbps)", "number", required=True),
      _attribute("address", "装机地址", "Installed at", "text"))),
    ("HANDSET", "集团统谈手机", "Group-negotiated handsets", "group", None, ("台", "devices"), False,
     (_attribute("model", "机型", "Model", "text"), _attribute("devices", "台数", "Devices", "number"))),
    ("SHORTSMS", "短号短信", "Short-number SMS", "group", 3, ("条", "messages"), False, ()),
    ("PARENT", "亲子行套餐", "Parent-child plan", "personal", 1, ("次定位", "locations"), True,
     (_attribute("callable_numbers", "可拨打号码", "Numbers that may be called", "numbers", required=True, most=3),
      _attribute("locatable", "可随时定位", "Can be located at any time", "flag"),
      _attribute("handset", "手机型号", "Handset", "text"))),
    ("MARS", "MARS", "MARS", "group", None, ("次使用", "uses"), False, ()),
    ("SCHOOL", "校讯通", "School link", "group", 1, ("条", "messages"), False,
     (_attribute("classes", "班级数", "Classes", "number"),)),
    ("DEPOSIT", "集团存费送费", "Group deposit bonus", "group", None, ("元", "CNY"), False,
     (_attribute("deposit", "预存（元）", "Deposit (CNY)", "number", required=True),
      _attribute("bonus", "赠送（元）", "Bonus (CNY)", "number"))),
)  # fmt: skip


def seed_products(product: Any) -> None:
    """Make the products that are missing; the model is given, so that a migration can use it."""
    for position, (code, zh, en, category, least, unit, needs_consent, attributes) in enumerate(CATALOGUE, start=101):
        defaults = {
            "name": zh, "label_en": en, "category": category, "min_uses_per_member": least, "use_unit": list(unit),
            "needs_consent": needs_consent, "attributes": list(attributes), "position": position,
        }  # fmt: skip
        product.objects.get_or_create(code=code, defaults=defaults)
