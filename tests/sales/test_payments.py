"""Payments of bills: whole or in part, by machine, by file, by hand; a bill is paid by them (SAL-23, F41)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Standing
from crm.core.feed import Reader, feed_types
from crm.core.measures import by_manager, over
from crm.core.models import Change
from crm.core.scope import Scope
from sales.actions.dunning import follow_rows
from sales.models import Bill, DunningCase, Payment
from sales.queries.money_measures import ARREARS_COLLECTED
from sync.authentication import caller_access
from tests.api.conftest import billing, make_client, session  # noqa: F401 - fixtures
from tests.sales.money_world import bill

pytestmark = pytest.mark.django_db
API = "/api/v1/"
GOLD = "K80000002"
BILL = {"customer": GOLD, "month": "2026-01", "amount": 100, "due_on": "2026-02-15"}
FIRST = {"external_id": "P1", "customer": GOLD, "month": "2026-01", "amount": 40, "paid_on": "2026-02-20"}
SECOND = FIRST | {"external_id": "P2", "amount": "60.00", "paid_on": "2026-03-04"}


@pytest.fixture
def boss(make_client):  # noqa: F811
    """The billing system of the whole city."""
    return make_client("boss", "CITY", ["billing:read", "billing:write"])


def send(client, to, *items):
    answer = client.post(API + to, {"items": list(items)}, format="json")
    return [row["status"] if not row.get("errors") else row["errors"][0]["code"] for row in answer.json()["items"]]


def state(row=None):
    row = Bill.unscoped.get(pk=row.pk) if row else Bill.unscoped.get()
    return row.paid_amount, row.paid_on


def arrears(cast):
    return Standing.unscoped.get(customer=cast.customers["gold"]).arrears


def test_a_bill_is_paid_on_the_day_its_payments_reach_its_amount(boss, cast):
    """SAL-23: in part it is open and owed for; the same again writes nothing; arrears and dunning follow at once."""
    assert send(boss, "bills/bulk", BILL) == ["created"] and arrears(cast) == 100
    assert send(boss, "payments/bulk", FIRST) == ["created"]
    assert state() == (40, None) and arrears(cast) == 60
    assert send(boss, "payments/bulk", FIRST, SECOND) == ["unchanged", "created"]
    assert state() == (100, date(2026, 3, 4)) and arrears(cast) == 0
    assert DunningCase.unscoped.get().state == "paid"
    assert send(boss, "payments/bulk", {"external_id": "P1", "amount": 30}) == ["updated"]
    assert state() == (90, None) and arrears(cast) == 10 and DunningCase.unscoped.get().state == "open"
    items = boss.get(f"{API}payments?customer={GOLD}&month=2026-01&paid_from=2026-03-01").json()["items"]
    assert [(row["external_id"], row["amount"], row["month"]) for row in items] == [("P2", "60.00", "2026-01")]
    assert (
        boss.get(f"{API}payments?bill={Bill.unscoped.get().pk}&external_id=P1").json()["items"][0]["amount"] == "30.00"
    )


def test_payments_count_and_what_the_bill_says_is_kept_aside(boss, cast):
    """SAL-23: a bill with payments is paid by them alone; when the last one is gone, what billing told stands again."""
    assert send(boss, "bills/bulk", BILL | {"paid_on": "2026-02-10"}) == ["created"]
    assert send(boss, "payments/bulk", FIRST) == ["created"] and state() == (40, None)
    assert send(boss, "bills/bulk", BILL | {"paid_on": "2026-02-10"}) == ["unchanged"] and state() == (40, None)
    assert send(boss, "bills/bulk", BILL | {"amount": 30, "paid_amount": 30, "paid_on": "2026-02-11"}) == ["updated"]
    assert state() == (40, date(2026, 2, 20))
    assert send(boss, "bills/bulk", BILL | {"amount": 90, "paid_amount": 5}) == ["updated"] and state() == (40, None)
    Payment.unscoped.all().delete()
    follow_rows([cast.customers["gold"].pk], timezone.now())
    row = Bill.unscoped.get()
    assert (row.paid_amount, row.paid_on, row.told_amount, arrears(cast)) == (5, None, None, 85)


def test_a_payment_moves_to_another_bill_and_can_be_taken_back(boss, cast):
    """SAL-23: both bills follow; a payment of nothing was taken back in billing."""
    assert send(boss, "bills/bulk", BILL, BILL | {"month": "2026-02", "due_on": "2026-03-15"}) == ["created"] * 2
    january, february = Bill.unscoped.order_by("month")
    assert send(boss, "payments/bulk", FIRST, SECOND) == ["created", "created"]
    assert send(boss, "payments/bulk", {"external_id": "P2", "bill": february.pk}) == ["updated"]
    assert (state(january), state(february)) == ((40, None), (60, None))
    assert send(boss, "payments/bulk", {"external_id": "P2", "amount": 0}) == ["updated"]
    assert state(february) == (0, None)
    bare = {"external_id": "P3", "amount": 1, "paid_on": "2026-02-01"}
    bad = [
        FIRST | {"external_id": "P3", "month": "2026-07"}, FIRST | {"external_id": "P3", "customer": "K0"},
        FIRST | {"external_id": "P3", "line": "13900000009"}, FIRST | {"external_id": "P3", "amount": -1},
        FIRST | {"external_id": "P3", "paid_on": "2999-01-01"}, bare,
        bare | {"bill": 2**40}, FIRST | {"external_id": "P3", "x": 1},
    ]  # fmt: skip
    assert send(boss, "payments/bulk", *bad) == [
        "not_found", "not_found", "not_found", "out_of_range", "out_of_range", "required", "not_found", "unknown_field",
    ]  # fmt: skip
    assert Payment.unscoped.count() == 2
    stale = FIRST | {"source_updated_at": "2026-02-21T10:00:00+08:00"}
    assert send(boss, "payments/bulk", stale | {"amount": 41}) == ["updated"]
    assert send(boss, "payments/bulk", stale | {"source_updated_at": "2026-02-20T10:00:00+08:00"}) == ["stale"]


def test_a_client_reaches_the_payments_of_its_subtree_only(boss, make_client, session, cast):  # noqa: F811
    """Decisions 14: elsewhere a bill is not found, by month as by our id; a manager reads, and tells nothing."""
    west = make_client("west", "B", ["billing:read", "billing:write"])
    send(boss, "bills/bulk", BILL)
    by_id = {"external_id": "P9", "bill": Bill.unscoped.get().pk, "amount": 1, "paid_on": "2026-02-20"}
    assert send(west, "payments/bulk", FIRST, by_id) == ["not_found", "not_found"]
    assert send(boss, "payments/bulk", FIRST) == ["created"]
    assert west.get(f"{API}payments").json()["items"] == []
    assert len(session("manager").get(f"{API}payments").json()["items"]) == 1
    assert session("manager").post(f"{API}payments/bulk", {"items": [FIRST]}, format="json").status_code == 403


def test_a_mirror_reads_the_payment_and_hears_of_its_bill(boss, cast):
    """sync-api: the record of a payment by our id; its bill has changed with it, and both are in the change log."""
    send(boss, "bills/bulk", BILL)
    send(boss, "payments/bulk", FIRST)
    told = {(row.tbl, row.op) for row in Change.objects.filter(tbl__in=("sales_bill", "sales_payment"))}
    assert {("sales_payment", "I"), ("sales_bill", "U")} <= told
    kind = feed_types()["payment"]
    access = caller_access(cast.director.pk, ["billing:read"], None)
    row = Payment.unscoped.get()
    (record,) = kind.records(Reader(access, date(2026, 3, 1), frozenset({"billing:read"}), 1, 7), [row.pk]).values()
    assert (record["external_id"], record["month"], record["paid_on"]) == ("P1", "2026-01", date(2026, 2, 20))


def test_the_page_of_a_bill_notes_a_payment_and_takes_it_back(as_user, boss, cast):
    """SAL-23: who brings figures of billing may; the manager reads; a system's payment is the system's."""
    send(boss, "bills/bulk", BILL)
    send(boss, "payments/bulk", FIRST)
    row = Bill.unscoped.get()
    page = f"/sales/bills/{row.pk}/"
    text = as_user(cast.manager).get(page).content.decode()
    assert "P1" in text and 'name="amount"' not in text
    assert as_user(cast.manager).post(page, {"amount": "5", "paid_on": "2026-02-21"}).status_code == 403
    assert as_user(cast.stranger).get(page).status_code == 404
    director = as_user(cast.director)
    assert director.post(page, {"amount": "60.01", "paid_on": "2026-02-21"}).status_code == 400
    assert director.post(page, {"amount": "60", "paid_on": "2026-02-21"}).status_code == 302
    assert state() == (100, date(2026, 2, 21)) and arrears(cast) == 0
    noted, told = Payment.unscoped.get(source="manual"), Payment.unscoped.get(external_id="P1")
    assert Change.objects.filter(tbl="sales_payment", row_id=noted.pk, actor=cast.director.pk).exists()
    assert director.post(page, {"take_back": told.pk}).status_code in (400, 409)
    assert director.post(page, {"take_back": noted.pk}).status_code == 302
    assert state() == (40, None) and Payment.unscoped.count() == 1


def test_the_share_collected_counts_by_the_days_of_payment(boss, cast):
    """F41: in each month what was still open when it began or fell overdue, and what was paid of that by its end."""
    row = bill(cast.customers["gold"], due=date(2026, 2, 15), amount=100)
    who, months = cast.staff["manager"].pk, {}
    for place, (on, amount) in enumerate(((date(2026, 2, 10), 10), (date(2026, 2, 20), 30), (date(2026, 3, 9), 40))):
        rows = {"external_id": f"P{place}", "bill": row.pk, "amount": amount, "paid_on": on.isoformat()}
        assert send(boss, "payments/bulk", rows) == ["created"]
    for first, last in ((date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 31))):
        found = by_manager(ARREARS_COLLECTED, Scope.ALL, over(first, last))[who]
        months[first.month] = (found.numerator, found.denominator)
    assert months == {2: (30, 90), 3: (40, 60)}
    assert state(row) == (Decimal(80), None)
