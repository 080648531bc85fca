"""The hotline tells of missed calls (CON-13, sync-api)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from visits.models import MissedCall

pytestmark = pytest.mark.django_db
URL = "/api/v1/missed-calls"


@pytest.fixture
def hotline(make_client):
    return make_client("hotline", "CITY", ["missed_calls:write"])


def body(cast, **changes):
    called = timezone.now() - timedelta(minutes=2)
    return {"number": cast.customers["gold"].phone, "called_at": called.isoformat()} | changes


def test_a_missed_call_makes_a_task_due_in_thirty_minutes(cast, hotline):
    """CON-13: missed call via API makes a task due in 30 min."""
    answer = hotline.post(URL, body(cast), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert answer.status_code == 201
    told = answer.json()
    assert told["holder"] == "M1001" and told["is_new"] is True
    call = MissedCall.unscoped.get()
    assert call.due_at - call.called_at == timedelta(minutes=30)
    assert call.source == "hotline"


def test_sent_twice_it_is_kept_once(cast, hotline):
    """sync-api: same key, same answer; the same call by its id; another body under the key is refused."""
    sent = body(cast, external_id="C-1")
    first = hotline.post(URL, sent, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = hotline.post(URL, sent, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = hotline.post(URL, sent | {"note": "x"}, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    by_id = hotline.post(URL, sent, format="json", HTTP_IDEMPOTENCY_KEY="k2")
    assert (first.status_code, again.status_code, other.status_code, by_id.status_code) == (201, 201, 422, 200)
    assert by_id.json()["id"] == first.json()["id"]
    assert MissedCall.unscoped.get().calls == 1


def test_by_customer_and_what_is_wrong(cast, hotline, make_client):
    """sync-api: errors name the field; outside the subtree nothing is found."""
    assert (
        hotline.post(URL, body(cast, number="", customer=cast.customers["gold"].pk), format="json").status_code == 201
    )
    for wrong in ({"number": "12"}, {"number": "13955556666"}, {"number": ""}, {"called_at": "x"}, {"extra": 1}):
        assert hotline.post(URL, body(cast, **wrong), format="json").status_code == 400, wrong
    narrow = make_client("hotline-b", "B", ["missed_calls:write"])
    assert narrow.post(URL, body(cast), format="json").status_code == 400
    reader = make_client("reader", "CITY", ["customers:read"])
    assert reader.post(URL, body(cast), format="json").status_code == 403
