"""Notices leave the house: digest, clocks, quiet hours, sent once or never (PLT-6, safety 1.3)."""

from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from crm.core import delivery
from crm.core.models import Delivery, Notice, NoticeChoice
from crm.core.notices import NoticeRow, notify

pytestmark = pytest.mark.django_db


def at(hour, minute=0, days=0):
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def notice(cast, number=1, *, urgent=False, now=None, who="manager"):
    user = getattr(cast, who)
    rows = [
        NoticeRow(user.pk, "tier_approved", "t", place, "", {"customer": f"客户{place}"}, "/x/", urgent)
        for place in range(number)
    ]
    notify(rows, now or timezone.now())


class Gateway:
    """A message service on this machine that counts what it is sent."""

    def __init__(self, status=200):
        self.bodies, gateway = [], self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                gateway.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(gateway.status)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.status = status
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/{{address}}/"

    def __enter__(self):
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway():
    with Gateway() as found, override_settings(NOTICE_URLS={"wecom": found.url}):
        yield found


def test_one_digest_per_person_and_morning(cast, gateway):
    """PLT-6: everything that does not run in hours comes once, after the quiet hours."""
    notice(cast, 3, now=at(2))
    assert delivery.plan_deliveries(now=at(7, 59)) == 0
    assert delivery.plan_deliveries(now=at(8)) == 1
    assert delivery.plan_deliveries(now=at(8, 1)) == 0
    notice(cast, who="manager", number=5, now=at(9))
    assert delivery.plan_deliveries(now=at(9, 1)) == 0  # tomorrow
    delivery.send_waiting(now=at(9, 1))
    delivery.send_waiting(now=at(9, 2))
    (body,) = gateway.bodies
    assert "客户2" in body or "\\u5ba2\\u62372" in body
    message = Delivery.objects.get()
    assert (message.state, message.notices, message.channel) == ("sent", 3, "wecom")
    assert delivery.plan_deliveries(now=at(8, 0, days=1)) == 1


def test_a_clock_passes_quiet_hours(cast, gateway):
    """PLT-6, CON-13: quiet from 20:00 to 08:00 by default; single notices for clocks only."""
    notice(cast, urgent=True, now=at(23))
    notice(cast, who="teammate", now=at(23))
    assert delivery.plan_deliveries(now=at(23)) == 1
    delivery.send_waiting(now=at(23))
    assert len(gateway.bodies) == 1
    assert Delivery.objects.get().kind == "single"


def test_ones_own_quiet_hours_and_channels(cast, gateway, as_user):
    """PLT-6: a page to choose; without a channel nothing leaves the browser."""
    client = as_user(cast.manager)
    address = reverse("core:notice_choices")
    assert client.get(address).status_code == 200
    body = {"channels": ["wecom", "email"], "wants_digest": "on", "quiet_from": "12:00", "quiet_to": "14:00"}
    assert client.post(address, body).status_code == 302
    notice(cast, now=at(12))
    assert delivery.plan_deliveries(now=at(13)) == 0
    assert delivery.plan_deliveries(now=at(14)) == 1  # he has no e-mail address
    assert client.post(address, body | {"channels": ["pigeon"]}).status_code == 400
    assert client.post(address, {"quiet_from": "20:00", "quiet_to": "08:00"}).status_code == 302
    assert NoticeChoice.objects.get().channels == []
    notice(cast, 9, urgent=True)
    assert delivery.plan_deliveries(now=timezone.now()) == 0
    assert not Notice.objects.filter(delivered_at=None).exists()


def test_what_was_read_in_the_browser_is_not_sent(cast, gateway):
    """PLT-6: read state."""
    notice(cast, now=at(2))
    Notice.objects.update(read_at=at(7))
    assert delivery.plan_deliveries(now=at(9)) == 0


def test_a_refusal_is_tried_again_later_and_given_up(cast, gateway):
    """Safety 1.3: attempts are counted; after five it is failed and visible."""
    gateway.status = 500
    notice(cast, urgent=True)
    now = timezone.now()
    delivery.plan_deliveries(now=now)
    for attempt in range(1, 6):
        assert delivery.send_waiting(now=now) == 1
        assert delivery.send_waiting(now=now) == 0  # not before its time
        assert Delivery.objects.get().attempts == attempt
        now += timedelta(hours=1)
    assert Delivery.objects.get().state == "failed"
    assert delivery.send_waiting(now=now) == 0


def test_a_connection_that_breaks_is_never_sent_twice(cast):
    """Safety 1.3: the outcome is unknown, a person looks."""
    with override_settings(NOTICE_URLS={"wecom": "json://127.0.0.1:9/{address}/"}):
        notice(cast, urgent=True)
        delivery.plan_deliveries(now=timezone.now())
        delivery.send_waiting(now=timezone.now())
        assert Delivery.objects.get().state == "unknown"
        assert delivery.send_waiting(now=timezone.now() + timedelta(days=1)) == 0


def test_who_died_while_sending_leaves_it_unknown(cast, gateway, as_user):
    """Safety 1.3: the lease runs out; nothing is sent again by itself, only by a person."""
    notice(cast, urgent=True)
    now = timezone.now()
    delivery.plan_deliveries(now=now)
    Delivery.objects.update(state="sending", leased_until=now + timedelta(minutes=5))
    assert delivery.send_waiting(now=now) == 0
    assert delivery.send_waiting(now=now + timedelta(minutes=6)) == 0
    message = Delivery.objects.get()
    assert message.state == "unknown" and gateway.bodies == []
    page = as_user(cast.director).get(reverse("core:outbox_list") + "?state=unknown")
    assert [row.id for row in page.context["rows"]] == [message.pk]
    assert as_user(cast.director).post(reverse("core:outbox_again", args=[message.pk])).status_code == 302
    delivery.send_waiting(now=timezone.now())
    assert len(gateway.bodies) == 1
    assert as_user(cast.director).post(reverse("core:outbox_again", args=[message.pk])).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_send_each_message_once(db):
    """Safety 20: claimed with SKIP LOCKED; each reminder exactly once."""
    from django.db import connections

    from tests.cast import build

    cast = build()
    people = ("manager", "teammate", "supervisor", "stranger", "director", "handler", "auditor")
    for who in people:
        notice(cast, 4, urgent=True, who=who)
    now = timezone.now()
    delivery.plan_deliveries(now=now)

    def work():
        delivery.send_waiting(now=now)
        connections.close_all()

    with Gateway() as gateway, override_settings(NOTICE_URLS={"wecom": gateway.url}):
        threads = [Thread(target=work) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(gateway.bodies) == 4 * len(people)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_the_demo_keeps_everything_and_shows_it(cast, as_user):
    """Decisions 30: in demo mode an Outbox page shows what would have been sent."""
    with override_settings(DEMO=True, NOTICE_URLS={"wecom": "json://127.0.0.1:9/{address}/"}):
        notice(cast, urgent=True)
        delivery.plan_deliveries(now=timezone.now())
        delivery.send_waiting(now=timezone.now())
        assert Delivery.objects.get().state == "parked"
        page = as_user(cast.director).get(reverse("core:outbox_list")).content.decode()
    assert "客户0" in page
    assert as_user(cast.manager).get(reverse("core:outbox_list")).status_code == 403
