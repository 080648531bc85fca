"""The customer list: search, filters in the URL, keyset pages, nobody else's rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, PersonProfile, Standing
from tests.cast import CANARY

pytestmark = pytest.mark.django_db
ADDRESS = "/customers/"


def page(client, query=""):
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_a_manager_sees_his_own_customers_only(cast, as_user):
    """ORG-1, SEC-3: my customers, and nobody else's."""
    text = page(as_user(cast.manager))
    assert "钱多多" in text
    assert "江城海尔电器有限公司" not in text
    assert CANARY not in text


def test_each_kind_can_be_filtered(cast, as_user):
    """ORG-2: customer kinds."""
    client = as_user(cast.director)
    assert "城东手机卖场" in page(client, "?kind=channel")
    assert "钱多多" not in page(client, "?kind=channel")
    assert "平常人" in page(client, "?kind=ordinary")


@pytest.mark.parametrize(
    "query",
    ["海尔", "江城海", "jch", "JCHE", "K80000004", "0004", "13900000004"],
)
def test_a_customer_is_found_by_part_of_the_name_initials_number_or_phone_tail(cast, as_user, query):
    text = page(as_user(cast.supervisor), f"?q={query}")
    assert "江城海尔电器有限公司" in text
    assert "金满堂" not in text


def test_vips_without_manager_are_an_exception_list(cast, as_user):
    """ORG-9: a VIP with no manager appears on the exception list."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(manager=None)
    Standing.unscoped.filter(pk=cast.customers["gold"].pk).update(manager_id=None)
    text = page(as_user(cast.supervisor), "?unassigned=1")
    assert "金满堂" in text
    assert "平常人" not in text
    assert "钱多多" not in text


def test_market_band_mid_high_is_both_upper_bands(cast, as_user):
    """CUS-23: filter "mid-high"."""
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(market_band="mid")
    Customer.unscoped.filter(pk=cast.customers["silver"].pk).update(market_band="low")
    text = page(as_user(cast.manager), "?band=mid_high")
    assert "金满堂" in text
    assert "银小满" not in text


def test_the_list_is_sorted_by_value_unless_asked_otherwise(cast, as_user):
    """CUS-23: default lists sort by value."""
    for key, value in (("silver", 900), ("gold", 100), ("diamond", 500)):
        Standing.unscoped.filter(pk=cast.customers[key].pk).update(value=value)
    text = page(as_user(cast.manager))
    assert text.index("银小满") < text.index("钱多多") < text.index("金满堂")


def test_preferences_and_sims_are_filters(cast, as_user):
    """CUS-7: filter by sport; CUS-36: customers still on an ordinary SIM."""
    PersonProfile.unscoped.create(customer=cast.customers["gold"], sports="高尔夫 羽毛球")
    Customer.unscoped.filter(pk=cast.customers["gold"].pk).update(sim_kind="exclusive")
    client = as_user(cast.manager)
    assert "金满堂" in page(client, "?sport=高尔夫")
    assert "钱多多" not in page(client, "?sport=高尔夫")
    text = page(client, "?ordinary_sim=1")
    assert "钱多多" in text
    assert "金满堂" not in text


def test_groups_without_a_leader_are_an_exception_list(cast, as_user):
    """CUS-24: a group without a leader contact is on the exception list."""
    client = as_user(cast.supervisor)
    assert "江城海尔" not in page(client, "?without_leader=1")
    cast.customers["teammates"].contact_persons.all().delete()
    assert "江城海尔" in page(client, "?without_leader=1")


@pytest.mark.parametrize(
    "query", ["?tier=platinum", "?colour=red", "?sort=password", "?q=a%00b", "?cursor=abc", "?overdue=2", "?unit=9x"]
)
def test_a_wrong_filter_is_refused_with_a_reason(cast, as_user, query):
    assert as_user(cast.manager).get(ADDRESS + query).status_code == 400


def test_fifty_rows_then_more_by_key(cast, as_user):
    _many(cast, 60)
    client = as_user(cast.manager)
    first = client.get(ADDRESS)
    assert first.content.decode().count("data-record") == 50
    more = first.context["more_url"]
    rest = client.get(ADDRESS + more, headers={"HX-Request": "true"})
    assert rest.content.decode().count("data-record") == 13
    assert "<html" not in rest.content.decode()


def _many(cast, count):
    model = cast.customers["gold"]
    rows = Customer.unscoped.bulk_create(
        Customer(
            number=f"K9{number:07d}", kind="vip", name=f"客户{number:03d}", unit=model.unit, manager=model.manager,
            tier=model.tier, created_at=model.created_at, updated_at=model.updated_at, phone="13900009999",
        )
        for number in range(count)
    )  # fmt: skip
    Standing.unscoped.bulk_create(
        Standing(customer=row, unit_id=row.unit_id, manager_id=row.manager_id, tier_rank=2) for row in rows
    )


def test_the_list_takes_the_same_few_statements_at_3_rows_and_30(cast, as_user):
    """Issue 2 §8: at most 6 statements beyond the frame's own 4."""
    client = as_user(cast.manager)
    page(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client)
    _many(cast, 30)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
    assert len(many) <= 10


def test_a_page_of_fifty_rows_is_small(cast, as_user):
    """Issue 2 §8: at most 70 KB, 12 KB compressed."""
    import gzip

    _many(cast, 60)
    body = as_user(cast.manager).get(ADDRESS).content
    assert len(body) <= 70_000
    assert len(gzip.compress(body)) <= 12_000
