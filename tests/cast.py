"""The fixed cast of every test: the same people as in the demo (decisions 31), a small world around them.

`build()` makes it with plain rows, not through actions: tests of actions must not rest on actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.choices import CustomerKind, CustomerState, Line, Role, UnitType
from accounts.models import (
    Assignment,
    ContactPerson,
    Customer,
    Post,
    Staff,
    Standing,
    Tier,
    TierHistory,
    Unit,
)
from crm.core.models import User

PASSWORD = "Cast-2026-pass"
CANARY = "金丝雀"  # stands in every text field of the stranger's customer: must never reach anybody else
JOINED = date(2024, 1, 1)

# key, number, name, unit, line, [(role, unit)]
PEOPLE = [
    ("manager", "M1001", "林晓", "A", Line.VIP, [(Role.MANAGER, "A")]),
    ("teammate", "M1002", "周宁", "A", Line.GROUP, [(Role.MANAGER, "A")]),
    ("supervisor", "S1001", "陈立", "A", "", [(Role.SUPERVISOR, "A")]),
    ("stranger", "M2001", "吴桐", "B", Line.VIP, [(Role.MANAGER, "B")]),
    ("stranger_supervisor", "S2001", "郑和平", "B", "", [(Role.SUPERVISOR, "B")]),
    ("handler", "H1001", "孙静", "A", "", [(Role.COMPLAINT_HANDLER, "A")]),
    ("market_manager", "R1001", "钱进", "A", "", [(Role.REGIONAL_MARKET_MANAGER, "A")]),
    ("brand_manager", "B1001", "冯品", "CITY", "", [(Role.BRAND_MANAGER, "CITY")]),
    ("group_department", "G1001", "蒋集", "GCD", "", [(Role.GROUP_DEPARTMENT, "CITY")]),
    ("business_support", "T1001", "沈稽", "BSC", "", [(Role.BUSINESS_SUPPORT, "CITY")]),
    ("service_centre", "C1001", "韩听", "SC", "", [(Role.SERVICE_CENTRE, "CITY")]),
    ("service_director", "K1001", "杨主", "CITY", "", [(Role.SERVICE_DIRECTOR, "CITY")]),
    ("back_office", "O1001", "朱后", "CITY", "", [(Role.BACK_OFFICE, "CITY")]),
    ("auditor", "A1001", "秦访", "CITY", "", [(Role.AUDITOR, "CITY")]),
    ("director", "D1001", "何总", "CITY", "", [(Role.DIRECTOR, "CITY")]),
    ("nobody", "N1001", "许闲", "B", "", []),
]

# key, kind, tier, unit, manager, name, phone
CUSTOMERS = [
    ("diamond", CustomerKind.VIP, "diamond", "A", "manager", "钱多多", "13900000001"),
    ("gold", CustomerKind.VIP, "gold", "A", "manager", "金满堂", "13900000002"),
    ("silver", CustomerKind.VIP, "silver", "A", "manager", "银小满", "13900000003"),
    ("teammates", CustomerKind.GROUP, "level1", "A", "teammate", "江城海尔电器有限公司", "13900000004"),
    ("channel", CustomerKind.CHANNEL, "level3", "A", "teammate", "城东手机卖场", "13900000005"),
    ("ordinary", CustomerKind.ORDINARY, None, "A", None, "平常人", "13900000006"),
    ("strangers", CustomerKind.VIP, "gold", "B", "stranger", f"{CANARY}客户", "13911112222"),
]


@dataclass
class Cast:
    """People by role, their units and customers. `cast.manager` is a User, `cast.staff["manager"]` his Staff row."""

    users: dict[str, User] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["users"][name]
        except KeyError as error:
            raise AttributeError(name) from error


def build(*, with_customers: bool = True) -> Cast:
    """Make the whole world in about a dozen statements; without customers, the house before its first import."""
    cast = Cast()
    _units(cast)
    _people(cast)
    if with_customers:
        _customers(cast)
    return cast


def _units(cast: Cast) -> None:
    live = timezone.localdate().replace(day=1) - timedelta(days=400)
    rows = [
        ("CITY", "江城市公司", UnitType.CITY, None),
        ("GCD", "集团客户部", UnitType.GROUP_DEPARTMENT, "CITY"),
        ("BSC", "业务支撑中心", UnitType.BUSINESS_SUPPORT, "CITY"),
        ("SC", "客户服务中心", UnitType.SERVICE_CENTRE, "CITY"),
        ("A", "城东分公司", UnitType.BRANCH, "CITY"),
        ("B", "城西分公司", UnitType.BRANCH, "CITY"),
        ("A1", "城东服务厅", UnitType.HALL, "A"),
    ]
    for number, (code, name, kind, parent) in zip(_numbers(Unit, len(rows)), rows, strict=True):
        above = cast.units[parent] if parent else None
        cast.units[code] = Unit(
            pk=number, code=code, name=name, type=kind, parent=above, live_from=live.replace(day=1),
            path=f"{above.path if above else '/'}{number}/",
        )  # fmt: skip
    Unit.unscoped.bulk_create(cast.units.values())


def _people(cast: Cast) -> None:
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=number, name=name, password=password) for _key, number, name, *_rest in PEOPLE
    )
    numbers = _numbers(Staff, len(PEOPLE))
    for row, user, pk in zip(PEOPLE, users, numbers, strict=True):
        key, number, name, unit, line, _posts = row
        cast.users[key] = user
        cast.staff[key] = Staff(
            pk=pk, user=user, number=number, name=name, unit=cast.units[unit], line=line, phone="13800000000"
        )
    for key, boss in (("manager", "supervisor"), ("teammate", "supervisor"), ("stranger", "stranger_supervisor")):
        cast.staff[key].supervisor = cast.staff[boss]
    cast.staff["manager"].backup = cast.staff["teammate"]
    Staff.unscoped.bulk_create(cast.staff.values())
    Post.unscoped.bulk_create(
        Post(staff=cast.staff[key], role=role, unit=cast.units[unit])
        for key, *_rest, posts in PEOPLE
        for role, unit in posts
    )


def _customers(cast: Cast) -> None:
    from accounts.rules import pinyin_of, search_tokens

    tiers = {(tier.kind, tier.code): tier for tier in Tier.objects.all()}
    now = timezone.now()
    rows = []
    for index, (_key, kind, tier, unit, manager, name, phone) in enumerate(CUSTOMERS, 1):
        pinyin, initials = pinyin_of(name)
        rows.append(
            Customer(
                number=f"K8{index:07d}", kind=kind, name=name, pinyin=pinyin, initials=initials,
                state=CustomerState.ACTIVE, unit=cast.units[unit],
                manager=cast.staff[manager] if manager else None,
                tier=tiers[kind, tier] if tier else None,
                phone=phone, joined_on=JOINED, created_at=now, updated_at=now,
                service_notes=CANARY if unit == "B" else "",
            )
        )  # fmt: skip
    customers = Customer.unscoped.bulk_create(rows)
    for row, customer in zip(CUSTOMERS, customers, strict=True):
        cast.customers[row[0]] = customer
    _tokens(customers, search_tokens)
    owned = [customer for customer in customers if customer.manager_id]
    Assignment.unscoped.bulk_create(
        Assignment(customer=customer, staff_id=customer.manager_id, valid_from=JOINED) for customer in owned
    )
    TierHistory.unscoped.bulk_create(
        TierHistory(customer=customer, tier_id=customer.tier_id, valid_from=JOINED) for customer in owned
    )
    Standing.unscoped.bulk_create(
        Standing(
            customer=customer,
            unit_id=customer.unit_id,
            manager_id=customer.manager_id,
            tier_rank=customer.tier.rank if customer.tier else 99,
        )
        for customer in customers
    )
    ContactPerson.unscoped.bulk_create(
        [
            ContactPerson(customer=cast.customers["teammates"], name="海总", role="leader", phone="13900000104"),
            ContactPerson(customer=cast.customers["strangers"], name=f"{CANARY}联系人", phone="13911113333"),
        ]
    )


def _tokens(customers: list[Customer], search_tokens: object) -> None:
    """Fill the search column as the actions do."""
    found = [search_tokens(customer.name) for customer in customers]  # type: ignore[operator]
    texts = [tokens if isinstance(tokens, str) else " ".join(tokens) for tokens in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_customer c SET name_tokens = to_tsvector('simple', t.text)"
            " FROM unnest(%s, %s) AS t (id, text) WHERE c.id = t.id",
            [[customer.pk for customer in customers], texts],
        )


def _numbers(model: type[Model], count: int) -> list[int]:
    """The next numbers of a table, so that its rows can speak of each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]
