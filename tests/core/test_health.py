"""/healthz, /readyz, /metrics: who asks, and what is red when."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from crm.core.models import Heartbeat, SweepRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating():
    """Worker and dispatcher alive a moment ago."""
    for name in ("worker", "dispatcher"):
        Heartbeat.objects.create(name=name, at=timezone.now())


def test_a_web_process_that_answers_is_healthy(client):
    assert client.get("/healthz").content == b"ok"


def test_a_load_balancer_may_ask_by_address(client):
    answer = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert client.get("/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


def test_a_site_whose_parts_all_move_is_ready(client, beating):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["ready"] is True
    assert set(answer.json()["checks"]) == {"database", "broker", "heartbeat", "night"}


@pytest.mark.parametrize("process", ["worker", "dispatcher"])
def test_a_process_silent_for_minutes_makes_the_site_unready(client, beating, process):
    """Decisions 28: one that lives does not hide one that does not."""
    Heartbeat.objects.filter(name=process).update(at=timezone.now() - timedelta(minutes=4))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["heartbeat"]["ok"] is False
    assert answer.json()["checks"]["database"]["ok"] is True


def test_a_night_that_did_not_run_makes_the_site_unready(client, beating):
    """Safety 6: the watchdog looks at the last finished sweep, and a failed one does not count."""
    now = timezone.now()
    run = SweepRun(step="open_duties", business_date=timezone.localdate(), started_at=now - timedelta(hours=30))
    run.finished_at = now - timedelta(hours=30)
    run.save()
    SweepRun.objects.create(
        step="open_duties", business_date=timezone.localdate(), started_at=now, finished_at=now, error="timeout"
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["night"]["ok"] is False


def test_a_broker_that_does_not_answer_makes_the_site_unready_and_nothing_else(client, beating, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False}
    assert client.get("/healthz").status_code == 200


def test_figures_for_prometheus_are_open_where_the_site_is_tried_out(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content


def test_figures_for_prometheus_need_the_token_when_there_is_one(client, settings):
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200


def test_figures_for_prometheus_are_closed_in_production_without_a_token(client, settings):
    settings.PRODUCTION = True
    assert client.get("/metrics").status_code == 404
