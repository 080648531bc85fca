"""Webhooks from the change to the answer: order, repetition, giving up, switching off, replay (sync-api "Webhooks")."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer
from crm.core.db import write
from crm.core.models import Notice
from sync import actions
from sync.actions import webhooks as deeds
from sync.models import Token, Webhook, WebhookAttempt, WebhookMessage
from sync.webhooks import outbox, signing
from sync.webhooks.sending import Answer
from sync.webhooks.service import Service

# A transaction may see its own changes in the feed while others begin theirs: everything is committed here.
pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://erp.example.com/crm"
SCOPES = ["customers:read", "webhooks:read", "webhooks:write"]


class Receiver:
    """Takes what is sent; `answer` says what it says, by address and record."""

    def __init__(self):
        self.seen = []
        self.answer = lambda url, told: 200

    def __call__(self, url, body, headers):
        told = json.loads(body)
        self.seen.append((told["type"], told["id"], told["op"]))
        self.last = (url, body, headers)
        status = self.answer(url, told)
        return status if isinstance(status, Answer) else Answer(status, 3, text="said")


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def service(receiver):
    made = Service(send=receiver, threads=4)
    yield made
    made.close()


@pytest.fixture
def client_of(cast):
    def make(name="erp", unit="CITY", scopes=SCOPES):
        now = timezone.now()
        made = actions.create_client(name=name, unit_id=cast.units[unit].pk, by=cast.director, now=now)
        actions.issue_token(client=made, scopes=scopes, days=30, by=cast.director, now=now)
        return made

    return make


def hook_of(cast, client, url=URL, types=("customer",)):
    return deeds.create_webhook(client=client, url=url, types=types, by=cast.director, now=timezone.now())


def rename(customer, name):
    with write(label="test"):
        Customer.unscoped.filter(pk=customer.pk).update(name=name)


def messages(**which):
    return WebhookMessage.unscoped.filter(**which).order_by("id")


@pytest.mark.django_db(transaction=True)
def test_a_change_arrives_signed_thin_and_once(cast, client_of, service, receiver):
    """Type, id, what happened, and a cursor from which the feed tells it again; nothing else leaves the house."""
    made = hook_of(cast, client_of())
    now = timezone.now()
    assert service.drain(now) == 0, "it hears of what changes from now on"
    rename(cast.customers["gold"], "金先生")
    assert service.drain(now) == 1
    url, body, headers = receiver.last
    told = json.loads(body)
    assert url == URL
    assert told.keys() == {"type", "id", "op", "cursor", "changed_at"}
    assert (told["type"], told["id"], told["op"]) == ("customer", cast.customers["gold"].pk, "upsert")
    assert signing.is_genuine(made.secret, headers, body, now=now)
    assert headers["webhook-id"].startswith("msg_")
    row = messages().get()
    assert (row.state, row.attempts) == ("delivered", 1)
    attempt = WebhookAttempt.unscoped.get()
    assert (attempt.status, attempt.milliseconds, attempt.answer) == (200, 3, "said")
    assert service.drain(now) == 0
    made.webhook.refresh_from_db()
    assert made.webhook.last_delivered_at == now
    assert made.secret not in made.webhook.secret, "sealed in the database"


@pytest.mark.django_db(transaction=True)
def test_it_hears_only_of_what_a_valid_token_of_the_client_may_read(cast, client_of, service, receiver):
    """Subtree and scopes are those of the client; without a valid token it waits."""
    client = client_of(unit="B")
    hook_of(cast, client, types=["customer", "visit"])
    now = timezone.now()
    service.drain(now)
    rename(cast.customers["gold"], "甲")
    rename(cast.customers["strangers"], "乙")
    service.drain(now)
    assert receiver.seen == [("customer", cast.customers["strangers"].pk, "upsert")]
    Token.unscoped.update(revoked_at=now)
    rename(cast.customers["strangers"], "丙")
    assert service.drain(now) == 0
    actions.issue_token(client=client, scopes=SCOPES, days=3, by=cast.director, now=now)
    assert service.drain(now) == 1, "nothing was lost meanwhile"
    Token.unscoped.filter(revoked_at=None).update(scopes=["customers:read", "visits:read"])
    assert service.drain(now) == 1
    assert receiver.seen[-1] == ("feed", 0, "reset"), "what it may see has changed: it reads the lists again"


def put(hook, *records, kind="customer"):
    now = timezone.now()
    for _record in records:
        deeds.ping(webhook=hook, by=hook.created_by, now=now)
    rows = list(messages(webhook=hook).order_by("-id")[: len(records)])[::-1]
    for row, record in zip(rows, records, strict=True):
        messages(pk=row.pk).update(type=kind, record_id=record, op="upsert")
    return [row.pk for row in rows]


def test_a_failing_message_holds_later_ones_of_its_record_and_no_others(cast, client_of, service, receiver):
    """In order per record."""
    hook = hook_of(cast, client_of()).webhook
    put(hook, 1, 2, 1, 3)
    receiver.answer = lambda url, told: 500 if told["id"] == 1 else 200
    now = timezone.now()
    service.drain(now)
    assert sorted(record for _kind, record, _op in receiver.seen) == [1, 2, 3]
    assert list(messages().values_list("record_id", "state")) == [
        (1, "waiting"), (2, "delivered"), (1, "waiting"), (3, "delivered")]  # fmt: skip
    receiver.seen.clear()
    service.drain(now + timedelta(seconds=4))
    assert receiver.seen == [], "it waits for its pause"
    receiver.answer = lambda url, told: 200
    service.drain(now + timedelta(seconds=6))
    assert [record for _kind, record, _op in receiver.seen] == [1, 1]
    assert not messages().exclude(state="delivered").exists()


def test_after_three_days_it_is_given_up_and_lets_the_next_one_through(cast, client_of, service, receiver):
    hook = hook_of(cast, client_of()).webhook
    put(hook, 1, 1)
    receiver.answer = lambda url, told: 503
    now = timezone.now()
    for hours in (0, 1, 20, 71, 80, 81):
        service.drain(now + timedelta(hours=hours))
    states = list(messages().values_list("state", flat=True))
    assert states == ["parked", "waiting"]
    first = messages().first()
    assert first.settled_at - first.first_tried_at >= outbox.GIVEN_UP_AFTER
    receiver.answer = lambda url, told: 200
    hook.refresh_from_db()
    service.drain(hook.rest_until + timedelta(hours=9))
    assert list(messages().values_list("state", flat=True)) == ["parked", "delivered"]


def test_a_receiver_that_fails_at_everything_is_left_in_peace_and_then_asked_once(cast, client_of, service, receiver):
    hook = hook_of(cast, client_of()).webhook
    put(hook, *range(1, 21))
    receiver.answer = lambda url, told: 500
    now = timezone.now()
    service.drain(now)
    assert len(receiver.seen) <= outbox.PATIENCE + outbox.AT_ONCE
    hook.refresh_from_db()
    assert hook.rest_until > now
    receiver.seen.clear()
    service.drain(now + timedelta(seconds=10))
    assert receiver.seen == []
    service.drain(hook.rest_until)
    assert len(receiver.seen) == 1


def test_one_receiver_that_hangs_does_not_stop_another(cast, client_of, receiver):
    """Each has its own threads; the one that fails gets one at a time."""
    import threading

    client = client_of()
    slow = hook_of(cast, client, url="https://slow.example.com/").webhook
    quick = hook_of(cast, client, url="https://quick.example.com/").webhook
    put(slow, *range(1, 9))
    put(quick, *range(1, 9))
    go_on = threading.Event()

    def answer(url, told):
        if "slow" in url:
            go_on.wait(5)
        return 200

    receiver.answer = answer
    service, now = Service(send=receiver, threads=6), timezone.now()
    try:
        for _round in range(200):
            service.round(now)
            if not messages(webhook=quick).exclude(state="delivered").exists():
                break
            from concurrent.futures import FIRST_COMPLETED, wait

            wait(service._going, timeout=0.05, return_when=FIRST_COMPLETED)
        assert not messages(webhook=quick).exclude(state="delivered").exists()
        assert messages(webhook=slow, state="sending").count() == outbox.AT_ONCE
    finally:
        go_on.set()
        service.close()


def test_five_days_of_failures_switch_it_off_and_tell_the_owner_once(cast, client_of, service, receiver):
    hook = hook_of(cast, client_of()).webhook
    put(hook, 1, 2)
    receiver.answer = lambda url, told: Answer(None, 10_000, "timeout")
    now = timezone.now()
    service.drain(now)
    Webhook.unscoped.update(rest_until=None)
    late = now + timedelta(days=5, hours=1)
    service.drain(late)
    hook.refresh_from_db()
    assert (hook.state, hook.disabled_at) == ("disabled", late)
    notice = Notice.objects.get(kind="webhook_disabled")
    assert (notice.user, notice.params["host"]) == (cast.director, "erp.example.com")
    receiver.seen.clear()
    service.drain(late + timedelta(days=1))
    assert receiver.seen == []
    deeds.edit_webhook(webhook=hook, state="active", by=cast.director, now=late)
    receiver.answer = lambda url, told: 200
    service.drain(late + timedelta(days=2))
    assert receiver.seen, "switched on again it goes on from where it stopped"
    hook.refresh_from_db()
    assert (hook.failing_since, hook.failures) == (None, 0)


def test_a_receiver_that_is_gone_is_switched_off_at_once_and_one_that_asks_for_time_gets_it(
    cast, client_of, service, receiver
):
    client = client_of()
    gone = hook_of(cast, client, url="https://gone.example.com/").webhook
    busy = hook_of(cast, client, url="https://busy.example.com/").webhook
    put(gone, 1)
    put(busy, 1)
    receiver.answer = lambda url, told: 410 if "gone" in url else Answer(429, 1, wait=600)
    now = timezone.now()
    service.drain(now)
    gone.refresh_from_db()
    assert gone.state == "disabled"
    assert messages(webhook=busy).get().try_after == now + timedelta(seconds=600)


def test_who_dies_while_sending_loses_nothing(cast, client_of, service, receiver):
    """At least once: the lease ends, the message is sent again under the same id."""
    hook = hook_of(cast, client_of()).webhook
    put(hook, 1)
    now = timezone.now()
    (taken,) = outbox.claim(outbox.due_webhooks(now)[0], 4, now)
    assert outbox.due_webhooks(now) == []
    assert service.drain(now) == 0
    later = now + timedelta(seconds=61)
    assert service.drain(later) == 1
    assert receiver.last[2]["webhook-id"] == taken.key
    outbox.settle([outbox.Tried(taken, Answer(500, 1), later)])
    assert messages().get().state == "delivered", "who comes too late changes nothing"


def test_replay_sends_under_the_old_id_one_or_all_since(cast, client_of, service, receiver):
    hook = hook_of(cast, client_of()).webhook
    put(hook, 1, 2, 3)
    now = timezone.now()
    service.drain(now)
    first = messages().first()
    receiver.seen.clear()
    deeds.replay(message=first, by=cast.director, now=now)
    service.drain(now)
    assert receiver.last[2]["webhook-id"] == outbox.message_key(first.key)
    assert deeds.replay_since(webhook=hook, since=now - timedelta(hours=1), by=cast.director, now=now) == 3
    service.drain(now)
    assert len(receiver.seen) == 4
    for since in (now - timedelta(days=31), now + timedelta(minutes=1)):
        with pytest.raises(deeds.Invalid):
            deeds.replay_since(webhook=hook, since=since, by=cast.director, now=now)


def test_a_new_secret_signs_beside_the_old_one_for_a_day(cast, client_of, service, receiver):
    made = hook_of(cast, client_of())
    now = timezone.now() + timedelta(minutes=1)
    fresh = deeds.rotate_secret(webhook=made.webhook, by=cast.director, now=now)
    for at, secrets in ((now, {made.secret, fresh}), (now + timedelta(hours=25), {fresh})):
        put(made.webhook, 1)
        service.drain(at)
        _url, body, headers = receiver.last
        good = {secret for secret in (made.secret, fresh) if signing.is_genuine(secret, headers, body, now=at)}
        assert good == secrets


def test_messages_of_a_month_ago_go_and_what_waits_stays(cast, client_of, service):
    """The night's step, twice: the second time finds nothing."""
    from sync.sweeps.clients import tend_clients

    hook = hook_of(cast, client_of()).webhook
    put(hook, 1, 2)
    now = timezone.now()
    service.drain(now)
    put(hook, 3)
    messages().update(made_at=now - timedelta(days=31))
    today = timezone.localdate(now)
    assert tend_clients(today=today, now=now)["forgotten"] > 0
    assert [row.record_id for row in messages()] == [3]
    assert tend_clients(today=today, now=now)["rows"] == 0
