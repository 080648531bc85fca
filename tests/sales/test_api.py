"""`sales/orders` and `sales/quotas`: bulk by external id, each row answered; lists in scope (sync-api)."""

import pytest

from accounts.models import ExternalId, Product
from sales.models import Quota, SalesOrder
from tests.api.conftest import billing, make_client, session  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
ORDERS, QUOTAS = "/api/v1/sales/orders", "/api/v1/sales/quotas"
SCOPES = ["sales:read", "sales:write"]
SALE = {
    "external_id": "SO1", "staff": "M1001", "quantity": 2, "state": "effective", "ordered_on": "2026-01-05",
    "effective_on": "2026-01-06",
}  # fmt: skip


@pytest.fixture
def boss(make_client):  # noqa: F811
    """The order system of the whole city."""
    return make_client("boss", "CITY", SCOPES)


def send(client, *items, to=ORDERS, **more):
    return client.post(to, {"items": list(items)} | more, format="json")


def statuses(answer):
    return [row["status"] for row in answer.json()["items"]]


def test_an_order_is_told_once_and_again_and_better(boss, cast):
    """SAL-7: created, unchanged, updated, stale; a missing field stays, null clears."""
    ExternalId.unscoped.create(customer=cast.customers["gold"], source="boss", external_id="C7")
    first = SALE | {"customer": "C7", "source_updated_at": "2026-01-06T10:00:00+08:00"}
    assert statuses(send(boss, first)) == ["created"]
    assert statuses(send(boss, first)) == ["unchanged"]
    row = SalesOrder.unscoped.get()
    assert (row.customer, row.unit, row.version) == (cast.customers["gold"], cast.units["A"], 1)
    assert statuses(send(boss, {"external_id": "SO1", "state": "cancelled"})) == ["updated"]
    row.refresh_from_db()
    assert (row.state, row.quantity, row.customer_id, row.version) == ("cancelled", 2, cast.customers["gold"].pk, 2)
    assert statuses(send(boss, {"external_id": "SO1", "customer": None})) == ["updated"]
    stale = first | {"source_updated_at": "2026-01-05T10:00:00+08:00"}
    send(boss, first | {"source_updated_at": "2026-01-07T10:00:00+08:00"})
    assert statuses(send(boss, stale)) == ["stale"]


def test_a_bad_row_names_its_field_and_stops_nothing(boss, cast):
    """sync-api: 207, each row in order with pointer and code; atomic is all or nothing; dry_run writes nothing."""
    bad = [
        SALE | {"external_id": "SO2", "staff": "M9"},
        SALE | {"external_id": "SO3", "effective_on": None},
        SALE | {"external_id": "SO4", "effective_on": "2999-01-01"},
        SALE | {"external_id": "SO5", "colour": "red"},
        SALE | {"external_id": "SO6", "metric": "product"},
        SALE | {"external_id": "SO7", "customer": "K0"},
    ]
    answer = send(boss, SALE, *bad)
    assert answer.status_code == 207 and statuses(answer) == ["created", *["failed"] * 6]
    told = [(row["errors"][0]["pointer"], row["errors"][0]["code"]) for row in answer.json()["items"][1:]]
    assert told == [
        ("/items/1/staff", "not_found"), ("/items/2/effective_on", "required"),
        ("/items/3/effective_on", "out_of_range"),
        ("/items/4/colour", "unknown_field"), ("/items/5/product", "metric_and_product"),
        ("/items/6/customer", "not_found"),
    ]  # fmt: skip
    assert send(boss, SALE | {"external_id": "SO8"}, bad[0], mode="atomic").status_code == 422
    assert statuses(send(boss, SALE | {"external_id": "SO9"}, dry_run=True)) == ["created"]
    assert [row.external_id for row in SalesOrder.unscoped.all()] == ["SO1"]


def test_a_client_reaches_its_subtree_only(boss, make_client, cast):  # noqa: F811
    """Decisions 14: who sells elsewhere is not found; what was told by another source is another order."""
    west = make_client("west", "B", SCOPES)
    assert statuses(send(west, SALE)) == ["failed"]
    assert statuses(send(west, SALE | {"staff": "M2001"})) == ["created"]
    assert statuses(send(boss, SALE)) == ["created"]
    assert [row["staff"] for row in west.get(ORDERS).json()["items"]] == ["M2001"]
    items = boss.get(f"{ORDERS}?staff=M1001&state=effective&effective_from=2026-01-06").json()["items"]
    assert [(row["external_id"], row["quantity"], row["unit"]) for row in items] == [("SO1", 2, "A")]
    assert boss.get(f"{ORDERS}?colour=red").status_code == 400
    reader = make_client("reader", "CITY", ["sales:read"])
    assert send(reader, SALE).status_code == 403


def test_quotas_by_machine_are_those_of_the_page(boss, cast):
    """SAL-3, SAL-5: by month, unit or manager, product; a repeat changes nothing."""
    Product.objects.create(code="P1", name="集团彩铃")
    items = [
        {"month": "2026-01", "unit": "A", "target": 60},
        {"month": "2026-01", "staff": "M1001", "target": 30},
        {"month": "2026-01", "staff": "M1001", "product": "P1", "target": 5},
    ]
    assert statuses(send(boss, *items, to=QUOTAS)) == ["created"] * 3
    assert statuses(send(boss, *items, to=QUOTAS)) == ["unchanged"] * 3
    assert statuses(send(boss, items[1] | {"target": 31}, to=QUOTAS)) == ["updated"]
    found = boss.get(f"{QUOTAS}?month=2026-01&staff=M1001").json()["items"]
    assert [(row["metric"], row["product"], row["target"], row["month"]) for row in found] == [
        ("activation", None, 31, "2026-01"), ("product", "P1", 5, "2026-01"),
    ]  # fmt: skip
    assert Quota.unscoped.count() == 3 and boss.get(f"{QUOTAS}?month=x").status_code == 400


def test_a_person_reads_through_the_api_what_his_page_shows(boss, session, cast):  # noqa: F811
    """SEC-3: a manager his own; a customer out of his sight has no number."""
    send(boss, SALE | {"customer": "K80000007"}, SALE | {"external_id": "SO2", "staff": "M2001"})
    items = session("manager").get(ORDERS).json()["items"]
    assert [(row["external_id"], row["customer"]) for row in items] == [("SO1", None)]
    assert send(session("manager"), SALE).status_code == 403
