"""Reference rows of every installation: categories, order types, targets, service phrases (CMP-2, 16…26, SAL-18)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

FROM_THE_START = date(2000, 1, 1)

# Code, Chinese, English, caused by selling, a violation on the scorecard (CMP-26, CMP-38, CON-13).
CATEGORIES: tuple[tuple[str, str, str, bool, bool], ...] = (
    ("network", "网络质量", "Network", False, False),
    ("billing", "计费与账单", "Billing", False, False),
    ("service_attitude", "服务态度", "Service attitude", False, False),
    ("off_hours_refusal", "非工作时间拒绝服务", "Refused outside office hours", False, True),
    ("unrequested", "擅自开通业务", "Unrequested subscription", True, False),
    ("misleading_sale", "误导销售", "Misleading sale", True, False),
    ("product_quality", "产品质量", "Product quality", False, False),
    ("guarantee", "担保办理业务", "Guarantee handling", False, False),
    ("other", "其他", "Other", False, False),
)

_PAPERS = ["check_papers", "核对证件", "Check the papers"]
_ORDER = ["enter_order", "录入业务系统", "Enter the order"]
_CONFIRM = ["confirm", "客户确认办理结果", "The customer confirms"]
# Code, Chinese, English, the manager completes it himself (SAL-41), cannot wait, steps (SAL-26). The six of SAL-18
# and the lost SIM; which of them a manager completes is our default.
ORDER_TYPES: tuple[tuple[str, str, str, bool, bool, list[list[str]]], ...] = (
    ("open_account", "开户", "Open an account", False, False, [_PAPERS, _ORDER, _CONFIRM]),
    ("replace_card", "补卡", "Replace a SIM card", False, True, [_PAPERS, _ORDER, _CONFIRM]),
    ("bank_collection", "托收", "Bank collection", False, False,
     [_PAPERS, ["sign_mandate", "签托收协议", "Sign the mandate"], _ORDER, _CONFIRM]),
    ("roaming", "国际漫游", "International roaming", True, True, [_PAPERS, _ORDER, _CONFIRM]),
    ("bill_request", "账单需求", "Bill request", True, False,
     [_PAPERS, ["send_bill", "出具账单", "Hand out the bill"]]),
    ("credit", "信用管理", "Credit management", False, False,
     [["check_credit", "核查信用", "Check the credit"], _ORDER, _CONFIRM]),
    ("suspend_lost", "挂失停机", "Suspend a lost SIM", True, True, [_PAPERS, _ORDER]),
)  # fmt: skip

DAY = 24 * 60
# Kind, tier code or "", level or "", first reply, update, solution (minutes), hours. CMP-2, CON-32; all ours:
# 2 h, then 24 h for diamond and gold, 48 h for others.
TARGETS: tuple[tuple[str, str, str, int, int | None, int, str], ...] = (
    ("complaint", "diamond", "", 120, DAY, DAY, "always"),
    ("complaint", "gold", "", 120, DAY, DAY, "always"),
    ("complaint", "", "", 120, DAY, 2 * DAY, "always"),
    ("complaint", "", "major", 30, 12 * 60, DAY, "always"),
    ("quality", "", "", 240, 2 * 450, 5 * 450, "office"),
    ("need", "", "", 120, 2 * 450, 5 * 450, "office"),
    ("enquiry", "", "", 120, None, 450, "office"),
    ("handling", "", "", 60, None, 450, "office"),
    ("handling", "", "major", 30, None, 120, "always"),
)

# Number, the words as given, wordings that mean it, a kinder wording (CMP-17…23). 8–10: missing in the source (G2).
# A wording that ends with 。 or ! counts at the end of a clause only (complaints.rules.phrases).
PHRASES: tuple[tuple[int, str, str, str], ...] = (
    (1, "这种问题,我们从未听说过,你是第一个",
     "我们从未听说过\n从来没听说过\n从来没有听说过\n从没听说过\n"
     "你是第一个。\n你是第一个说\n你是第一个反映\n你是第一个遇到\n你是第一个投诉",
     "您说的情况我记下来了，我马上去核实，今天给您回话。"),
    (2, "这种事就是这样的,原厂设计出厂时就这样了",
     "这种事就是这样\n原厂设计就\n原厂设计出厂\n出厂时就这样\n出厂就这样\n设计就是这样",
     "我理解这样用起来不方便，我把您的意见反映上去，也看看有没有别的办法。"),
    (3, "还好嘛,我看其实也没什么啊",
     "还好嘛\n我看其实也没什么\n其实也没什么啊\n其实也没什么。\n我看没什么。\n我看也没什么。\n没什么大不了",
     "给您添麻烦了，您觉得最不方便的是哪一点？"),
    (4, "哪有十全十美的,哪有100%的无瑕疵",
     "哪有十全十美\n没有十全十美\n哪有100%\n哪有百分之百\n哪有百分百\n无瑕疵",
     "这次没有做好，对不起。我们来看怎样补救。"),
    (5, "不可能!绝对不可能有这种事情发生!",
     "绝对不可能\n不可能有这种事\n不可能发生这种事\n不可能发生。\n不可能!\n这不可能!\n这怎么可能!",
     "您别着急，我马上查一下是怎么回事。"),
    (6, "会不会是你们自己操控不当才",
     "自己操控不当\n自己操作不当\n会不会是你们自己\n会不会是你自己\n你自己弄错\n你们自己弄错",
     "我们一起从头看一遍操作，我来帮您找原因。"),
    (7, "我不负责检查网络,我只负责客户服务",
     "我不负责检查网络\n不归我负责\n不归我管\n不归我们管\n我只负责客户服务\n这不是我的事\n这不关我的事",
     "这件事我来跟进，我联系网络部门，有结果就告诉您。"),
    (8, "", "", ""),
    (9, "", "", ""),
    (10, "", "", ""),
)  # fmt: skip


def seed_reference(category: Any, order_type: Any, sla_rule: Any, phrase: Any, tier: Any) -> None:
    """Write the reference rows; the models are given, so that a migration can use it."""
    category.objects.bulk_create(
        category(code=code, label_zh=zh, label_en=en, is_sales=sales, is_violation=violation, position=place)
        for place, (code, zh, en, sales, violation) in enumerate(CATEGORIES)
    )
    order_type.objects.bulk_create(
        order_type(
            code=code, label_zh=zh, label_en=en, manager_completes=own, is_urgent=urgent, steps=steps, position=place
        )
        for place, (code, zh, en, own, urgent, steps) in enumerate(ORDER_TYPES)
    )
    tiers = dict(tier.objects.values_list("code", "pk"))
    sla_rule.objects.bulk_create(
        sla_rule(
            kind=kind, tier_id=tiers.get(code) if code else None, level=level, first_reply_minutes=first,
            update_minutes=update, solution_minutes=solution, hours=hours, effective_from=FROM_THE_START,
        )
        for kind, code, level, first, update, solution, hours in TARGETS
    )  # fmt: skip
    phrase.objects.bulk_create(
        phrase(number=number, text=text, wordings=wordings, kinder=kinder) for number, text, wordings, kinder in PHRASES
    )


def seed_office_hours(office_hours: Any) -> None:
    """Half past eight to noon, half past one to half past five: ours (450 minutes a day)."""
    office_hours.objects.get_or_create(
        effective_from=FROM_THE_START,
        defaults={"opens": time(8, 30), "lunch_from": time(12), "lunch_to": time(13, 30), "closes": time(17, 30)},
    )
