"""Subscriptions, usage, uses and bills by machine: natural keys, each row answered, read in scope (sync-api)."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import ExternalId, GroupMember, Line, Product
from sales.models import Bill, MemberUse, Subscription, UsageMonth
from tests.api.conftest import billing, make_client, session  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
API = "/api/v1/"
SCOPES = ["billing:read", "billing:write"]
GOLD = "K80000002"
NUMBERS = ["13800000001", "13800000002", "13800000003", "13800000004"]
PLAN = {
    "external_id": "S1", "customer": GOLD, "product": "PARENT", "started_on": "2026-01-05",
    "consent_note": "家长书面同意", "attributes": {"callable_numbers": NUMBERS[:3]},
}  # fmt: skip


@pytest.fixture
def boss(make_client):  # noqa: F811
    """The billing system of the whole city."""
    return make_client("boss", "CITY", SCOPES)


def send(client, to, *items, **more):
    return client.post(API + to, {"items": list(items)} | more, format="json")


def statuses(answer):
    return [row["status"] for row in answer.json()["items"]]


def codes(answer):
    return [[error["code"] for error in row["errors"]] for row in answer.json()["items"]]


def test_the_catalogue_holds_the_group_products_and_their_rules(boss):
    """SAL-1, SAL-2: group network, ring-back tone, leased line, handsets; short-number SMS with 3 uses a month."""
    items = {row["code"]: row for row in boss.get(f"{API}products").json()["items"]}
    group = {code for code, row in items.items() if row["category"] == "group"}
    assert {"VPMN", "GRBT", "LEASED", "HANDSET", "SHORTSMS", "SCHOOL", "DEPOSIT"} <= group
    assert items["SHORTSMS"]["min_uses_per_member"] == 3 and items["PARENT"]["needs_consent"]
    (numbers,) = [row for row in items["PARENT"]["attributes"] if row["code"] == "callable_numbers"]
    assert numbers["most"] == 3 and numbers["required"]


def test_a_parent_child_plan_with_four_numbers_is_refused(boss, cast):
    """SAL-2: three numbers may be called; the guardian's consent is noted; what the product does not ask is unknown."""
    four = PLAN | {"attributes": {"callable_numbers": NUMBERS}}
    answer = send(
        boss,
        "subscriptions",
        four,
        PLAN | {"external_id": "S2", "consent_note": None},
        PLAN | {"external_id": "S3", "attributes": {"colour": "red", "callable_numbers": NUMBERS[:1]}},
    )
    assert answer.status_code == 207 and codes(answer) == [["too_many"], ["consent_needed"], ["unknown"]]
    assert answer.json()["items"][0]["errors"][0]["pointer"] == "/items/0/attributes/callable_numbers"
    assert statuses(send(boss, "subscriptions", PLAN)) == ["created"]
    assert statuses(send(boss, "subscriptions", PLAN)) == ["unchanged"]
    row = Subscription.unscoped.get()
    assert row.attributes == {"callable_numbers": NUMBERS[:3]} and row.version == 1
    assert statuses(send(boss, "subscriptions", {"external_id": "S1", "ended_on": "2026-05-31"})) == ["updated"]
    assert codes(send(boss, "subscriptions", {"external_id": "S1", "attributes": {"callable_numbers": NUMBERS}})) == [
        ["too_many"]
    ]
    found = boss.get(f"{API}subscriptions?customer={GOLD}&active_on=2026-05-31").json()["items"]
    assert [(row["external_id"], row["ended_on"], row["version"]) for row in found] == [("S1", "2026-05-31", 2)]


def test_a_month_of_usage_is_told_once_and_again_and_better(boss, cast):
    """SAL-35: known by customer, product and month; a missing figure stays, null clears; older news is stale."""
    ExternalId.unscoped.create(customer=cast.customers["gold"], source="boss", external_id="C7")
    whole = {"customer": "C7", "month": "2026-01", "revenue": "120.50", "balance": "-3.20",
             "source_updated_at": "2026-02-02T10:00:00+08:00"}  # fmt: skip
    product = {"customer": GOLD, "month": "2026-01", "product": "GRBT", "volume": 40}
    assert statuses(send(boss, "usage/bulk", whole, product)) == ["created", "created"]
    assert statuses(send(boss, "usage/bulk", whole, product)) == ["unchanged", "unchanged"]
    assert statuses(send(boss, "usage/bulk", {"customer": GOLD, "month": "2026-01", "data_mb": 512})) == ["updated"]
    row = UsageMonth.unscoped.get(product=None)
    assert (row.revenue, row.balance, row.data_mb) == (Decimal("120.50"), Decimal("-3.20"), 512)
    stale = whole | {"source_updated_at": "2026-02-01T10:00:00+08:00", "revenue": 1}
    assert statuses(send(boss, "usage/bulk", stale)) == ["stale"]
    bad = [
        {"customer": "K0", "month": "2026-01"}, {"customer": GOLD, "month": "2999-01"},
        {"customer": GOLD, "month": "2026-01", "product": "NONE"}, {"customer": GOLD, "month": "2026-01", "colour": 1},
    ]  # fmt: skip
    assert codes(send(boss, "usage/bulk", *bad)) == [["not_found"], ["out_of_range"], ["not_found"], ["unknown_field"]]
    items = boss.get(f"{API}usage?month=2026-01&product=GRBT").json()["items"]
    assert [(row["customer"], row["volume"], row["revenue"]) for row in items] == [(GOLD, "40.00", None)]


def test_a_bill_is_open_until_it_is_paid_in_full(boss, cast):
    """SAL-23: amount and due day; paid in part is open; a line of the customer in that month."""
    bill = {"customer": GOLD, "month": "2026-01", "amount": 88, "due_on": "2026-02-15"}
    assert statuses(send(boss, "bills/bulk", bill)) == ["created"]
    assert statuses(send(boss, "bills/bulk", bill)) == ["unchanged"]
    assert statuses(send(boss, "bills/bulk", {"customer": GOLD, "month": "2026-01", "paid_amount": 50})) == ["updated"]
    assert Bill.unscoped.get().paid_on is None
    assert codes(send(boss, "bills/bulk", bill | {"paid_amount": 50, "paid_on": "2026-02-10"})) == [["not_paid"]]
    paid = {"customer": GOLD, "month": "2026-01", "paid_on": "2026-02-10"}
    assert statuses(send(boss, "bills/bulk", paid)) == ["updated"]
    row = Bill.unscoped.get()
    assert (row.paid_amount, row.paid_on) == (Decimal(88), date(2026, 2, 10))
    line = Line.unscoped.create(customer=cast.customers["gold"], number="13900000001", opened_on="2025-01-01",
                                updated_at=row.updated_at)  # fmt: skip
    of_line = bill | {"line": "13900000001"}
    assert statuses(send(boss, "bills/bulk", of_line, bill | {"line": "13900000002"})) == ["created", "failed"]
    assert Bill.unscoped.filter(line=line, paid_on=None).count() == 1
    items = boss.get(f"{API}bills?unpaid=true&due_to=2026-02-15").json()["items"]
    assert [(row["customer"], row["line"], row["amount"]) for row in items] == [(GOLD, "13900000001", "88.00")]


def test_a_member_is_active_from_three_messages_on(boss, cast):
    """SAL-6: with 2 SMS not active, with 3 active; the customer's month comes into being."""
    group = cast.customers["group"] if "group" in cast.customers else cast.customers["gold"]
    members = GroupMember.unscoped.bulk_create(GroupMember(customer=group, msisdn=number) for number in NUMBERS[:2])
    rows = [{"member": member.msisdn, "product": "SHORTSMS", "month": "2026-01", "uses": uses}
            for member, uses in zip(members, (2, 3), strict=True)]  # fmt: skip
    assert statuses(send(boss, "member-uses", *rows)) == ["created", "created"]
    assert statuses(send(boss, "member-uses", *rows)) == ["unchanged", "unchanged"]
    items = boss.get(f"{API}member-uses?product=SHORTSMS").json()["items"]
    assert [(row["uses"], row["is_active"]) for row in items] == [(2, False), (3, True)]
    assert UsageMonth.unscoped.get().product == Product.objects.get(code="SHORTSMS")
    assert codes(send(boss, "member-uses", rows[0] | {"member": "13700000000"})) == [["not_found"]]
    assert statuses(send(boss, "member-uses", rows[0] | {"uses": 3})) == ["updated"]
    assert sorted(MemberUse.unscoped.values_list("uses", flat=True)) == [3, 3]


def test_a_client_reaches_its_subtree_and_a_person_reads_masked(boss, make_client, session, cast):  # noqa: F811
    """Decisions 14, safety 1.5: elsewhere is not found; numbers are masked for a browser."""
    west = make_client("west", "B", SCOPES)
    usage = {"customer": GOLD, "month": "2026-01", "revenue": 5}
    assert statuses(send(west, "usage/bulk", usage)) == ["failed"]
    assert statuses(send(west, "subscriptions", PLAN)) == ["failed"]
    assert statuses(send(boss, "usage/bulk", usage)) == ["created"]
    assert statuses(send(boss, "subscriptions", PLAN)) == ["created"]
    assert west.get(f"{API}usage").json()["items"] == [] and west.get(f"{API}subscriptions").json()["items"] == []
    (row,) = session("manager").get(f"{API}subscriptions").json()["items"]
    assert NUMBERS[0] not in str(row["attributes"])
    assert send(session("manager"), "usage/bulk", usage).status_code == 403
    assert send(make_client("reader", "CITY", ["billing:read"]), "usage/bulk", usage).status_code == 403
    assert boss.get(f"{API}usage?month=x").status_code == 400
