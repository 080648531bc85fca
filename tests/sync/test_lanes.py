"""Interactive calls never queue behind bulk (sync-api "Lanes")."""

import uuid

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from sync import lanes, rate
from sync.models import Client
from tests.sync.test_clients import director, erp, issue  # noqa: F401

STORE = rate.store_url(settings.CELERY_BROKER_URL)


def test_a_process_gives_bulk_half_of_its_threads_and_a_client_one():
    lane = lanes.Lane("", 2)
    first = lane.enter(1)
    assert first is not None
    assert lane.enter(1) is None, "one at a time"
    second = lane.enter(2)
    assert lane.enter(3) is None, "the other threads are left to people and single calls"
    first()
    assert lane.enter(3) is not None
    second()
    assert lane.enter(1) is not None


def test_a_client_has_one_bulk_call_over_all_processes():
    prefix = f"crm:test:{uuid.uuid4().hex}"
    one, two = lanes.Lane(STORE, 4, prefix), lanes.Lane(STORE, 4, prefix)
    leave = one.enter(7)
    assert two.enter(7) is None
    assert two.enter(8) is not None
    leave()
    again = two.enter(7)
    assert again is not None
    leave()
    assert one.enter(7) is None, "who left gives nobody else's place back"
    again()


def test_without_the_store_the_lane_is_open():
    lane = lanes.Lane("unix:///nowhere/at/all.sock", 2)
    leave = lane.enter(7)
    assert leave is not None
    leave()
    assert lane.enter(7) is not None


@pytest.mark.django_db
def test_a_second_bulk_call_is_told_when_to_come_back_and_single_calls_go_on(director, erp, monkeypatch):  # noqa: F811
    """429 with Retry-After; the lane is left however a call ends."""
    monkeypatch.setattr(lanes, "bulk", lanes.Lane("", 2))
    _answer, secret = issue(director, erp, "customers:read", "customers:write")
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    address, body = "/api/v1/customers/bulk", {"items": [{"external_id": "x", "name": ""}]}
    leave = lanes.bulk.enter(erp.pk)
    refused = caller.post(address, body, format="json")
    assert (refused.status_code, refused["Retry-After"]) == (429, "2")
    assert caller.get("/api/v1/customers").status_code == 200
    leave()
    for wrong, status in ((body, 207), ({"items": []}, 400), ({"nonsense": 1}, 400)):
        for _twice in range(2):
            assert caller.post(address, wrong, format="json").status_code == status


@pytest.mark.django_db
def test_so_many_rows_a_call_as_agreed(director, erp):  # noqa: F811
    _answer, secret = issue(director, erp, "customers:read", "customers:write")
    assert (
        director.post(
            f"/settings/clients/{erp.pk}/limits/", {"requests_per_minute": 50, "rows_per_call": 2}
        ).status_code
        == 302
    )
    erp.refresh_from_db()
    assert (erp.requests_per_minute, erp.rows_per_call) == (50, 2)
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    items = [{"external_id": str(number), "name": ""} for number in range(3)]
    answer = caller.post("/api/v1/customers/bulk", {"items": items}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_many_rows")
    assert answer["RateLimit-Limit"] == "50"
    assert caller.post("/api/v1/customers/bulk", {"items": items[:2]}, format="json").status_code == 207
    wrong = director.post(f"/settings/clients/{erp.pk}/limits/", {"requests_per_minute": 0, "rows_per_call": 2000})
    assert wrong.status_code == 400
    assert Client.unscoped.get().rows_per_call == 2
