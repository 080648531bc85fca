"""The limit of a client holds over all web processes, and no request waits for the store (sync-api "Limits")."""

import os
import threading
import uuid

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from sync import rate
from sync.models import Client
from tests.sync.test_clients import director, erp, issue  # noqa: F401

STORE = rate.store_url(settings.CELERY_BROKER_URL)
NOWHERE = "unix:///nowhere/at/all.sock"


@pytest.fixture
def prefix():
    """Keys of this test alone; they end by themselves."""
    return f"crm:test:{uuid.uuid4().hex}"


def without_thread(url, prefix):
    """A process that exchanges when the test says so."""
    process = rate.SharedCount(url, prefix)
    process._process = os.getpid()
    return process


def test_two_processes_add_up(prefix):
    """Each knows after the next exchange what the other has counted."""
    one, two = without_thread(STORE, prefix), without_thread(STORE, prefix)
    assert [one.count(7, 100) for _number in range(3)] == [1, 2, 3]
    assert two.count(7, 100) == 1
    assert one.exchange()
    assert two.exchange()
    assert two.count(7, 100) == 5
    assert one.count(7, 100) == 4, "it has not asked again yet"
    assert one.exchange()
    assert one.count(7, 100) == 6
    assert one.count(8, 100) == 1, "another client has his own"


def test_a_new_minute_begins_at_nothing(prefix):
    """What was counted before is forgotten, here and there."""
    one, two = without_thread(STORE, prefix), without_thread(STORE, prefix)
    one.count(7, 100)
    one.exchange()
    assert one.count(7, 101) == 1
    two.count(7, 101)
    one.exchange()
    two.exchange()
    assert two.count(7, 101) == 3


def test_without_the_store_each_counts_alone(prefix):
    """Failing open: nothing is refused because Redis is away, and what was counted is told when it is back."""
    alone = without_thread(NOWHERE, prefix)
    assert alone.count(7, 100) == 1
    assert not alone.exchange()
    assert alone.count(7, 100) == 2
    alone._url = STORE
    assert alone.exchange()
    other = without_thread(STORE, prefix)
    other.count(7, 100)
    other.exchange()
    assert other.count(7, 100) == 4


def test_the_thread_tells_the_store_by_itself(prefix, monkeypatch):
    """A request only rings; the first one of a process starts its thread."""
    told = threading.Event()
    process = rate.SharedCount(STORE, prefix)
    exchange = process.exchange
    monkeypatch.setattr(process, "exchange", lambda: (exchange(), told.set())[0])
    process.count(7, 100)
    assert told.wait(10)
    other = without_thread(STORE, prefix)
    other.count(7, 100)
    other.exchange()
    assert other.count(7, 100) == 3


@pytest.mark.django_db
def test_a_caller_who_used_up_his_minute_elsewhere_is_refused(director, erp, prefix, monkeypatch):  # noqa: F811
    """sync-api "Limits": 429 also when the other web process gave the answers."""
    _answer, secret = issue(director, erp)
    Client.unscoped.filter(pk=erp.pk).update(requests_per_minute=3)
    here, elsewhere = without_thread(STORE, prefix), without_thread(STORE, prefix)
    monkeypatch.setattr(rate, "requests", here)
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert caller.get("/api/v1/customers")["RateLimit-Remaining"] == "2"
    for _number in range(3):
        elsewhere.count(erp.pk, here._window)
    elsewhere.exchange()
    here.exchange()
    assert caller.get("/api/v1/customers").status_code == 429


def test_addresses_of_brokers_are_understood():
    """A single Redis by socket or address; others are left alone and each process counts for itself."""
    assert rate.store_url("redis+socket:///run/redis.sock?virtual_host=2") == "unix:///run/redis.sock?db=2"
    assert rate.store_url("redis://:secret@host:6379/1") == "redis://:secret@host:6379/1"
    assert rate.store_url("sentinel://one:26379;two:26379") == ""
