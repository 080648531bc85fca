"""客户动态: what moved among one's customers, newest first, own customers only (RET-11)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import change_state
from accounts.choices import CustomerState
from accounts.models import LifecycleEvent, Line, Signal
from sales.models import UsageMonth
from tests.visits.ledger_world import at
from visits.models import CustomerVoice
from workbench.queries import movements as feed

pytestmark = pytest.mark.django_db
URL = "/customers/movements/"
ALL = tuple(feed.KINDS)


def usage(customer, month, revenue):
    return UsageMonth.unscoped.create(
        customer=customer, month=month, revenue=revenue, source="billing", updated_at=timezone.now()
    )


def moved(cast, *kinds, managers=("manager",), today=None, cursor=""):
    now = timezone.now() if today is None else at(today, 12)
    ids = [cast.staff[name].pk for name in managers]
    return feed.movements(ids, kinds or ALL, today=timezone.localdate(now), now=now, cursor=cursor)


def signal(customer, moment, key):
    return Signal.unscoped.create(
        customer=customer, kind="port_out_query", happened_at=moment, source="hotline", external_id=key,
        received_at=moment,
    )  # fmt: skip


def test_each_kind_of_news_of_own_customers_is_told_newest_first(cast, as_user):
    """RET-11: signs of leaving, states, lines, key changes of one's own customers; a stranger's are not there."""
    now = timezone.now()
    gold, other = cast.customers["gold"], cast.customers["strangers"]
    for place, customer in enumerate((gold, other)):
        signal(customer, now - timedelta(minutes=1), f"S{place}")
        number = Line.unscoped.create(
            customer=customer, number=f"1381234000{place}", opened_on=date(2024, 1, 1), updated_at=now
        )
        LifecycleEvent.unscoped.create(
            customer=customer, line=number, kind="ported_out", destination="unicom", source="billing",
            happened_on=timezone.localdate() - timedelta(days=2), external_id=f"E{place}", received_at=now,
        )  # fmt: skip
        CustomerVoice.unscoped.create(
            customer=customer, kind="key_change", topic="leadership", text="换了董事长", by=cast.manager,
            said_at=now - timedelta(days=1), reported_at=now - timedelta(days=1),
        )  # fmt: skip
        change_state(customer_id=customer.pk, state=CustomerState.SUSPENDED, reason="欠费", by=None, now=now)
    rows, _more = moved(cast)
    assert [(row.kind, row.customer_id) for row in rows] == [
        ("state", gold.pk), ("signal", gold.pk), ("key", gold.pk), ("line", gold.pk),
    ]  # fmt: skip
    page = as_user(cast.manager).get(URL)
    text = page.content.decode()
    assert page.status_code == 200 and "金满堂" in text and other.name not in text and "换了董事长" in text
    one = as_user(cast.manager).get(f"{URL}?kind=line").content.decode()
    assert "中国联通" in one and "换了董事长" not in one


def test_a_change_of_use_is_news_from_the_share_of_the_parameter_on(cast):
    """RET-11, CUS-19: 30 % either way against the month before; the running month and small changes are no news."""
    gold, silver, diamond = (cast.customers[name] for name in ("gold", "silver", "diamond"))
    for customer, before, now in ((gold, 100, 70), (silver, 100, 71), (diamond, 100, 130)):
        usage(customer, date(2026, 9, 1), Decimal(before))
        usage(customer, date(2026, 10, 1), Decimal(now))
        usage(customer, date(2026, 11, 1), Decimal(1))
    rows, _more = moved(cast, "usage", today=date(2026, 11, 20))
    assert {(row.customer_id, round(float(row.facts["share"]), 2)) for row in rows} == {
        (gold.pk, -0.3), (diamond.pk, 0.3),
    }  # fmt: skip
    assert {feed.day_of(row) for row in rows} == {date(2026, 11, 1)}


def test_the_feed_goes_on_where_it_stopped(cast):
    """Screens: keyset pages; nothing twice, nothing left out, equal moments included."""
    moment = timezone.now() - timedelta(hours=1)
    for place in range(feed.LIMIT + 7):
        signal(cast.customers["gold"], moment - timedelta(minutes=place // 10), f"S{place}")
    first, cursor = moved(cast)
    rest, end = moved(cast, cursor=cursor)
    assert (len(first), len(rest), end) == (feed.LIMIT, 7, None)
    assert len({row.id for row in (*first, *rest)}) == feed.LIMIT + 7


def test_who_leads_looks_at_one_of_his_managers(cast, as_user):
    """ORG-28: a supervisor chooses a manager of his unit; another unit's is not there."""
    signal(cast.customers["gold"], timezone.now(), "S1")
    boss = as_user(cast.supervisor)
    assert "金满堂" not in boss.get(URL).content.decode()
    assert "金满堂" in boss.get(f"{URL}?manager={cast.staff['manager'].pk}").content.decode()
    assert boss.get(f"{URL}?manager={cast.staff['stranger'].pk}").status_code == 404
    assert as_user(cast.manager).get(f"{URL}?manager={cast.staff['stranger'].pk}").status_code == 404
    assert as_user(cast.manager).get(f"{URL}?kind=weather").status_code == 400
