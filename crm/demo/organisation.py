"""The demo operator's organisation: units, people, posts and sign-ins (ORG-4…11, decisions 31).

The named people are those of `tests/cast.py`. Every role of requirements 3.3 has somebody who can sign in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.choices import EmploymentForm, Grade, Line, QualificationKind, Role, UnitType
from accounts.models import Post, Qualification, Staff, Unit
from accounts.rules import add_months, pinyin_of
from crm.core.models import User
from crm.demo.bulk import copy_rows, reserve_ids

CITY, GCD, BSC, SC = "CITY", "GCD", "BSC", "SC"
BRANCHES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("A", "城东", ("东湖", "青石", "柳林")),
    ("B", "城西", ("西苑", "竹山", "马坊")),
    ("C", "城南", ("南浦", "荷塘", "沙河")),
    ("D", "城北", ("北岭", "桃园", "石桥")),
    ("E", "高新", ("科苑", "云台", "创园")),
    ("F", "临港", ("海门", "渔浦", "盐田")),
)
"""Code, name and districts of the branches; each has one service hall, code + "1"."""


@dataclass(frozen=True)
class Seat:
    """One person of the operator."""

    number: str
    name: str
    unit: str
    role: str
    line: str = ""
    grade: str = ""
    skill: float = 0.9  # share of what is owed that he gets done
    at: tuple[str, ...] = ()  # units of the post, when not his own


_MANAGER_LINES: tuple[tuple[str, str], ...] = (
    (Line.VIP, Grade.SENIOR),
    (Line.GROUP, Grade.KEY_ACCOUNT),
    (Line.VIP, Grade.REPRESENTATIVE),
    (Line.CHANNEL, Grade.KEY_ACCOUNT),
    (Line.SERVICE_HALL, Grade.REPRESENTATIVE),
)
_MANAGERS: dict[str, tuple[tuple[str, float], ...]] = {
    "A": (("林晓", 0.9), ("周宁", 0.95), ("何雨辰", 0.86), ("罗佳", 0.9), ("方文静", 0.8)),
    "B": (("吴桐", 0.9), ("徐子航", 0.84), ("梁雪", 0.95), ("唐磊", 0.75), ("邓秀兰", 0.88)),
    "C": (("赵明哲", 0.88), ("潘婷", 0.97), ("董浩然", 0.7), ("余慧", 0.92), ("姜欣怡", 0.85)),
    "D": (("孟凡", 0.8), ("白璐", 0.9), ("江涛", 0.94), ("石磊", 0.86), ("龚雅琴", 0.9)),
    "E": (("薛斌", 0.96), ("夏琳", 0.91), ("范旭东", 0.89), ("贺强", 0.62), ("毛倩", 0.93)),
    "F": (("顾鹏", 0.87), ("黎海燕", 0.85), ("史俊", 0.9), ("段宏伟", 0.82), ("万芳", 0.78)),
}
_HEADS = {"A": "陈立", "B": "郑和平", "C": "谢国梁", "D": "韦素云", "E": "侯志远", "F": "尹晓东"}
_HANDLERS = {"A": "孙静", "B": "傅敏", "C": "卢洁", "D": "崔艳", "E": "谭丽", "F": "汪玲"}


def _seats() -> Iterator[Seat]:
    yield Seat("D1001", "何总", CITY, Role.DIRECTOR)
    yield Seat("G1001", "蒋集", GCD, Role.GROUP_DEPARTMENT, at=(CITY,))
    yield Seat("T1001", "沈稽", BSC, Role.BUSINESS_SUPPORT, at=(CITY,))
    yield Seat("C1001", "韩听", SC, Role.SERVICE_CENTRE, at=(CITY,))
    yield Seat("C1002", "田悦", SC, Role.SERVICE_CENTRE, at=(CITY,))
    yield Seat("K1001", "杨主", CITY, Role.SERVICE_DIRECTOR)
    yield Seat("O1001", "朱后", CITY, Role.BACK_OFFICE)
    yield Seat("A1001", "秦访", CITY, Role.AUDITOR)
    yield Seat("B1001", "冯品", CITY, Role.BRAND_MANAGER)
    yield Seat("R1001", "钱进", "A", Role.REGIONAL_MARKET_MANAGER, at=("A", "B", "C"))
    yield Seat("R2001", "陆远", "D", Role.REGIONAL_MARKET_MANAGER, at=("D", "E", "F"))
    for index, (code, _name, _districts) in enumerate(BRANCHES, start=1):
        yield Seat(f"S{index}001", _HEADS[code], code, Role.SUPERVISOR)
        yield Seat(f"H{index}001", _HANDLERS[code], code, Role.COMPLAINT_HANDLER)
        for place, ((name, skill), (line, grade)) in enumerate(zip(_MANAGERS[code], _MANAGER_LINES, strict=True)):
            unit = f"{code}1" if line == Line.SERVICE_HALL else code
            yield Seat(f"M{index}{place + 1:03d}", name, unit, Role.MANAGER, line, grade, skill)


STAFF: tuple[Seat, ...] = tuple(_seats())


@dataclass
class Member:
    """A written person."""

    seat: Seat
    id: int
    user_id: int
    unit_id: int
    leaves: list[tuple[date, date]] = field(default_factory=list)

    def is_away(self, day: date) -> bool:
        """On leave that day."""
        return any(start <= day <= end for start, end in self.leaves)


@dataclass
class Organisation:
    """Units by code, people by staff number."""

    units: dict[str, int]
    members: dict[str, Member]

    @property
    def managers(self) -> list[Member]:
        """The account managers, by staff number."""
        return [member for member in self.members.values() if member.seat.role == Role.MANAGER]

    def supervisor_of(self, member: Member) -> Member:
        """The head of the person's branch; of the head and of headquarters, the director."""
        for other in self.members.values():
            if other.seat.role == Role.SUPERVISOR and other.seat.unit == member.seat.unit[:1] and other is not member:
                return other
        return self.members["D1001"]


def build_organisation(random: Random, *, live_from: date, today: date, now: datetime, password: str) -> Organisation:
    """Write units, users, staff, posts and qualifications; the password is hashed once for everybody."""
    units = _write_units(live_from)
    members = _write_users(units, now=now, password=password)
    organisation = Organisation(units, members)
    _write_staff(random, organisation, live_from=live_from, today=today)
    _write_posts(organisation)
    _name_heads(organisation)
    _write_qualifications(random, organisation.managers, live_from)
    return organisation


def _unit_rows() -> list[tuple[str, str, str, str]]:
    rows = [
        (CITY, "江城市公司", UnitType.CITY.value, ""),
        (GCD, "集团客户部", UnitType.GROUP_DEPARTMENT.value, CITY),
        (BSC, "业务支撑中心", UnitType.BUSINESS_SUPPORT.value, CITY),
        (SC, "客户服务中心", UnitType.SERVICE_CENTRE.value, CITY),
        ("ENF", "市场稽查部", UnitType.ENFORCEMENT.value, CITY),
        ("OPS", "市场经营部", UnitType.OPERATIONS.value, CITY),
    ]
    for code, name, districts in BRANCHES:
        rows.append((code, f"{name}分公司", UnitType.BRANCH.value, CITY))
        rows.append((f"{code}1", f"{districts[0]}服务厅", UnitType.HALL.value, code))
    return rows


def _write_units(live_from: date) -> dict[str, int]:
    rows = _unit_rows()
    ids = dict(zip((row[0] for row in rows), reserve_ids(Unit, len(rows)), strict=True))
    above = {code: parent for code, _name, _kind, parent in rows}
    areas = {code: "、".join(districts) for code, _name, districts in BRANCHES}

    def path(code: str) -> str:
        return f"{path(above[code]) if above[code] else '/'}{ids[code]}/"

    copy_rows(
        Unit,
        ("id", "code", "name", "type", "parent", "path", "area", "live_from"),
        [
            (ids[code], code, name, kind, ids.get(parent), path(code), areas.get(code, ""), live_from)
            for code, name, kind, parent in rows
        ],
    )
    return ids


def _write_users(units: dict[str, int], *, now: datetime, password: str) -> dict[str, Member]:
    user_ids, staff_ids = reserve_ids(User, len(STAFF)), reserve_ids(Staff, len(STAFF))
    hashed = make_password(password)
    copy_rows(
        User,
        ("id", "username", "name", "password", "date_joined"),
        [(user_id, seat.number, seat.name, hashed, now) for user_id, seat in zip(user_ids, STAFF, strict=True)],
    )
    return {
        seat.number: Member(seat, staff_id, user_id, units[seat.unit])
        for seat, staff_id, user_id in zip(STAFF, staff_ids, user_ids, strict=True)
    }


def _write_staff(random: Random, organisation: Organisation, *, live_from: date, today: date) -> None:
    rows = []
    for place, member in enumerate(organisation.members.values()):
        seat = member.seat
        pinyin, initials = pinyin_of(seat.name)
        trainee = seat.number == "M4003"
        hired = live_from - timedelta(days=random.randint(300, 4000))
        if trainee:  # his probation ends in ten days: the reminder is out (ORG-20)
            hired = add_months(today + timedelta(days=10), -3)
        rows.append(
            (
                member.id,
                member.user_id,
                seat.number,
                seat.name,
                pinyin,
                initials,
                member.unit_id,
                seat.line,
                seat.grade,
                organisation.supervisor_of(member).id if seat.number != "D1001" else None,
                f"1640{place:07d}",
                hired,
                add_months(hired, 3) if trainee else None,
                EmploymentForm.AGENCY if seat.line == Line.SERVICE_HALL else EmploymentForm.OWN,
                {Role.DIRECTOR: 1, Role.SUPERVISOR: 2}.get(Role(seat.role), 3),
            )
        )
    columns = "id user number name pinyin initials unit line grade supervisor phone hired_on probation_ends_on"
    copy_rows(Staff, (*columns.split(), "employment_form", "post_level"), rows)


def _write_posts(organisation: Organisation) -> None:
    copy_rows(
        Post,
        ("staff", "role", "unit"),
        [
            (member.id, member.seat.role, organisation.units[code])
            for member in organisation.members.values()
            for code in member.seat.at or (member.seat.unit,)
        ],
    )


def _name_heads(organisation: Organisation) -> None:
    """Heads, complaint handlers (ORG-18) and backups (B角) point both ways, so they come last."""
    members = organisation.members
    for index, (code, _name, _districts) in enumerate(BRANCHES, start=1):
        handler = members[f"H{index}001"].id if code != "F" else None
        Unit.unscoped.filter(code=code).update(head_id=members[f"S{index}001"].id, complaint_handler_id=handler)
        team = [members[f"M{index}{place:03d}"] for place in range(1, 6)]
        for member, backup in ((0, 2), (2, 0), (1, 3), (3, 1), (4, 2)):
            Staff.unscoped.filter(pk=team[member].id).update(backup_id=team[backup].id)
    Unit.unscoped.filter(code=CITY).update(head_id=members["D1001"].id)
    Unit.unscoped.filter(code=GCD).update(head_id=members["G1001"].id)


def _write_qualifications(random: Random, managers: Iterable[Member], before: date) -> None:
    rows = _qualifications(random, managers, before)
    copy_rows(Qualification, ("staff", "kind", "level", "issued_on"), rows)


def _qualifications(random: Random, managers: Iterable[Member], before: date) -> Iterator[tuple[object, ...]]:
    for member in managers:
        issued = before - timedelta(days=random.randint(600, 4000))
        yield member.id, QualificationKind.EDUCATION, random.choice(("本科", "大专", "硕士")), issued
        if random.random() < 0.7:
            yield member.id, QualificationKind.MANDARIN, random.choice(("二级甲等", "二级乙等")), issued
        if random.random() < 0.6:
            yield member.id, QualificationKind.COMPUTER, "全国计算机二级", issued
