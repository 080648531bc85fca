"""Every address of the site, app by app."""

from django.urls import include, path

from crm.core import health
from crm.core.urls import sign_in_patterns

handler400 = "crm.core.views.errors.bad_request"
handler403 = "crm.core.views.errors.permission_denied"
handler404 = "crm.core.views.errors.not_found"
handler500 = "crm.core.views.errors.server_error"

urlpatterns = [
    # First: machines ask most often, and every pattern before theirs is tried at each of their requests.
    path("api/v1/", include("crm.api_urls")),
    path("", include("workbench.urls")),
    path("", include("accounts.urls")),
    path("", include("visits.urls")),
    path("", include("complaints.urls")),
    path("", include("conduct.urls")),
    path("", include("retention.urls")),
    path("", include("sales.urls")),
    path("", include("engagement.urls")),
    path("", include("kpi.urls")),
    path("", include("sync.urls")),
    path("", include("crm.core.urls")),
    path("", include(sign_in_patterns)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
