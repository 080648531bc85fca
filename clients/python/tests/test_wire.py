"""The client against made-up answers: what is repeated, what is refused, what a mirror does when it is killed."""

from __future__ import annotations

import json

import httpx
import pytest

from crm_client import (
    ApiError,
    BadSignature,
    Client,
    CursorGone,
    Mirror,
    PreconditionFailed,
    Unreachable,
    WebhookVerifier,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Server:
    """Answers from a list, one after the other, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked, self.slept = list(answers), [], []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **more):
        return Client(
            "http://crm.test/api/v1", "crm_x", transport=httpx.MockTransport(self), sleep=self.slept.append, **more
        )


def problem(status, code="x", headers=None, **more):
    return httpx.Response(
        status, json={"status": status, "code": code, "detail": "", "errors": [], "request_id": "r1"} | more,
        headers={"Content-Type": "application/problem+json"} | (headers or {}),
    )  # fmt: skip


def test_a_post_keeps_its_key_over_all_tries():
    server = Server(httpx.ConnectError("gone"), problem(503), httpx.Response(201, json={"id": 1}))
    assert server.client().post("visits", {"a": 1}) == {"id": 1}
    assert len({request.headers["Idempotency-Key"] for request in server.asked}) == 1


def test_it_waits_as_long_as_the_server_asks():
    server = Server(problem(429, headers={"Retry-After": "7"}), httpx.Response(200, json={"id": 1}))
    server.client().get("customers/1")
    assert server.slept == [7.0]


def test_a_refusal_is_not_repeated_and_names_the_field():
    server = Server(problem(400, "invalid", errors=[{"pointer": "/name", "code": "blank", "detail": "No name."}]))
    with pytest.raises(ApiError, match=r"/name: No name\. \(request r1\)") as caught:
        server.client().upsert("billing", "B/1", {"name": ""})
    assert caught.value.problems[0].code == "blank"
    assert server.asked[0].url.raw_path.endswith(b"/customers/by-external-id/billing/B%2F1")


def test_only_a_running_twin_is_asked_again():
    server = Server(problem(409, "in_flight"), problem(409, "taken"))
    with pytest.raises(ApiError, match="taken"):
        server.client().post("visits", {})
    assert len(server.asked) == 2


def test_no_answer_at_all_is_said():
    server = Server(*[httpx.ReadTimeout("late")] * 3)
    with pytest.raises(Unreachable, match="3 tries"):
        server.client(tries=3).get("customers/1")


def test_an_old_version_comes_with_the_new_record():
    server = Server(problem(412, "precondition_failed", current={"id": 1, "version": 9}))
    with pytest.raises(PreconditionFailed) as caught:
        server.client().upsert("billing", "B1", {"name": "x"}, if_match='"8"')
    assert caught.value.current["version"] == 9
    assert server.asked[0].headers["If-Match"] == '"8"'


def test_an_atomic_refusal_still_has_its_rows():
    rows = [{"status": "failed", "id": None, "errors": [{"pointer": "/name", "code": "blank", "detail": "No."}]}]
    result = Server(httpx.Response(422, json={"items": rows})).client().bulk("customers/bulk", [{}], mode="atomic")
    assert [(row.index, row.problems[0].pointer) for row in result.failed] == [(0, "/name")]
    assert result.count("failed") == 1


# --- The mirror


def page(items, following="", cursor=""):
    return httpx.Response(200, json={"items": items, "next": following or None, "changes_cursor": cursor})


def feed(items, following, more=False):
    return httpx.Response(200, json={"items": items, "next": following, "more": more})


def upsert(number, name):
    return {"type": "customer", "id": number, "op": "upsert", "record": {"id": number, "name": name}}


def delete(number):
    return {"type": "customer", "id": number, "op": "delete", "record": None}


def cursors(server):
    return [dict(request.url.params).get("cursor", "") for request in server.asked]


def test_a_mirror_loads_and_then_follows(tmp_path):
    """PLT-2: what changed during the load comes from the cursor of its very first page."""
    server = Server(
        page([{"id": 1, "name": "a"}], "p2", "c0"), page([{"id": 2, "name": "b"}], "", "c1"),
        feed([upsert(2, "b2")], "c2", more=True), feed([delete(1)], "c3"), feed([], "c4"),
    )  # fmt: skip
    mirror = Mirror(tmp_path / "m.db", ["customer"])
    report = mirror.sync(server.client())
    assert mirror.records("customer") == {2: {"id": 2, "name": "b2"}}
    assert (report.loaded, report.upserted, report.deleted) == (2, 1, 1)
    mirror.sync(server.client())
    assert cursors(server) == ["", "p2", "c0", "c2", "c3"]


def test_a_load_that_was_killed_goes_on_where_it_stopped(tmp_path):
    server = Server(
        page([{"id": 1}], "p2", "c0"), *[httpx.ConnectError("gone")] * 2,
        page([{"id": 2}]), feed([], "c1"),
    )  # fmt: skip
    first = Mirror(tmp_path / "m.db", ["customer"])
    with pytest.raises(Unreachable):
        first.sync(server.client(tries=2))
    first.close()
    second = Mirror(tmp_path / "m.db", ["customer"])
    second.sync(server.client(tries=2))
    assert list(second.records("customer")) == [1, 2]
    assert cursors(server) == ["", "p2", "p2", "p2", "c0"]


def test_a_cursor_that_is_gone_leads_to_a_new_load(tmp_path):
    server = Server(
        page([{"id": 1}, {"id": 2}], "", "c0"), feed([], "c1"),
        problem(410, "cursor_gone"), page([{"id": 2}], "", "d0"), feed([], "d1"),
    )  # fmt: skip
    mirror = Mirror(tmp_path / "m.db", ["customer"])
    mirror.sync(server.client())
    assert mirror.sync(server.client()).reloads == 1
    assert list(mirror.records("customer")) == [2]


def test_a_feed_that_never_holds_is_said(tmp_path):
    gone = [page([], "", "c0"), problem(410, "cursor_gone")]
    server = Server(*gone, *gone)
    with pytest.raises(CursorGone):
        Mirror(tmp_path / "m.db", ["customer"]).sync(server.client())


def test_a_file_mirrors_one_set_of_types(tmp_path):
    Mirror(tmp_path / "m.db", ["customer"]).close()
    with pytest.raises(ValueError, match="mirrors customer"):
        Mirror(tmp_path / "m.db", ["visit"])
    with pytest.raises(ValueError, match="types are"):
        Mirror(":memory:", ["nonsense"])


# --- Webhooks


def signed(body, *, at=1_000_000, name="msg_1", secret=SECRET):
    signature = WebhookVerifier([secret]).sign(name, at, body)
    return {"Webhook-Id": name, "Webhook-Timestamp": str(at), "Webhook-Signature": signature}


def verifier(*secrets, now=1_000_010):
    return WebhookVerifier(secrets or [SECRET], clock=lambda: now)


def test_the_published_example_of_the_standard_is_verified():
    """The example of the Standard Webhooks specification."""
    body = json.dumps({"test": 2432232314}).encode()
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    event = verifier(now=1614265331).verify(headers, body)
    assert event.id == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert event.body == {"test": 2432232314}


def test_while_secrets_change_either_holds():
    other = "whsec_" + "A" * 32
    headers = signed(b"{}", secret=other)
    headers["Webhook-Signature"] = f"v1a,zzz v1,??? {headers['Webhook-Signature']}"
    assert verifier(SECRET, other).verify(headers, b"{}").id == "msg_1"


@pytest.mark.parametrize(
    ("change", "body", "now"),
    [
        ({}, b"{ }", 1_000_010),
        ({"Webhook-Id": "msg_2"}, b"{}", 1_000_010),
        ({"Webhook-Timestamp": "1000001"}, b"{}", 1_000_010),
        ({"Webhook-Timestamp": "soon"}, b"{}", 1_000_010),
        ({"Webhook-Signature": "v1,AAAA"}, b"{}", 1_000_010),
        ({}, b"{}", 1_000_400),
    ],
)
def test_what_was_altered_or_kept_back_is_refused(change, body, now):
    with pytest.raises(BadSignature):
        verifier(now=now).verify(signed(b"{}") | change, body)
