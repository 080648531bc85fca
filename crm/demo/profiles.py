"""What is known about the demo operator's customers: persons, private data with consent, contact persons, lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from accounts.choices import ContactRole, CustomerKind, CustomerState, MemberState
from accounts.models import (
    ChannelProfile,
    ContactPerson,
    FamilyMember,
    GroupMember,
    JobChange,
    PersonProfile,
    PrivateGrant,
    PrivateProfile,
    RelationshipStrength,
)
from accounts.rules import add_months
from crm.demo.bulk import copy_rows, reserve_ids
from crm.demo.names import Namer
from crm.demo.organisation import Member, Organisation
from crm.demo.portfolio import DemoCustomer

PERSONALITIES = ("直爽", "稳重", "健谈", "细致", "谨慎", "热情", "话不多", "爱比较价格")
SPORTS = ("羽毛球", "游泳", "跑步", "乒乓球", "登山", "骑行", "篮球", "太极", "高尔夫", "钓鱼", "瑜伽")
REWARDS = ("话费", "流量", "体检", "电影票", "购物卡", "机场贵宾厅", "茶礼", "亲子活动")
JOBS = ("企业主", "教师", "医生", "工程师", "销售经理", "公务员", "财务主管", "律师", "设计师", "个体经营")
POSITIONS: dict[str, tuple[str, ...]] = {
    ContactRole.LEADER: ("总经理", "董事长", "院长", "校长", "副总经理"),
    ContactRole.DECISION_MAKER: ("行政总监", "采购部经理", "运营总监"),
    ContactRole.TELECOM_ADMIN: ("信息科科长", "网络管理员", "办公室主任"),
    ContactRole.FINANCE: ("财务经理", "会计", "出纳"),
    ContactRole.OTHER: ("店长", "前台", "助理"),
}
BIRTHDAYS_SOON = (0, 0, 1, 3, 5)
"""Days from today on which customers of the first managers have their birthday."""


def build_profiles(
    random: Random,
    namer: Namer,
    organisation: Organisation,
    drafts: Sequence[DemoCustomer],
    *,
    today: date,
    now: datetime,
) -> None:
    """Write everything that hangs on a customer but visits and duties."""
    birthdays = _birthdays(random, drafts, today)
    _write_persons(random, drafts, birthdays)
    _write_private(random, namer, drafts, birthdays, today=today)
    _write_contact_persons(random, namer, drafts, today=today)
    _write_lines(random, namer, drafts, today=today)
    _write_strengths(random, drafts, today=today)
    granted = [organisation.members[number] for number in ("M1001", "M2001", "M5001")]
    _write_grants(organisation, granted, now=now)


def _birthday(random: Random, today: date) -> date:
    return date(today.year - random.randint(24, 66), 1, 1) + timedelta(days=random.randrange(365))


def _same_day_long_ago(random: Random, day: date) -> date:
    """A birthday that falls on this day; 29 February only in years that have one."""
    year = day.year - random.randint(28, 60)
    return date(year - year % 4 if (day.month, day.day) == (2, 29) else year, day.month, day.day)


def _birthdays(random: Random, drafts: Iterable[DemoCustomer], today: date) -> dict[int, date]:
    """Birthdays of most persons; some of each VIP manager's fall on these very days."""
    birthdays = {draft.id: _birthday(random, today) for draft in drafts if draft.is_person and random.random() < 0.8}
    soon: dict[int, list[int]] = {}
    for draft in drafts:
        if draft.is_person and draft.manager and draft.state == CustomerState.ACTIVE:
            days = soon.setdefault(draft.manager.id, list(BIRTHDAYS_SOON[random.randrange(3) :]))
            if days and draft.tier in ("diamond", "gold"):
                birthdays[draft.id] = _same_day_long_ago(random, today + timedelta(days=days.pop(0)))
    return birthdays


def _write_persons(random: Random, drafts: Iterable[DemoCustomer], birthdays: dict[int, date]) -> None:
    rows = []
    for draft in drafts:
        if not draft.is_person or (draft.kind == CustomerKind.ORDINARY and random.random() < 0.6):
            continue
        known = {"diamond": 0.85, "gold": 0.7}.get(draft.tier, 0.45)
        rows.append(
            (
                draft.id,
                draft.sex if random.random() < 0.95 else "",
                birthdays.get(draft.id),
                random.choice(PERSONALITIES) if random.random() < known else "",
                "、".join(random.sample(SPORTS, random.randint(1, 2))) if random.random() < known else "",
                random.choice(REWARDS) if random.random() < known else "",
            )
        )
    columns = ("customer", "sex", "birthday", "personality", "sports", "reward_preference")
    copy_rows(PersonProfile, columns, rows)


def _write_private(
    random: Random, namer: Namer, drafts: Iterable[DemoCustomer], birthdays: dict[int, date], *, today: date
) -> None:
    """CUS-8: only with consent, mostly of the better customers."""
    private, family, changes = [], [], []
    for draft in drafts:
        share = {"diamond": 0.75, "gold": 0.45, "silver": 0.08}.get(draft.tier, 0)
        if draft.kind != CustomerKind.VIP or random.random() >= share:
            continue
        born = birthdays.get(draft.id) or date(1980, 1, 1)
        employer = namer.company()[0]
        private.append(
            (
                draft.id,
                namer.address(draft.district),
                namer.id_number(f"{born:%Y%m%d}", draft.sex) if random.random() < 0.5 else "",
                random.choice(JOBS),
                employer,
                random.choice(("部门经理", "主管", "总监", "副总", "员工")),
                random.choice(("", "", "三代同住", "配偶经营门店", "孩子在外地上学")),
                today - timedelta(days=random.randint(20, 380)),
                "客户当面签署告知书",
            )
        )
        if random.random() < 0.6:
            spouse = namer.person()
            family.append((draft.id, "配偶", spouse.name, _birthday(random, today)))
        if random.random() < 0.12:
            moved = today - timedelta(days=random.randint(30, 700))
            changes.append((draft.id, moved, namer.company()[0], employer))
    columns = "customer home_address id_number occupation employer position family_background consent_on consent_note"
    copy_rows(PrivateProfile, tuple(columns.split()), private)
    copy_rows(FamilyMember, ("customer", "relation", "name", "birthday"), family)
    copy_rows(JobChange, ("customer", "changed_on", "employer_before", "employer_after"), changes)


def _roles(random: Random, kind: str) -> list[str]:
    """CUS-24: most groups have a known leader; one in nine has none and shows on the exception list."""
    if kind == CustomerKind.CHANNEL:
        return [ContactRole.LEADER] if random.random() < 0.8 else [ContactRole.OTHER]
    roles: list[str] = [] if random.random() < 0.11 else [ContactRole.LEADER]
    roles += [ContactRole.TELECOM_ADMIN] if random.random() < 0.75 else []
    roles += [ContactRole.FINANCE] if random.random() < 0.45 else []
    roles += [ContactRole.DECISION_MAKER] if random.random() < 0.3 else []
    return roles or [ContactRole.OTHER]


def _write_contact_persons(random: Random, namer: Namer, drafts: Iterable[DemoCustomer], *, today: date) -> None:
    rows: list[tuple[Any, ...]] = []
    for draft in drafts:
        if draft.is_person:
            continue
        for role in _roles(random, draft.kind):
            person = namer.person()
            birthday = _birthday(random, today) if random.random() < 0.35 else None
            strength = random.choice((2, 3, 3, 4, 4, 5)) if random.random() < 0.6 else None
            position = "店主" if draft.kind == CustomerKind.CHANNEL else random.choice(POSITIONS[role])
            rows.append((draft, person.name, position, role, namer.phone("164"), birthday, strength))
    ids = reserve_ids(ContactPerson, len(rows))
    for person_id, row in zip(ids, rows, strict=True):
        row[0].person_ids.append(person_id)
    copy_rows(
        ContactPerson,
        ("id", "customer", "name", "position", "role", "phone", "birthday", "relation_strength"),
        [(person_id, row[0].id, *row[1:]) for person_id, row in zip(ids, rows, strict=True)],
    )


def _write_lines(random: Random, namer: Namer, drafts: Iterable[DemoCustomer], *, today: date) -> None:
    """Lines under the groups (CUS-28) and licences of the agents."""
    members: list[tuple[Any, ...]] = []
    licences: list[tuple[Any, ...]] = []
    for draft in drafts:
        if draft.kind == CustomerKind.GROUP:
            for _line in range(random.choice((0, 0, 1, 2, 3, 5))):
                state = MemberState.INACTIVE if random.random() < 0.06 else MemberState.ACTIVE
                members.append((draft.id, namer.phone(), namer.person().name, state))
        elif draft.kind == CustomerKind.CHANNEL:
            until = add_months(today, random.randint(-1, 36))
            licences.append((draft.id, f"JC-{len(licences) + 1:06d}", until))
    copy_rows(GroupMember, ("customer", "msisdn", "name", "state"), members)
    copy_rows(ChannelProfile, ("customer", "licence_no", "licence_until"), licences)


def _write_strengths(random: Random, drafts: Iterable[DemoCustomer], *, today: date) -> None:
    """CON-33: how strong the relation is, judged now and then."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for draft in drafts:
            if draft.manager is None or random.random() > 0.3:
                continue
            strength = random.choice((2, 3, 3, 4, 4, 5))
            for months in sorted(random.sample(range(1, 13), random.randint(1, 3)), reverse=True):
                day = add_months(today, -months)
                yield draft.id, strength, day, draft.manager.user_id
                strength = min(5, max(1, strength + random.choice((-1, 0, 0, 1))))

    copy_rows(RelationshipStrength, ("customer", "strength", "judged_on", "by"), rows())


def _write_grants(organisation: Organisation, members: Iterable[Member], *, now: datetime) -> None:
    """Who may look at his own customers' private data (decisions 12)."""
    copy_rows(
        PrivateGrant,
        ("staff", "granted_by", "granted_at", "reason"),
        [
            (
                member.id,
                organisation.supervisor_of(member).user_id,
                now - timedelta(days=90),
                "钻石卡客户较多，关怀需要",
            )
            for member in members
        ],
    )
