"""F39 against a slow, obvious count: what was sold and is in effect, of what was to be sold (SAL-3, SAL-7)."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Product
from crm.core.measures import COLUMNS, Time, by_manager, refs
from crm.core.scope import Scope
from sales.models import Quota, SalesOrder
from sales.queries.measures import QUOTA_DONE

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 20, 9))
NOVEMBER = Time(first=date(2026, 11, 1), last=date(2026, 11, 30), today=date(2026, 11, 20), now=NOW)


def quota(cast, who, target, *, month=date(2026, 11, 1), product=None):
    staff = cast.staff.get(who)
    unit = staff.unit if staff else cast.units[who]
    metric = "product" if product else "activation"
    return Quota.unscoped.create(
        metric=metric, product=product, month=month, unit=unit, staff=staff, target=target, set_at=NOW
    )


def order(cast, who, quantity, *, state="effective", on=date(2026, 11, 10), product=None, customer=None):
    return SalesOrder.unscoped.create(
        source="billing", external_id=str(SalesOrder.unscoped.count()), staff=cast.staff[who],
        unit=cast.staff[who].unit, customer=customer, metric="product" if product else "activation", product=product,
        quantity=quantity, state=state, ordered_on=on, effective_on=on if state == "effective" else None,
        updated_at=NOW,
    )  # fmt: skip


def test_a_quota_of_thirty_with_twelve_done_is_forty_per_cent(cast):
    """SAL-3: 40.0 %; only orders in effect count, in their month, and what is still to be sold is known (SAL-7)."""
    quota(cast, "manager", 30)
    for state in ("promised", "confirmed", "cancelled"):
        order(cast, "manager", 5, state=state)
    order(cast, "manager", 12, customer=cast.customers["gold"])
    order(cast, "manager", 9, on=date(2026, 10, 31))
    order(cast, "manager", 9, on=date(2026, 11, 21))  # after today
    order(cast, "teammate", 9)
    (share,) = by_manager(QUOTA_DONE, Scope.ALL, NOVEMBER).values()
    assert (share.numerator, share.denominator, share.per_cent, share.mendable) == (12, 30, Decimal("40.0"), 18)
    sold, owed = (dict(zip(COLUMNS, row, strict=True)) for row in reversed(refs(QUOTA_DONE, Scope.ALL, NOVEMBER)))
    assert sold["customer_id"] == cast.customers["gold"].pk and sold["ref"] > 0 > owed["ref"]


def test_a_day_of_another_month_and_another_product_fill_no_quota(cast):
    """SAL-7: products are counted one by one; more than the quota counts in full."""
    phone, card = (Product.objects.create(code=code, name=code) for code in ("phone", "card"))
    quota(cast, "manager", 4, product=phone)
    order(cast, "manager", 6, product=phone)
    order(cast, "manager", 50, product=card)
    order(cast, "manager", 50)
    (share,) = by_manager(QUOTA_DONE, Scope.ALL, NOVEMBER).values()
    assert (share.numerator, share.per_cent) == (6, Decimal("150.0"))


def test_the_quota_of_a_unit_is_nobodys(cast):
    """SAL-5: the cascade's upper rows are not counted beside those of the managers."""
    quota(cast, "CITY", 100)
    quota(cast, "A", 60)
    assert by_manager(QUOTA_DONE, Scope.ALL, NOVEMBER) == {}


def test_random_months_agree_with_a_count_by_hand(cast):
    """F39: the statement against plain loops over the rows, for every month and in every scope."""
    chance = random.Random(39)
    goods = [None, *(Product.objects.create(code=f"p{n}", name=f"p{n}") for n in range(2))]
    sellers = ["manager", "teammate", "stranger"]
    months = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    for who in sellers:
        for month in months:
            for product in goods:
                if chance.random() < 0.7:
                    quota(cast, who, chance.randrange(40), month=month, product=product)
    for _number in range(120):
        on = date(2026, 8, 25) + timedelta(days=chance.randrange(100))
        state = chance.choice(["effective", "effective", "confirmed", "cancelled"])
        order(cast, chance.choice(sellers), 1 + chance.randrange(5), state=state, on=on, product=chance.choice(goods))
    quarter = Time(first=date(2026, 9, 1), last=date(2026, 11, 30), today=date(2026, 11, 20), now=NOW)
    spans = [Time(month, (month + timedelta(days=32)).replace(day=1) - timedelta(days=1), NOVEMBER.today, NOW)
             for month in months] + [quarter]  # fmt: skip
    for span in spans:
        assert by_hand(span, sellers, cast) == found(span, Scope.ALL)
        east = Scope(unit_ids=(cast.units["A"].pk,))
        assert found(span, east) == by_hand(span, ["manager", "teammate"], cast)
        days = [row[COLUMNS.index("day")] for row in refs(QUOTA_DONE, Scope.ALL, span)]
        assert all(span.first <= day <= span.last for day in days)


def found(span, scope):
    return {
        manager: (share.numerator, share.denominator, share.mendable)
        for manager, share in by_manager(QUOTA_DONE, scope, span).items()
    }


def by_hand(span, sellers, cast):
    counted = {}
    for who in sellers:
        staff = cast.staff[who].pk
        done = owed = left = 0
        quotas = [q for q in Quota.unscoped.filter(staff=staff) if span.first <= q.month <= span.last]
        for one in quotas:
            sold = sum(
                o.quantity for o in SalesOrder.unscoped.filter(staff=staff)
                if (o.metric, o.product_id) == (one.metric, one.product_id) and o.state == "effective"
                and (o.effective_on.year, o.effective_on.month) == (one.month.year, one.month.month)
                and span.first <= o.effective_on <= min(span.last, span.today)
            )  # fmt: skip
            done, owed = done + sold, owed + one.target
            if (one.month.year, one.month.month) >= (span.today.year, span.today.month):
                left += max(0, one.target - sold)
        if quotas:
            counted[staff] = (done, owed, left)
    return counted
