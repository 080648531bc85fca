"""Whether two systems hold the same: counts, sums, and a hash that a client can make itself (sync-api)."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Customer, ExternalId, Line
from sales.models import Bill

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/reconciliation"


def hashed(rows):
    """As the description says it."""
    numbers = [int(hashlib.md5("|".join(row).encode(), usedforsecurity=False).hexdigest()[:15], 16) for row in rows]
    return f"{sum(numbers) % 2**60:015x}"


def test_a_client_can_make_the_hash_itself(make_client, cast):
    """对账: a difference names its unit."""
    billing = make_client(scopes=["customers:read", "billing:read"])
    answer = billing.get(ADDRESS, {"type": "customer", "by": "unit"}).json()
    today = timezone.localdate()
    rows = [row for row in Customer.unscoped.select_related("unit") if not row.exited_on or row.exited_on > today]
    assert answer["hash_of"] == ["customer", "kind", "name", "phone"]
    assert answer["total"]["rows"] == len(rows)
    assert answer["total"]["hash"] == hashed((row.number, row.kind, row.name, row.phone) for row in rows)
    own = [row for row in rows if row.unit.code == "A"]
    mine = next(item for item in answer["items"] if item["unit"] == "A")
    assert mine["hash"] == hashed((row.number, row.kind, row.name, row.phone) for row in own)
    ExternalId.unscoped.create(customer=own[0], source="billing", external_id="B-1")
    Customer.unscoped.filter(pk=own[1].pk).update(name="另一名", monthly_spend=Decimal("3.50"))
    after = billing.get(ADDRESS, {"type": "customer"}).json()
    changed = {item["unit"] for item in after["items"] if item not in answer["items"]}
    assert changed == {"A"} and after["total"]["hash"] != answer["total"]["hash"]


def test_lines_and_bills_are_those_of_the_day(make_client, cast):
    """As of a date by the rows' own dates; money is summed."""
    client = make_client(scopes=["lines:read", "billing:read"])
    customer, now = cast.customers["gold"], timezone.now()
    common = {"customer": customer, "updated_at": now}
    Line.unscoped.create(number="1", opened_on=date(2026, 1, 1), closed_on=date(2026, 3, 1), state="closed", **common)
    Line.unscoped.create(number="2", opened_on=date(2026, 2, 1), **common)
    rows = [
        client.get(ADDRESS, {"type": "line", "date": day}).json()["total"]["rows"]
        for day in ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")
    ]
    assert rows == [0, 1, 2, 1]
    for month, amount in ((1, "10.00"), (2, "7.50")):
        Bill.unscoped.create(month=date(2026, month, 1), amount=amount, due_on=date(2026, month, 20), **common)
    answer = client.get(ADDRESS, {"type": "bill", "date": "2026-02-11"}).json()
    assert answer["total"] == {
        "rows": 1,
        "sums": {"amount": "7.50", "paid_amount": "0.00"},
        "hash": hashed([(customer.number, "", "2026-02", "7.50", "0.00")]),
    }
    assert [item["unit"] for item in answer["items"]] == [customer.unit.code]
    for kind in ("subscription", "usage"):
        assert client.get(ADDRESS, {"type": kind}).json()["total"]["hash"] == "0" * 15


def test_each_type_asks_for_its_scope_and_subtree(make_client, cast):
    narrow = make_client("narrow", unit="B", scopes=["customers:read"])
    units = {item["unit"] for item in narrow.get(ADDRESS, {"type": "customer"}).json()["items"]}
    assert units <= {"B"}
    assert narrow.get(ADDRESS, {"type": "bill"}).status_code == 403
    assert narrow.get(ADDRESS).json()["type"] == "customer"
    assert narrow.get(ADDRESS, {"type": "customer", "by": "staff"}).status_code == 400
