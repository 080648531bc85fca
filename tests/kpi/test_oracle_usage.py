"""F40: members that reached the least number of uses, of the members subscribed (SAL-6)."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import GroupMember, Product
from crm.core.measures import Time, by_manager
from crm.core.scope import Scope
from sales.models import MemberUse, Subscription, UsageMonth
from sales.queries.usage_measures import ACTIVE_MEMBERS

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 20, 9))
OCTOBER = Time(first=date(2026, 10, 1), last=date(2026, 10, 31), today=date(2026, 11, 20), now=NOW)
MONTH = date(2026, 10, 1)


def shares(time=OCTOBER):
    return {
        manager: (share.numerator, share.denominator, share.per_cent)
        for manager, share in by_manager(ACTIVE_MEMBERS, Scope.ALL, time).items()
    }


def test_two_messages_are_not_enough_and_three_are(cast):
    """SAL-6, F40: 1 of 4 subscribed reached 3 messages; products without a rule, other months and silence count not."""
    gold, manager = cast.customers["gold"], cast.staff["manager"].pk
    sms, tone = (Product.objects.get(code=code) for code in ("SHORTSMS", "GRBT"))
    about = {"customer": gold, "month": MONTH, "source": "boss", "updated_at": NOW}
    UsageMonth.unscoped.create(product=tone, active_members=9, **about)
    assert shares() == {}
    month = UsageMonth.unscoped.create(product=sms, **about)
    assert shares() == {}, "nobody told of members: not known"
    for place, uses in enumerate((2, 3)):
        member = GroupMember.unscoped.create(customer=gold, msisdn=f"1540000000{place}")
        MemberUse.unscoped.create(member=member, product=sms, month=MONTH, uses=uses, updated_at=NOW)
        MemberUse.unscoped.create(member=member, product=sms, month=date(2026, 9, 1), uses=9, updated_at=NOW)
    assert shares() == {manager: (1, 2, Decimal("50.0"))}
    held = Subscription.unscoped.create(
        customer=gold, product=sms, quantity=4, started_on=MONTH, source="boss", external_id="S1", updated_at=NOW
    )
    assert shares() == {manager: (1, 4, Decimal("25.0"))}
    Subscription.unscoped.filter(pk=held.pk).update(started_on=date(2026, 11, 1))
    MemberUse.unscoped.all().delete()
    UsageMonth.unscoped.filter(pk=month.pk).update(active_members=7)
    assert shares() == {}, "nobody subscribed then"
    Subscription.unscoped.filter(pk=held.pk).update(started_on=MONTH)
    assert shares() == {manager: (4, 4, Decimal("100.0"))}, "what billing counted, never more than there are"
