"""Billing's night: pushes by external id, replays of yesterday's file, retries of one call, all of them harmless."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import close_old_connections
from django.utils import timezone

from accounts.models import Customer, ExternalId, Standing, TierProposal
from crm.core.models import Change, IdempotencyKey
from tests.visits.desk import owe
from visits.models import Visit

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/customers/by-external-id/billing/{}"


def today():
    return timezone.localdate()


def owe_now(customer):
    """A contact owed in a window that holds today, as the night leaves it."""
    due_on = today() + timedelta(days=5)
    duty = owe(customer, starts_on=today().replace(day=1), due_on=due_on)
    Standing.unscoped.filter(customer=customer).update(next_due_on=due_on, duty_state="open")
    return duty


def call_of(customer):
    moment = timezone.localtime() - timedelta(minutes=10)
    return {
        "customer": customer.pk,
        "staff": "M1001",
        "channel": "phone",
        "outcome": "effective",
        "occasion": "care",
        "occurred_at": moment.isoformat(),
    }


def push(billing, external_id, body):
    return billing.patch(ADDRESS.format(external_id), body, format="json")


def test_patch_then_yesterdays_body_then_a_lower_tier(cast, billing):
    """CUS-4, CUS-10: today's body is kept, the replay is stale, the lower tier waits for a supervisor."""
    gold = cast.customers["gold"]
    ExternalId.unscoped.create(customer=gold, source="billing", external_id="B-42")
    yesterday = {
        "district": "旧区",
        "tier": "gold",
        "source_updated_at": (timezone.now() - timedelta(days=1)).isoformat(),
    }
    tonight = {"district": "新区", "tier": "gold", "source_updated_at": timezone.now().isoformat()}
    assert push(billing, "B-42", yesterday).json()["status"] == "updated"
    assert push(billing, "B-42", tonight).json()["status"] == "updated"
    known, changes = billing.get(ADDRESS.format("B-42")).json(), Change.objects.count()

    replay = push(billing, "B-42", yesterday)
    assert (replay.status_code, replay.json()["status"]) == (200, "stale")
    assert replay.json()["record"] == known
    assert Change.objects.count() == changes

    lowered = push(billing, "B-42", {"tier": "silver"})
    assert (lowered.status_code, lowered.json()["proposed"]) == (200, ["tier"])
    assert lowered.json()["record"]["tier"] == "gold"
    push(billing, "B-42", {"tier": "silver"})
    proposal = TierProposal.unscoped.get()
    assert (proposal.customer, proposal.to_tier.code, proposal.state) == (gold, "silver", "open")
    gold.refresh_from_db()
    assert (gold.district, gold.tier.code) == ("新区", "gold")


def test_a_visit_posted_twice_with_one_key_is_one_row_and_settles_the_duty(cast, billing):
    """Sync-api "repeat safely": same key and body → same answer; the duties list shows it met."""
    duty = owe_now(cast.customers["gold"])
    body, key = call_of(cast.customers["gold"]), {"Idempotency-Key": "visit-1"}
    first = billing.post("/api/v1/visits", body, format="json", headers=key)
    again = billing.post("/api/v1/visits", body, format="json", headers=key)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert first.json()["settled_duties"] == [duty.pk]
    other = billing.post("/api/v1/visits", body | {"channel": "sms"}, format="json", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")

    visit = Visit.unscoped.get()
    (row,) = billing.get("/api/v1/duties?state=met").json()["items"]
    assert (row["id"], row["met_by"], row["met_on"]) == (duty.pk, visit.pk, visit.occurred_on.isoformat())
    assert billing.get("/api/v1/duties?state=open").json()["items"] == []
    standing = Standing.unscoped.get(customer=cast.customers["gold"])
    assert (standing.last_visit_on, standing.duty_state) == (today(), "met")


def test_a_key_outlived_by_its_record_still_makes_no_second_visit(cast, billing):
    """Kept 48 h; after that the sheet's own key still knows its row."""
    body, key = call_of(cast.customers["gold"]), {"Idempotency-Key": "visit-2"}
    first = billing.post("/api/v1/visits", body, format="json", headers=key)
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=49))
    late = billing.post("/api/v1/visits", body, format="json", headers=key)
    assert (late.status_code, late.json()["is_duplicate"]) == (200, True)
    assert late.json()["record"]["id"] == first.json()["record"]["id"]
    assert Visit.unscoped.count() == 1


def test_a_key_belongs_to_its_client(cast, billing, make_client):
    """Scoped per client: another system may use the same word."""
    hotline = make_client("hotline", "CITY")
    key = {"Idempotency-Key": "same"}
    for caller, customer in ((billing, "gold"), (hotline, "silver")):
        answer = caller.post("/api/v1/visits", call_of(cast.customers[customer]), format="json", headers=key)
        assert answer.status_code == 201, answer.content
    assert Visit.unscoped.count() == 2


def test_a_refused_call_keeps_no_answer_so_the_mended_one_goes_through(cast, billing):
    body, key = call_of(cast.customers["gold"]), {"Idempotency-Key": "visit-3"}
    assert billing.post("/api/v1/visits", body | {"channel": "x"}, format="json", headers=key).status_code == 400
    assert billing.post("/api/v1/visits", body, format="json", headers=key).status_code == 201
    assert Visit.unscoped.count() == 1


def at_once(number, work):
    """Run it in that many threads, started together; what each of them answered."""
    start, answers = threading.Barrier(number), []

    def run(place):
        close_old_connections()
        start.wait()
        try:
            answers.append(work(place))
        finally:
            from django.db import connection

            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == number
    return answers


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_with_one_key_are_one_row(cast, make_client):
    """Safety 26, bad input 34: one row; the twins get the same answer or hear that it is still running."""
    duty = owe_now(cast.customers["gold"])
    billing, body, key = make_client(), call_of(cast.customers["gold"]), {"Idempotency-Key": str(uuid4())}
    billing.post("/api/v1/visits", {}, format="json")  # the description is made once, before the threads

    answers = at_once(50, lambda _place: billing.post("/api/v1/visits", body, format="json", headers=key))

    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409}, codes
    logged = [answer.json() for answer in answers if answer.status_code == 201]
    assert logged
    assert all(answer == logged[0] for answer in logged)
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"in_flight"}
    assert Visit.unscoped.count() == 1
    duty.refresh_from_db()
    assert (duty.state, duty.met_by_id) == ("met", logged[0]["record"]["id"])
    again = billing.post("/api/v1/visits", body, format="json", headers=key)
    assert (again.status_code, again.json()) == (201, logged[0])


@pytest.mark.django_db(transaction=True)
def test_ten_pushes_of_one_new_customer_at_once_create_one(cast, make_client):
    """CUS-10: a push by external id creates once, however many workers push it."""
    billing = make_client()
    billing.get("/api/v1/tiers")
    body = {"kind": "vip", "name": "新来客", "unit": "A", "phone": "13900008888"}
    before = Customer.unscoped.count()

    answers = at_once(10, lambda _place: push(billing, "B-NEW", body))

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert [answer.status_code for answer in answers].count(201) == 1
    assert {answer.json()["status"] for answer in answers} == {"created", "unchanged"}
    assert Customer.unscoped.count() == before + 1
