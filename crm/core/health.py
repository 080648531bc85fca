"""Is the site alive, is it ready, how is it doing: for load balancers, watchdogs and Prometheus.

A load balancer asks /healthz (this web process answers). A watchdog asks /readyz, which is red as well when only the
worker side stands still: pages go on working then, but duties are no longer opened (safety 6).
"""

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import kombu.exceptions
import redis.exceptions
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView

from crm.core import heartbeats
from crm.core.abilities import public
from crm.core.db import replace_dead_connection
from crm.core.models import SweepRun

PULSES = ("worker", "dispatcher")
"""Whose signs of life are needed: the worker's is asked for by beat each minute, so it stands for both."""
HEARTBEAT_LIMIT = timedelta(minutes=3)
NIGHT_LIMIT = timedelta(hours=26)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that must move does move: 200, or 503 with what stands still."""
    replace_dead_connection()
    now = timezone.now()
    checks = {name: check(now) for name, check in CHECKS.items()}
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus; in production only for whoever knows METRICS_TOKEN."""
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        if not constant_time_compare(given, f"Bearer {token}"):
            return HttpResponse("Not found", status=404, content_type="text/plain")
    elif settings.PRODUCTION:
        return HttpResponse("Not found", status=404, content_type="text/plain")
    figures: HttpResponse = ExportToDjangoView(request)
    return figures


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer whoever watches before sessions and host names are looked at: he comes by address, not by name."""
    views = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def answer(request: HttpRequest) -> HttpResponse:
        view = views.get(request.path_info, get_response)
        return view(request)

    return answer


def database(now: datetime) -> dict[str, Any]:
    """PostgreSQL answers; beside it the age of its oldest open write, which holds the change feed back."""
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0)::float8"
                " FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()"
            )
            oldest = cursor.fetchone()[0]
    except DatabaseError:
        return {"ok": False}
    return {"ok": True, "seconds": round(time.perf_counter() - begun, 3), "oldest_write_s": round(oldest)}


def broker(now: datetime) -> dict[str, Any]:
    """Redis or Valkey answers."""
    begun = time.perf_counter()
    try:
        with current_app.connection_for_write(connect_timeout=0.5) as line:
            channel: Any = line.default_channel
            channel.client.ping()
    except (redis.exceptions.RedisError, kombu.exceptions.OperationalError, OSError):
        return {"ok": False}
    return {"ok": True, "seconds": round(time.perf_counter() - begun, 3)}


def heartbeat(now: datetime) -> dict[str, Any]:
    """Dispatcher, beat and a worker gave a sign of life within the last minutes (decisions 28)."""
    try:
        ages = heartbeats.ages(now=now)
    except DatabaseError:
        return {"ok": False}
    oldest = max((ages.get(name, math.inf) for name in PULSES), default=math.inf)
    known = {name: round(ages[name]) for name in PULSES if name in ages}
    return {"ok": oldest <= HEARTBEAT_LIMIT.total_seconds(), "age_s": known}


def night(now: datetime) -> dict[str, Any]:
    """The last step of a night that came to its end; a site that never had a night yet is not to blame."""
    try:
        last = SweepRun.objects.filter(error="").aggregate(last=Max("finished_at"))["last"]
    except DatabaseError:
        return {"ok": False}
    if last is None:
        return {"ok": True, "age_s": None}
    return {"ok": now - last <= NIGHT_LIMIT, "age_s": round((now - last).total_seconds())}


CHECKS: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "database": database,
    "broker": broker,
    "heartbeat": heartbeat,
    "night": night,
}
