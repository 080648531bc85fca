"""F19, Q1 and F44 against slow, obvious counts over the same base."""

import math
import random
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Assignment, Customer, PersonProfile, RequiredField, Tier, TierHistory
from accounts.queries.completeness import profile_fill
from accounts.queries.measures.profiles import PROFILE_COMPLETE, QUALITY_CUSTOMERS, REVENUE_OF_TOP_FIFTH
from crm.core.measures import COLUMNS, Time, by_manager, refs
from crm.core.scope import Scope

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 20, 9))
NOVEMBER = Time(first=date(2026, 11, 1), last=date(2026, 11, 30), today=date(2026, 11, 20), now=NOW)
OCTOBER = Time(first=date(2026, 10, 1), last=date(2026, 10, 31), today=date(2026, 11, 20), now=NOW)


def person(cast, unit, spend=None, *, number, **more):
    given = {
        "kind": "vip", "name": f"客户{number}", "unit": cast.units[unit], "monthly_spend": spend,
        "created_at": NOW, "updated_at": NOW, "joined_on": date(2024, 1, 1),
    }  # fmt: skip
    return Customer.unscoped.create(number=f"K7{number:07d}", **given | more)


def policy(*fields):
    RequiredField.objects.all().delete()
    for name in fields:
        RequiredField.objects.create(kind="vip", group="basic", field=name, effective_from=date(2026, 1, 1))


def test_five_of_ten_required_fields_are_fifty_per_cent(cast):
    """CUS-9, F19: required fields that are filled, of required fields × VIPs; who is no VIP is not asked."""
    policy("phone", "email", "district", "joined_on", "business_address", "sex", "birthday", "personality", "sports",
           "reward_preference")  # fmt: skip
    Customer.unscoped.filter(kind="vip", manager=cast.staff["manager"]).exclude(name="金满堂").delete()
    Customer.unscoped.filter(name="金满堂").update(email="a@example.com", district="城东")
    PersonProfile.unscoped.create(customer=cast.customers["gold"], sex="female")  # with phone and joined_on: five
    share = by_manager(PROFILE_COMPLETE, Scope.ALL, NOVEMBER)[cast.staff["manager"].pk]
    assert (share.numerator, share.denominator, share.per_cent, share.mendable) == (5, 10, Decimal("50.0"), 5)
    assert cast.staff["teammate"].pk not in by_manager(PROFILE_COMPLETE, Scope.ALL, NOVEMBER)
    assert by_manager(PROFILE_COMPLETE, Scope.ALL, OCTOBER)[cast.staff["manager"].pk].mendable == 0


def test_profiles_agree_with_the_page_of_each_customer(cast):
    """F19, KPI-32: one row per VIP, the same fill as on his page; credit goes to the manager of that day."""
    for number, customer in enumerate(Customer.unscoped.filter(kind="vip")):
        PersonProfile.unscoped.create(customer=customer, sex="male" if number % 2 else "", sports="篮球")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in refs(PROFILE_COMPLETE, Scope.ALL, NOVEMBER)]
    assert len(rows) == Customer.unscoped.filter(kind="vip").count() == len({row["ref"] for row in rows})
    for row in rows:
        groups = profile_fill(Customer.unscoped.get(pk=row["customer_id"]), NOVEMBER.until)
        assert row["numerator"] == sum(group.filled for group in groups), row
        assert row["denominator"] == sum(group.required for group in groups), row
    gold = cast.customers["gold"]
    Assignment.unscoped.filter(customer=gold).update(valid_to=date(2026, 11, 10))
    Assignment.unscoped.create(customer=gold, staff=cast.staff["teammate"], valid_from=date(2026, 11, 10))
    credited = {
        time: {row[COLUMNS.index("ref")]: row[0] for row in refs(PROFILE_COMPLETE, Scope.ALL, time)}
        for time in (OCTOBER, NOVEMBER)
    }
    assert credited[OCTOBER][gold.pk] == cast.staff["manager"].pk
    assert credited[NOVEMBER][gold.pk] == cast.staff["teammate"].pk


def test_who_came_later_or_had_gone_is_not_asked(cast):
    """F19: the base of the last day; a customer who left afterwards still belongs to the month before."""
    for key, values in {
        "diamond": {"joined_on": date(2026, 11, 2)},
        "gold": {"state": "churned", "exited_on": date(2026, 11, 5)},
        "silver": {"state": "prospect"},
    }.items():
        Customer.unscoped.filter(pk=cast.customers[key].pk).update(**values)
    mine = Scope(manager_ids=(cast.staff["manager"].pk,))
    assert [row[-1] for row in refs(PROFILE_COMPLETE, mine, OCTOBER)] == [cast.customers["gold"].pk]
    assert [row[-1] for row in refs(PROFILE_COMPLETE, mine, NOVEMBER)] == [cast.customers["diamond"].pk]


def test_quality_customers_are_vips_and_groups_of_the_two_upper_levels(cast):
    """ORG-30: as a count by manager, by the tier of that day."""
    counted = {
        manager: share.numerator for manager, share in by_manager(QUALITY_CUSTOMERS, Scope.ALL, NOVEMBER).items()
    }
    assert counted == {cast.staff["manager"].pk: 3, cast.staff["teammate"].pk: 1, cast.staff["stranger"].pk: 1}
    group = cast.customers["teammates"]
    TierHistory.unscoped.filter(customer=group).update(valid_to=date(2026, 11, 3))
    lower = Tier.objects.get(kind="group", code="level3")
    TierHistory.unscoped.create(customer=group, tier=lower, valid_from=date(2026, 11, 3))
    assert cast.staff["teammate"].pk not in by_manager(QUALITY_CUSTOMERS, Scope.ALL, NOVEMBER)
    assert by_manager(QUALITY_CUSTOMERS, Scope.ALL, OCTOBER)[cast.staff["teammate"].pk].numerator == 1


def test_the_top_two_of_ten_hold_eighty_per_cent(cast):
    """CUS-22, F44: 80.0 %."""
    Customer.unscoped.update(monthly_spend=None)
    for number, spend in enumerate((500, 300, *[25] * 8)):
        person(cast, "A", spend, number=number)
    shares = by_unit(NOVEMBER)
    assert shares[cast.units["A"].pk] == shares[cast.units["CITY"].pk] == Decimal("80.0")
    assert cast.units["B"].pk not in shares


def test_random_bases_agree_with_a_sorted_list(cast):
    """F44: per unit of the tree, over all below it; what somebody brings who has gone, or nobody knows, is left out."""
    chance = random.Random(44)
    for number in range(60):
        person(
            cast, chance.choice(["A", "A1", "B", "CITY"]),
            chance.choice([None, Decimal(chance.randrange(0, 90_000)) / 100]), number=100 + number,
            state=chance.choice(["active", "active", "suspended", "prospect", "churned"]),
            exited_on=chance.choice([None, date(2026, 11, 25), date(2026, 10, 1)]),
        )  # fmt: skip
    for time in (OCTOBER, NOVEMBER):
        found = {unit: value for unit, value in by_unit(time).items() if value is not None}
        assert found == {unit.pk: value for unit in cast.units.values() if (value := by_hand(unit, time)) is not None}


def by_unit(time):
    sums = {}
    for row in refs(REVENUE_OF_TOP_FIFTH, Scope.ALL, time):
        named = dict(zip(COLUMNS, row, strict=True))
        top, total = sums.get(named["unit_id"], (0, 0))
        sums[named["unit_id"]] = (top + named["numerator"], total + named["denominator"])
    return {unit: round(100 * top / total, 1) if total else None for unit, (top, total) in sums.items()}


def by_hand(unit, time):
    spends = []
    for customer in Customer.unscoped.select_related("unit"):
        served = customer.state in ("active", "suspended") or (customer.exited_on and customer.exited_on > time.until)
        joined = customer.joined_on is None or customer.joined_on <= time.until
        if customer.unit.path.startswith(unit.path) and served and joined and customer.monthly_spend is not None:
            spends.append(customer.monthly_spend)
    spends.sort(reverse=True)
    top = spends[: math.ceil(len(spends) * 0.2)]
    return round(100 * sum(top) / sum(spends), 1) if sum(spends) else None


def test_the_measures_know_what_the_policy_asks(cast):
    """CUS-27: headquarters changes the policy; F19 follows from that day."""
    actions.set_required_fields(kind="vip", fields=["phone"], by=cast.director, now=NOW)
    share = by_manager(PROFILE_COMPLETE, Scope.ALL, NOVEMBER)[cast.staff["manager"].pk]
    assert (share.numerator, share.denominator) == (3, 3)
