"""Every address of the site, app by app."""

from django.urls import include, path

from crm.core import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include("crm.api_urls")),
]
