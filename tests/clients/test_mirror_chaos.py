"""A mirror that is kept while everything moves and the server is killed again and again (make prove; PLT-2).

Eight writers, bulk loads, moves between units, merges and removals; at the end each mirror is its token's lists, row by
row. ``CHAOS_SECONDS`` says how long (60; the full proof is 600).
"""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from random import Random
from select import select

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from accounts.actions.merging import merge_customers
from accounts.models import Customer, ExternalId
from crm.core.errors import DomainError
from crm_client import ApiError, Client, Mirror, Unreachable
from dev.places import ROOT
from sync import actions
from tests.clients.test_contract import SCOPES, TYPES, listed

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = float(os.environ.get("CHAOS_SECONDS") or 60)
WRITERS = 8
IDS = 300
UNITS = (("A", "M1001"), ("A", "M1002"), ("B", "M2001"))


class Site:
    """gunicorn on the test database; killed like a machine that is switched off."""

    def __init__(self, folder):
        self.log = folder / "web.log"
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        self.start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}/api/v1"

    def start(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))}
        own = {"CRM_DATABASE": connection.settings_dict["NAME"], "CRM_PROCESS": "web", "WEB_WORKERS": "2"}
        own |= {"BIND": f"127.0.0.1:{self.port}", "WEB_THREADS": "4", "ALLOWED_HOSTS": "127.0.0.1"}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "crm.wsgi"],
                cwd=ROOT, env=kept | own, start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip
        for _attempt in range(600):
            with suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200:
                    return
            select([], [], [], 0.1)
        raise AssertionError("gunicorn does not answer")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Chaos:
    """Everything that moves, until a moment."""

    def __init__(self, site, token, cast, until):
        self.site, self.token, self.cast, self.until = site, token, cast, until

    def caller(self):
        return Client(self.site.base, self.token, tries=40)

    def write(self, number):
        """One writer: upserts, bulk calls, people, moves; refusals of the business are part of life."""
        random, done = Random(number), 0
        with self.caller() as crm:
            while time.monotonic() < self.until:
                with suppress(ApiError):
                    random.choice((self.one, self.many, self.person, self.move, self.rename))(crm, random)
                    done += 1
        return done

    def body(self, random):
        unit, manager = random.choice(UNITS)
        kind = random.choice(("vip", "group"))
        return {"kind": kind, "name": f"客户{random.randrange(10**6)}", "unit": unit, "manager": manager}

    def one(self, crm, random):
        crm.upsert("billing", f"C-{random.randrange(IDS)}", self.body(random))

    def many(self, crm, random):
        ids = random.sample(range(IDS), 60)
        crm.bulk("customers/bulk", [{"external_id": f"C-{number}"} | self.body(random) for number in ids])

    def person(self, crm, random):
        record, _etag = crm.get_by_external_id("billing", f"C-{random.randrange(IDS)}")
        crm.post("contact-persons", {"customer": record["id"], "name": f"人{random.randrange(999)}", "role": "finance"})

    def move(self, crm, random):
        unit, manager = random.choice(UNITS)
        crm.upsert("billing", f"C-{random.randrange(IDS)}", {"unit": unit, "manager": manager})

    def rename(self, crm, random):
        record, _etag = crm.get_by_external_id("billing", f"C-{random.randrange(IDS)}")
        crm.upsert("billing", f"C-{random.randrange(IDS)}", {"district": record["name"][:10]})

    def merge(self):
        """A supervisor merges two customers of his, twice a second."""
        random, done = Random(99), 0
        while time.monotonic() < self.until:
            ids = list(
                ExternalId.unscoped.filter(customer__unit=self.cast.units["A"]).values_list("customer_id", flat=True)
            )
            if len(set(ids)) > 20:
                survivor, merged = random.sample(sorted(set(ids)), 2)
                with suppress(DomainError, Customer.DoesNotExist):
                    merge_customers(survivor_id=survivor, merged_id=merged, by=self.cast.supervisor, now=timezone.now())
                    done += 1
            select([], [], [], 0.5)
        connection.close()
        return done

    def follow(self, path, token):
        """A mirror that is synchronised again and again."""
        runs, mirror = 0, Mirror(path, TYPES)
        with closing(mirror), Client(self.site.base, token, tries=40) as crm:
            while time.monotonic() < self.until:
                with suppress(ApiError, Unreachable):
                    mirror.sync(crm)
                    runs += 1
        return runs

    def kill(self):
        """The server dies every ten seconds."""
        deaths = 0
        while time.monotonic() + 10 < self.until:
            select([], [], [], 10)
            self.site.kill()
            self.site.start()
            deaths += 1
        return deaths


def test_a_mirror_stays_true_while_the_server_is_killed(cast, tmp_path):
    """PLT-2: eight writers, merges, moves, kills; nothing is lost, nothing is left over."""
    now = timezone.now()

    def token_of(name, unit):
        client = actions.create_client(name=name, unit_id=cast.units[unit].pk, by=cast.director, now=now)
        type(client).unscoped.filter(pk=client.pk).update(requests_per_minute=10**6)
        return actions.issue_token(client=client, scopes=SCOPES, days=1, by=cast.director, now=now).secret

    tokens = {"city": token_of("billing", "CITY"), "narrow": token_of("narrow", "A")}
    site = Site(tmp_path)
    chaos = Chaos(site, tokens["city"], cast, time.monotonic() + SECONDS)
    paths = {name: tmp_path / f"{name}.db" for name in tokens}
    try:
        with ThreadPoolExecutor(WRITERS + 4) as crew:
            writers = [crew.submit(chaos.write, number) for number in range(WRITERS)]
            merger, killer = crew.submit(chaos.merge), crew.submit(chaos.kill)
            followers = [crew.submit(chaos.follow, paths[name], token) for name, token in tokens.items()]
            written = sum(writer.result() for writer in writers)
            assert min(written, merger.result(), *(follower.result() for follower in followers)) > 0
            assert killer.result() > 0 or SECONDS < 20
        for name, token in tokens.items():
            with Client(site.base, token) as crm:
                mirror = Mirror(paths[name], TYPES)
                mirror.sync(crm)
                for kind in TYPES:
                    kept, told = mirror.records(kind), listed(crm, kind)
                    assert {
                        pk: (kept.get(pk), told.get(pk)) for pk in kept.keys() | told if kept.get(pk) != told.get(pk)
                    } == {}, name
    finally:
        site.kill()
