"""Webhooks over the API, held against its description, and on their pages (sync-api "Webhooks")."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.models import IdempotencyKey
from sync.models import Token, Webhook, WebhookMessage
from sync.sweeps.clients import tend_clients
from sync.webhooks.sending import Answer
from sync.webhooks.service import Service
from tests.api.conftest import make_client, session  # noqa: F401
from tests.sync.test_clients import director, erp, issue  # noqa: F401

# A transaction may see its own changes in the feed while others begin theirs: everything is committed here.
pytestmark = pytest.mark.django_db(transaction=True)
API, PAGE = "/api/v1/webhooks", "/settings/webhooks/"
URL = "https://erp.example.com/crm"
SCOPES = ["customers:read", "webhooks:read", "webhooks:write"]
NEW = {"url": URL, "types": ["customer"]}


def sent(status=200):
    """Send what is due."""
    service = Service(send=lambda *_: Answer(status, 5, text="said"), threads=2)
    try:
        return service.drain(timezone.now())
    finally:
        service.close()


@pytest.fixture
def machine(make_client):  # noqa: F811
    return make_client("erp", scopes=SCOPES)


def test_a_client_sets_its_webhook_up_and_gets_the_secret_once(machine):
    """The same key gives the same answer, secret and all; what is kept of it holds no secret."""
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    made = machine.post(API, NEW | {"note": "订单"}, format="json", **key)
    assert made.status_code == 201, made.json()
    record = made.json()
    assert record["secret"].startswith("whsec_")
    again = machine.post(API, NEW | {"note": "订单"}, format="json", **key)
    assert (again.json(), again["Idempotency-Replayed"]) == (record, "true")
    assert b"whsec_" not in bytes(IdempotencyKey.objects.get().body)
    assert Webhook.unscoped.count() == 1
    shown = machine.get(f"{API}/{record['id']}").json()
    assert shown == {name: value for name, value in record.items() if name != "secret"}
    assert machine.get(API).json()["items"] == [shown]
    changed = machine.patch(f"{API}/{record['id']}", {"state": "paused", "note": ""}, format="json").json()
    assert (changed["state"], changed["note"]) == ("paused", "")
    rotated = machine.post(f"{API}/{record['id']}/secret")
    assert rotated.json()["secret"] != record["secret"]
    assert machine.delete(f"{API}/{record['id']}").status_code == 204
    assert machine.get(f"{API}/{record['id']}").status_code == 404


def test_what_it_may_not_is_refused_beside_the_field(machine, make_client, cast):  # noqa: F811
    """Types beyond its token, addresses inside a house, other clients' webhooks, an eleventh."""
    for body, pointer, code in (
        (NEW | {"types": ["visit"]}, "/types", "unknown_type"),
        (NEW | {"types": []}, "/types", "min_length"),
        (NEW | {"url": "https://127.0.0.1/"}, "/url", "url_not_allowed"),
        (NEW | {"url": "http://erp.example.com/"}, "/url", "url_not_allowed"),
        (NEW | {"client": "somebody"}, "/client", "not_found"),
        (NEW | {"secret": "x"}, "/secret", "unknown_field"),
    ):
        answer = machine.post(API, body, format="json")
        assert answer.status_code == 400, body
        assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (pointer, code)
    made = machine.post(API, NEW, format="json").json()
    other = make_client("other", scopes=SCOPES)
    for address in (f"{API}/{made['id']}", f"{API}/{made['id']}/deliveries"):
        assert other.get(address).status_code == 404
    assert other.get(API).json()["items"] == []
    reader = make_client("reader", scopes=["customers:read", "webhooks:read"])
    assert reader.post(API, NEW, format="json").status_code == 403
    for number in range(9):
        assert machine.post(API, NEW | {"note": str(number)}, format="json").status_code == 201
    assert machine.post(API, NEW, format="json").status_code == 409
    assert machine.get(f"{API}?limit=3").json()["next"]


def test_deliveries_can_be_read_and_sent_again(machine):
    made = machine.post(API, NEW, format="json").json()
    address = f"{API}/{made['id']}"
    assert machine.post(f"{address}/ping").status_code == 202
    assert sent(500) == 1
    (row,) = machine.get(f"{address}/deliveries?state=waiting").json()["items"]
    assert (row["type"], row["attempts"], row["tries"][0]["status"]) == ("ping", 1, 500)
    refused = machine.post(f"{address}/replay", {"delivery": row["id"]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "on_its_way")
    WebhookMessage.unscoped.update(try_after=timezone.now())
    assert sent() == 1
    assert machine.post(f"{address}/replay", {"delivery": row["id"]}, format="json").json() == {"messages": 1}
    sent()
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    assert machine.post(f"{address}/replay", {"since": since}, format="json").json() == {"messages": 1}
    for body, status in (({}, 400), ({"delivery": 1, "since": since}, 400), ({"delivery": 10**9}, 404)):
        assert machine.post(f"{address}/replay", body, format="json").status_code == status
    assert machine.get(f"{address}/deliveries?state=nonsense").status_code == 400


def test_the_page_sets_up_tries_out_pauses_and_takes_away(director, erp):  # noqa: F811
    """The secret is on the page that answers, and on no other."""
    made = director.post(PAGE, {"client": erp.pk, "url": URL, "types": ["customer"]})
    secret = re.search(r"whsec_[\w+/=]{40,}", made.content.decode())
    assert secret, made.content.decode()[:2000]
    hook = Webhook.unscoped.get()
    address = f"{PAGE}{hook.pk}/"
    assert "whsec_" not in director.get(address).content.decode().replace("removeprefix(&quot;whsec_", "").replace(
        'removeprefix("whsec_', ""
    )
    assert director.post(f"{address}deed/", {"deed": "ping"}).status_code == 302
    assert sent() == 1
    page = director.get(address).content.decode()
    assert "said" in page
    message = WebhookMessage.unscoped.get()
    assert director.post(f"{PAGE}messages/{message.pk}/again/").status_code == 302
    assert sent() == 1
    assert director.get(f"{address}?state=parked").status_code == 200
    assert director.get(f"{address}?state=nonsense").status_code == 400
    for deed, state in (("pause", "paused"), ("resume", "active")):
        assert director.post(f"{address}deed/", {"deed": deed}).status_code == 302
        hook.refresh_from_db()
        assert hook.state == state
    fresh = director.post(f"{address}deed/", {"deed": "secret"})
    assert fresh.status_code == 200
    assert secret[0] not in fresh.content.decode()
    assert director.post(f"{address}deed/", {"deed": "replay"}).status_code == 400
    assert director.post(address, {"url": "https://10.0.0.1/", "types": ["customer"]}).status_code == 400
    assert director.post(address, {"url": URL, "types": ["visit"], "note": "x"}).status_code == 302
    assert director.post(f"{address}deed/", {"deed": "delete"}).status_code == 302
    assert not Webhook.unscoped.exists()


def test_a_token_is_replaced_and_the_old_one_ends_in_a_week(director, erp):  # noqa: F811
    _answer, secret = issue(director, erp, "customers:read", "visits:read")
    old = Token.unscoped.get()
    page = director.post(f"/settings/tokens/{old.pk}/rotate/")
    new = re.search(r"crm_[\w-]{20,}", page.content.decode())
    assert new
    assert new[0] != secret
    old.refresh_from_db()
    fresh = Token.unscoped.exclude(pk=old.pk).get()
    assert fresh.scopes == old.scopes
    assert old.expires_at <= timezone.now() + timedelta(days=7)
    director.post(f"/settings/tokens/{old.pk}/revoke/")
    assert director.post(f"/settings/tokens/{old.pk}/rotate/").status_code == 409


def test_the_owner_is_told_before_a_token_ends_once_a_step(director, erp, cast):  # noqa: F811
    """Run twice it says nothing twice; a token with a successor ends in silence."""
    from crm.core.models import Notice

    issue(director, erp, "customers:read", days=20)
    now = timezone.now()
    told = []
    for day in (0, 0, 5, 14, 14, 19, 19):
        moment = now + timedelta(days=day)
        told.append(tend_clients(today=timezone.localdate(moment), now=moment)["told"])
    assert told == [1, 0, 0, 1, 0, 1, 0]
    assert {notice.user for notice in Notice.objects.filter(kind="token_ends")} == {cast.director}
    Notice.objects.all().delete()
    issue(director, erp, "customers:read", "visits:read", days=300)
    assert tend_clients(today=timezone.localdate(now), now=now)["told"] == 0
