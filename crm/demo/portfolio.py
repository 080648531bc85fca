"""The demo operator's customers: who they are, whose they are, and what is known about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection

from accounts.choices import CustomerKind, CustomerState, Line, MarketBand, PreferredChannel, SimKind
from accounts.models import Assignment, Customer, ExternalId, Tier, TierHistory
from accounts.rules import add_months, name_vector, pinyin_of
from crm.demo.bulk import copy_rows, reserve_ids
from crm.demo.names import Namer
from crm.demo.organisation import BRANCHES, Member, Organisation

PORTFOLIO: dict[str, tuple[tuple[str, int], ...]] = {
    Line.VIP: ((CustomerKind.VIP, 200),),
    Line.GROUP: ((CustomerKind.GROUP, 130), (CustomerKind.VIP, 45)),
    Line.CHANNEL: ((CustomerKind.CHANNEL, 170),),
    Line.SERVICE_HALL: ((CustomerKind.VIP, 165), (CustomerKind.GROUP, 20)),
}
"""Customers of one manager by his line; 930 a branch."""
TOTAL = 6000
UNASSIGNED = 14
"""VIPs nobody looks after: the exception list has something to show."""

TIER_SHARES: dict[str, tuple[tuple[str, float], ...]] = {
    CustomerKind.VIP: (("diamond", 0.05), ("gold", 0.15), ("silver", 0.8)),
    CustomerKind.GROUP: (
        ("level1", 0.06),
        ("level2", 0.14),
        ("level3", 0.35),
        ("level4", 0.3),
        ("level5", 0.15),
    ),
    CustomerKind.CHANNEL: (("level1", 0.08), ("level2", 0.17), ("level3", 0.4), ("level4", 0.25), ("level5", 0.1)),
}
SPEND: dict[str, tuple[int, int]] = {
    "diamond": (900, 2600),
    "gold": (420, 895),
    "silver": (130, 418),
    "level1": (28000, 180000),
    "level2": (9000, 36000),
    "level3": (2600, 12000),
    "level4": (700, 3200),
    "level5": (150, 900),
}
SOURCE = "billing"
UNREACHABLE = ("M1001", "M1003", "M2001", "M3003", "M5003")
"""Managers one of whose customers does not answer this month."""
TIMES = ("工作日上午", "工作日下午", "周三、周四下午", "上午10点以后", "晚上不打扰", "午休后")
NOTES = (
    "说话直接，先讲结论再讲方案。",
    "套餐对账单要同时发财务一份。",
    "开会多，先发微信约时间再打电话。",
    "关心资费透明，介绍业务时带上书面说明。",
    "家里老人号码一并由他办理。",
    "常出差，国际漫游要提前提醒。",
)


@dataclass
class DemoCustomer:
    """One customer while the demo is being made."""

    id: int
    kind: str
    name: str
    unit_id: int
    district: str
    manager: Member | None
    tier: str
    joined_on: date
    sex: str = ""
    state: str = CustomerState.ACTIVE
    group_id: int | None = None
    is_important: bool = False
    neglect: float = 1.0  # how much of his manager's care reaches him
    silent_from: date | None = None
    is_unreachable: bool = False  # nobody answers this month
    person_ids: list[int] = field(default_factory=list)
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def is_person(self) -> bool:
        """A human rather than a company or a shop."""
        return self.kind in (CustomerKind.VIP, CustomerKind.ORDINARY)


def build_portfolio(
    random: Random, namer: Namer, organisation: Organisation, *, live_from: date, today: date, now: datetime
) -> list[DemoCustomer]:
    """Write the customers with external ids, tier history and assignments."""
    ids = iter(reserve_ids(Customer, TOTAL))
    drafts = list(_drafts(random, namer, organisation, ids, live_from=live_from))
    _silence_some(random, drafts, today)
    _write_customers(random, namer, organisation, drafts, live_from=live_from, today=today, now=now)
    _write_history(random, drafts, live_from=live_from)
    return drafts


def _drafts(
    random: Random, namer: Namer, organisation: Organisation, ids: Iterator[int], *, live_from: date
) -> Iterator[DemoCustomer]:
    districts = {code: names for code, _name, names in BRANCHES}
    for member in organisation.managers:
        for kind, count in PORTFOLIO[member.seat.line]:
            for tier in _tiers(random, kind, count):
                yield _draft(random, namer, next(ids), kind, tier, member, member.unit_id, districts, live_from)
    codes = [code for code, _name, _districts in BRANCHES]
    for place, customer_id in enumerate(ids):
        code = codes[place % len(codes)]
        kind = CustomerKind.VIP if place < UNASSIGNED else CustomerKind.ORDINARY
        tier = "silver" if kind == CustomerKind.VIP else ""
        unit = organisation.units[code]
        draft = _draft(random, namer, customer_id, kind, tier, None, unit, districts, live_from)
        draft.district = random.choice(districts[code])
        yield draft


def _tiers(random: Random, kind: str, count: int) -> list[str]:
    """The tiers of one manager's customers, in their shares."""
    tiers: list[str] = []
    for code, share in TIER_SHARES[kind]:
        tiers += [code] * round(count * share)
    tiers = (tiers + [TIER_SHARES[kind][-1][0]] * count)[:count]
    random.shuffle(tiers)
    return tiers


def _draft(
    random: Random,
    namer: Namer,
    customer_id: int,
    kind: str,
    tier: str,
    member: Member | None,
    unit_id: int,
    districts: dict[str, tuple[str, ...]],
    live_from: date,
) -> DemoCustomer:
    district = random.choice(districts[member.seat.unit[:1]]) if member else ""
    sex = industry = ""
    if kind == CustomerKind.GROUP:
        name, industry = namer.company()
    elif kind == CustomerKind.CHANNEL:
        name = namer.shop(district)
    else:
        person = namer.person()
        name, sex = person.name, person.sex
    joined = live_from - timedelta(days=random.randint(30, 5200))
    draft = DemoCustomer(customer_id, kind, name, unit_id, district, member, tier, joined, sex)
    draft.row["industry"] = industry
    draw = random.random()
    if member and draw < 0.012:
        draft.state = CustomerState.CHURNED
    elif member and draw < 0.02:
        draft.state = CustomerState.SUSPENDED
    elif member and draw < 0.03 and kind == CustomerKind.GROUP:
        draft.state = CustomerState.PROSPECT
    draft.is_important = bool(
        kind == CustomerKind.VIP and member and random.random() < {"diamond": 0.4, "gold": 0.06}.get(tier, 0.003)
    )
    return draft


def _silence_some(random: Random, drafts: Iterable[DemoCustomer], today: date) -> None:
    """Believable neglect: a few customers nobody has called for months, some who get less than the others."""
    wanted = dict.fromkeys(UNREACHABLE, 1)
    for draft in drafts:
        draw = random.random()
        if draw < 0.022:
            draft.silent_from = today - timedelta(days=random.randint(50, 200))
        elif draw < 0.1:
            draft.neglect = 0.7
        if draft.tier in ("diamond", "level1"):
            draft.neglect = 1.06
            draft.silent_from = None if random.random() < 0.8 else draft.silent_from
        number = draft.manager.seat.number if draft.manager else ""
        if draft.tier == "gold" and not draft.silent_from and wanted.get(number) and draft.state == "active":
            wanted[number] -= 1
            draft.is_unreachable = True


def _write_customers(
    random: Random,
    namer: Namer,
    organisation: Organisation,
    drafts: list[DemoCustomer],
    *,
    live_from: date,
    today: date,
    now: datetime,
) -> None:
    tiers = {(kind, code): pk for pk, kind, code in Tier.objects.values_list("id", "kind", "code")}
    _join_groups(random, drafts)
    numbers = _reserve_numbers(len(drafts))
    rows = []
    for number, draft in zip(numbers, drafts, strict=True):
        row = _facts(random, namer, draft, live_from=live_from, today=today, now=now)
        row |= {"number": number, "tier": tiers.get((draft.kind, draft.tier))}
        row |= _importance(random, organisation, draft, now=now)
        rows.append(row)
    fields = tuple(rows[0])
    copy_rows(Customer, fields, (tuple(row.values()) for row in rows))
    copy_rows(
        ExternalId,
        ("customer", "source", "external_id"),
        [(draft.id, SOURCE, f"JC{place:07d}") for place, draft in enumerate(drafts, start=1)],
    )


def _importance(random: Random, organisation: Organisation, draft: DemoCustomer, *, now: datetime) -> dict[str, Any]:
    """CUS-5: who marked a VIP as important, when and why."""
    if not draft.is_important or draft.manager is None:
        return {"is_important": False, "important_by": None, "important_at": None, "important_reason": ""}
    return {
        "is_important": True,
        "important_by": organisation.supervisor_of(draft.manager).user_id,
        "important_at": now - timedelta(days=random.randint(40, 300)),
        "important_reason": random.choice(("本地企业家，影响面广", "月消费高，携出风险大", "集团关键人")),
    }


def _reserve_numbers(count: int) -> list[str]:
    """Customer numbers from the sequence every new customer takes his from (decisions 29)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_customer_number') FROM generate_series(1, %s)", [count])
        return [f"K{row[0]:08d}" for row in cursor.fetchall()]


def _join_groups(random: Random, drafts: Iterable[DemoCustomer]) -> None:
    """The VIPs of a group manager belong to his group customers (CUS-28)."""
    groups: dict[int, list[int]] = {}
    for draft in drafts:
        if draft.manager and draft.kind == CustomerKind.GROUP:
            groups.setdefault(draft.manager.id, []).append(draft.id)
    for draft in drafts:
        if draft.manager and draft.kind == CustomerKind.VIP and draft.manager.id in groups and random.random() < 0.7:
            draft.group_id = random.choice(groups[draft.manager.id])


def _facts(
    random: Random, namer: Namer, draft: DemoCustomer, *, live_from: date, today: date, now: datetime
) -> dict[str, Any]:
    pinyin, initials = pinyin_of(draft.name)
    group, vip = draft.kind == CustomerKind.GROUP, draft.kind == CustomerKind.VIP
    low, high = SPEND.get(draft.tier, (30, 160))
    spend = Decimal(int(low * (high / low) ** random.random() * 100)) / 100
    band = MarketBand.HIGH if draft.tier in ("diamond", "level1") else MarketBand.MID
    exclusive = vip and random.random() < 0.7
    touched = now - timedelta(days=min(int(random.expovariate(1 / 80)), 420), minutes=random.randint(0, 600))
    owed = draft.state == CustomerState.ACTIVE and draft.tier
    return {
        "id": draft.id,
        "kind": draft.kind,
        "name": draft.name,
        "pinyin": pinyin,
        "initials": initials,
        "name_tokens": name_vector(draft.name),
        "state": draft.state,
        "unit": draft.unit_id,
        "manager": draft.manager.id if draft.manager else None,
        "group": draft.group_id,
        "phone": namer.landline() if group else namer.phone(),
        "other_phone": namer.phone() if vip and random.random() < 0.15 else "",
        "district": draft.district,
        "business_address": "" if draft.is_person and random.random() < 0.7 else namer.address(draft.district),
        "credit_code": namer.credit_code() if group and random.random() < 0.85 else "",
        "industry": draft.row["industry"],
        "market_band": band if random.random() < 0.8 else "",
        "monthly_spend": spend,
        "joined_on": draft.joined_on,
        "exited_on": today - timedelta(days=random.randint(10, 300)) if draft.state == "churned" else None,
        "owed_from": live_from if owed else None,
        "preferred_channel": random.choice(PreferredChannel.values[:4]) if random.random() < 0.5 else "",
        "preferred_time": random.choice(TIMES) if random.random() < 0.35 else "",
        "no_marketing": random.random() < 0.02,
        "sim_kind": (SimKind.EXCLUSIVE if exclusive else SimKind.ORDINARY) if vip else "",
        "sim_issued_on": draft.joined_on if exclusive else None,
        "service_notes": random.choice(NOTES) if random.random() < 0.18 else "",
        "created_at": datetime.combine(live_from, datetime.min.time(), now.tzinfo),
        "updated_at": touched,
        "profile_updated_at": touched,
        "version": 1 + int(random.random() * 3),
    }


def _write_history(random: Random, drafts: list[DemoCustomer], *, live_from: date) -> None:
    """Tier history and assignments; the earlier rows lie before the ledger began, so they change no duty."""
    tiers = {(kind, code): pk for pk, kind, code in Tier.objects.values_list("id", "kind", "code")}
    history: list[tuple[int, int, date, date | None, str]] = []
    assignments = []
    before = {"gold": "silver", "diamond": "gold", "level1": "level2", "level2": "level3"}
    for draft in drafts:
        start = max(draft.joined_on, add_months(live_from, -36))
        if draft.tier:
            risen = live_from - timedelta(days=random.randint(20, 200))
            if draft.tier in before and random.random() < 0.3 and start < risen:
                history.append((draft.id, tiers[draft.kind, before[draft.tier]], start, risen, "按消费核定"))
                history.append((draft.id, tiers[draft.kind, draft.tier], risen, None, "消费提升，主管批准"))
            else:
                history.append((draft.id, tiers[draft.kind, draft.tier], start, None, "按消费核定"))
        if draft.manager:
            assignments.append((draft.id, draft.manager.id, start, "初始划分"))
    copy_rows(TierHistory, ("customer", "tier", "valid_from", "valid_to", "reason"), history)
    copy_rows(Assignment, ("customer", "staff", "valid_from", "reason"), assignments)
