"""The cascade of quotas: its gap, its progress, giving on; a manager's own page; the orders behind each number."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Product
from sales.models import Quota
from sales.rules import given_on
from tests.cast import CANARY
from tests.sales.world import order, quota

pytestmark = pytest.mark.django_db
GRID, SET, HOME, ORDERS = "/sales/quotas/", "/sales/quotas/set/", "/sales/", "/sales/orders/"


def this_month():
    return timezone.localdate().replace(day=1)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def number_of(client, url):
    """The sum that the list behind a number shows."""
    answer = page(client, url)
    return answer.context["quantity"]


def test_the_cascade_shows_the_gap_of_each_level(cast, as_user):
    """SAL-5: headquarters → unit → manager; a sum that is less than the parent shows the gap, more is told."""
    month = this_month()
    for who, target in {"CITY": 200, "A": 100, "B": 120, "manager": 30, "teammate": 50, "stranger": 130}.items():
        quota(cast, who, target, month=month)
    client = as_user(cast.director)
    context = page(client, GRID).context
    assert (context["total"].now.cell.target, context["total"].now.cell.gap.over) == (200, 20)
    units = {row.line.name: row.now.cell for row in context["lines"]}
    assert {name: (cell.target, cell.gap.given_on, cell.gap.short, cell.gap.over) for name, cell in units.items()} == {
        "城东分公司": (100, 80, 20, 0), "城西分公司": (120, 130, 0, 10),
    }  # fmt: skip
    text = page(client, f"{GRID}?unit={cast.units['A'].pk}").content.decode()
    assert "80" in text and "20" in text and "林晓" in text
    assert client.get(f"{GRID}?unit=9999999").status_code == 404


def test_a_level_that_is_left_out_is_looked_through():
    """SAL-5: a unit between without a quota of its own does not hide what stands below it."""
    rows = [("/1/2/", False, 60), ("/1/2/", True, 30), ("/1/3/", True, 10), ("/1/3/4/", False, 5), ("/1/3/4/", True, 9)]
    assert given_on("/1/", rows) == 60 + 10 + 5
    assert given_on("/1/2/", rows) == 30
    assert given_on("/1/3/", rows) == 10 + 5


def test_a_quota_of_thirty_with_twelve_done_is_forty_per_cent_on_the_page(cast, as_user):
    """SAL-3, SAL-7: progress counts what is in effect, each number opens its orders, and their sum is the number."""
    month, today = this_month(), timezone.localdate()
    quota(cast, "A", 60, month=month)
    quota(cast, "manager", 30, month=month)
    order(cast, "manager", 7, on=month, customer=cast.customers["gold"])
    order(cast, "manager", 5, on=today)
    for state in ("promised", "confirmed", "cancelled"):
        order(cast, "manager", 4, on=today, state=state)
    order(cast, "manager", 50, on=month - timedelta(days=1))
    client = as_user(cast.supervisor)
    context = page(client, GRID).context
    (row,) = [row for row in context["lines"] if row.line.staff_id == cast.staff["manager"].pk]
    assert (row.now.cell.done, row.now.cell.per_cent) == (12, 40.0)
    assert number_of(client, row.now.url) == 12 and number_of(client, context["total"].now.url) == 12
    assert number_of(client, row.before[-1].url) == 50
    own = as_user(cast.manager)
    (share,) = page(own, HOME).context["shares"]
    assert (share.share.per_cent, share.share.left, share.share.coming) == (40.0, 18, 8)
    assert number_of(own, share.done_url) == 12 and number_of(own, share.coming_url) == 8
    assert "金满堂" in page(own, ORDERS).content.decode()


def test_a_supervisor_gives_his_units_quota_on(cast, as_user):
    """SAL-5: one level below; empty fields stay; the unit's own quota and other units are not his to set."""
    month = this_month()
    quota(cast, "A", 100, month=month)
    quota(cast, "teammate", 40, month=month)
    client, mine = as_user(cast.supervisor), f"s{cast.staff['manager'].pk}"
    text = page(client, SET).content.decode()
    assert 'data-target="100"' in text and mine in text and CANARY not in text
    answer = client.post(SET, {mine: "60", f"u{cast.units['A1'].pk}": "0", f"s{cast.staff['teammate'].pk}": ""})
    assert answer.status_code == 302
    targets = {(row.unit.code, row.staff_id): row.target for row in Quota.unscoped.select_related("unit")}
    assert targets == {
        ("A", None): 100, ("A", cast.staff["teammate"].pk): 40, ("A", cast.staff["manager"].pk): 60, ("A1", None): 0,
    }  # fmt: skip
    assert client.post(SET, {mine: "-1"}).status_code == 400
    assert client.post(f"{SET}?unit={cast.units['B'].pk}", {f"s{cast.staff['stranger'].pk}": "9"}).status_code == 404
    before = (month - timedelta(days=1)).strftime("%Y-%m")
    assert client.post(f"{SET}?month={before}", {mine: "5"}).status_code == 400
    assert Quota.unscoped.count() == 4


def test_products_have_quotas_of_their_own(cast, as_user):
    """SAL-5, SAL-7: per product and month."""
    phone = Product.objects.create(code="phone", name="集团手机")
    quota(cast, "manager", 4, month=this_month(), product=phone)
    order(cast, "manager", 6, on=this_month(), product=phone)
    client = as_user(cast.supervisor)
    assert "集团手机" in page(client, GRID).content.decode()
    (row,) = [r for r in page(client, f"{GRID}?what=phone").context["lines"] if r.now.cell.target]
    assert (row.now.cell.done, row.now.cell.per_cent, row.now.look) == (6, 150.0, "met")
    assert number_of(client, row.now.url) == 6
    assert client.get(f"{GRID}?what=none").status_code == 400


def test_a_manager_sees_his_own_sales_only(cast, as_user):
    """SEC-3: no peer's page, orders or quotas; a customer out of sight stays without name."""
    order(cast, "manager", 3, on=this_month(), customer=cast.customers["strangers"])
    order(cast, "stranger", 3, on=this_month(), customer=cast.customers["strangers"])
    client = as_user(cast.manager)
    assert client.get(GRID)["Location"] == HOME
    assert client.get(f"{HOME}?staff={cast.staff['stranger'].pk}").status_code == 404
    answer = page(client, ORDERS)
    assert answer.context["count"] == 1 and CANARY not in answer.content.decode()
    assert client.get(f"{ORDERS}?staff={cast.staff['stranger'].pk}").status_code == 404
    boss = as_user(cast.supervisor)
    assert page(boss, f"{HOME}?staff={cast.staff['manager'].pk}").context["shares"][0].share.done == 3


def test_a_month_is_at_most_the_next_one(cast, as_user):
    """Bad inputs 10: a month that is none, or lies far away."""
    client = as_user(cast.supervisor)
    for raw in ("2026-13", "x", "1999-01", f"{date.today().year + 3}-01"):
        assert client.get(f"{GRID}?month={raw}").status_code == 400, raw
