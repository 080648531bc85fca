"""What is sent where: signatures, refused addresses, receivers that hang, drip, redirect (sync-api, bad input 42)."""

import http.server
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from django.utils import timezone

from crm.core.errors import Invalid
from sync.webhooks import addresses, sending, signing
from sync.webhooks.addresses import Refused, addresses_of, target_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOT_ALLOWED = [
    "http://0177.0.0.1", "https://0177.0.0.1/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/",
    "https://127.1/", "https://[::ffff:127.0.0.1]/", "https://[::1]/", "https://[::]/", "https://169.254.169.254/x",
    "https://10.0.0.8/", "https://192.168.1.1/", "https://172.16.9.9/", "https://100.64.0.1/", "https://0.0.0.0/",
    "https://[fe80::1]/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/", "https://localhost/", "https://a.localhost/",
    "https://metadata.google.internal/", "https://intranet/", "https://example.com:22/", "http://example.com/",
    "ftp://example.com/", "file:///etc/passwd", "https://user:pass@example.com/", "https://example.com@127.0.0.1/",
    "https://example.com/#x", "https://exa mple.com/", "https://exam\u200bple.com/", "https://\uff11\uff12\uff17.0.0.1/",
    "https:/\\evil.com", "https://example.com\\@127.0.0.1/", "//example.com", "example.com", "", "https://", "https://a..b/",
    "https://example.com:99999/", "https://example.com:x/", "https://[::1", "javascript:alert(1)", "gopher://a.b/",
]  # fmt: skip
ALLOWED = [
    "https://erp.example.com/crm", "https://erp.example.com:8443/a?b=c", "https://8.8.8.8/x", "https://[2606:4700::1111]/",
    "https://xn--fiqs8s.cn/",
]  # fmt: skip


@pytest.fixture
def inside(settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["hook.test"]


def answering(*texts):
    """A resolver that knows these addresses; it counts how often it was asked."""
    calls = []

    def resolve(host, port, **_more):
        calls.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in texts]

    resolve.calls = calls
    return resolve


@contextmanager
def receiver(answer):
    """A plain server on this machine; `answer(handler)` says what it does. Gives its port and what it has received."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.headers, body))
            answer(self)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        server.server_close()


def say(status, body=b"ok", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def send(port, settings, seconds=5.0, resolve=None):
    settings.WEBHOOK_INTERNAL_HOSTS = [f"hook.test:{port}"]
    return sending.post(
        f"http://hook.test:{port}/x", b"{}", {"webhook-id": "msg_1"}, resolve=resolve or answering("127.0.0.1"),
        seconds=seconds,
    )  # fmt: skip


def test_a_message_is_signed_as_standard_webhooks_say():
    """The specification's own example; with two secrets there are two signatures, and either is enough."""
    wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    body = b'{"test": 2432232314}'
    assert signing.signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == wanted
    now, new = timezone.now(), signing.new_secret()
    headers = signing.headers([new, SECRET], "msg_1", now, body)
    assert signing.is_genuine(SECRET, headers, body, now=now)
    assert signing.is_genuine(new, headers, body, now=now)
    assert not signing.is_genuine(signing.new_secret(), headers, body, now=now)
    assert not signing.is_genuine(SECRET, headers, body + b" ", now=now)
    assert not signing.is_genuine(SECRET, headers, body, now=now + 2 * signing.TOLERANCE)
    assert not signing.is_genuine(SECRET, {}, body, now=now)


def test_only_plain_public_https_addresses_are_taken():
    """Bad input 42: each odd form is refused, with its code and field."""
    for url in NOT_ALLOWED:
        with pytest.raises(Invalid) as refusal:
            addresses.checked(url)
        assert (refusal.value.code, refusal.value.field) == ("url_not_allowed", "url"), url
    for url in ALLOWED:
        assert addresses.checked(f" {url} ") == url
    with pytest.raises(Invalid):
        addresses.checked("https://example.com/" + "a" * 500)


def test_a_setting_opens_hosts_of_the_house_and_no_others(settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["erp.lan", "127.0.0.1:9000"]
    assert addresses.checked("http://erp.lan/x") == "http://erp.lan/x"
    assert target_of("http://127.0.0.1:9000/").is_internal
    for url in ("http://127.0.0.1:9001/", "http://other.lan/", "http://erp.lan.example.com/"):
        with pytest.raises(Invalid):
            addresses.checked(url)


def test_a_name_that_leads_inside_is_refused_even_when_only_one_of_its_addresses_does(inside):
    target = target_of("https://erp.example.com/")
    assert addresses_of(target, answering("93.184.216.34")) == ["93.184.216.34"]
    inside_texts = (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"])
    for texts in inside_texts:
        with pytest.raises(Refused) as refusal:
            addresses_of(target, answering(*texts))
        assert refusal.value.code == "address_not_allowed"
    with pytest.raises(Refused):
        addresses_of(target, answering())
    assert addresses_of(target_of("http://hook.test/"), answering("10.0.0.1")) == ["10.0.0.1"]
    answer = sending.post("https://erp.example.com/", b"{}", {}, resolve=answering("10.0.0.1"))
    assert (answer.status, answer.error) == (None, "address_not_allowed")


def test_the_name_is_asked_once_and_the_connection_goes_to_that_address(settings):
    """Rebinding: a name that says something else the second time is not asked a second time."""
    with receiver(say(204, b"")) as (port, seen):
        resolve = answering("127.0.0.1")
        answer = send(port, settings, resolve=resolve)
        assert answer.is_taken
        assert resolve.calls == ["hook.test"]
        assert seen[0][0]["Host"] == f"hook.test:{port}"
        assert seen[0][0]["webhook-id"] == "msg_1"


def test_a_redirect_is_not_followed(settings):
    with receiver(say(302, Location="http://169.254.169.254/latest")) as (port, seen):
        answer = send(port, settings)
        assert (answer.status, answer.error, answer.is_taken) == (302, "redirect", False)
        assert len(seen) == 1


def test_a_receiver_that_hangs_or_drips_is_left_when_its_time_is_over(settings):
    """Ten seconds in the product; here a fifth of one."""
    over = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not over.wait(0.02):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    for behave in (drip, lambda handler: over.wait(3)):
        with receiver(behave) as (port, _seen):
            began = time.monotonic()
            answer = send(port, settings, seconds=0.2)
            assert (answer.status, answer.error) == (None, "timeout")
            assert time.monotonic() - began < 2
    over.set()


def test_what_goes_wrong_is_an_answer_never_an_exception(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert send(port, settings).error == "refused"

    def unknown(*_args, **_more):
        raise socket.gaierror

    assert send(port, settings, resolve=unknown).error == "unknown_host"

    def nonsense(handler):
        handler.wfile.write(b"no http at all\r\n\r\n")

    with receiver(nonsense) as (port, _seen):
        assert send(port, settings).error == "broken"
    with receiver(say(200)) as (port, _seen):
        settings.WEBHOOK_INTERNAL_HOSTS = [f"hook.test:{port}"]
        answer = sending.post(f"https://hook.test:{port}/", b"{}", {}, resolve=answering("127.0.0.1"))
        assert answer.error == "tls"


def test_answers_are_kept_short_and_masked(settings):
    """Nobody's number and no secret stays in the list of deliveries."""
    body = "电话 13812345678 \x00 crm_abcdefghijkl whsec_abcdefghijkl Bearer abcdefghijkl ".encode() + b"a" * 70_000
    with receiver(say(500, body, Retry_After="120")) as (port, _seen):
        answer = send(port, settings)
    assert (answer.status, answer.wait, len(answer.text)) == (500, 120, 200)
    assert answer.text.split()[:5] == ["电话", "138****", "***", "***", "***"]
