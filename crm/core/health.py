"""Is the site alive, is it ready, how is it doing: for load balancers, watchdogs and Prometheus."""

from django.http import HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView


def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The web process can work."""
    return HttpResponse("ok", content_type="text/plain")


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus."""
    return ExportToDjangoView(request)
