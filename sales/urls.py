"""Addresses of sales."""

from django.urls import path, register_converter

from sales.imports.headings import LABELS
from sales.views import files, orders, quotas


class FileKind:
    """Quotas or orders."""

    regex = "|".join(LABELS)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(FileKind, "sales_file")

app_name = "sales"
urlpatterns = [
    path("sales/", orders.home, name="home"),
    path("sales/orders/", orders.order_list, name="order_list"),
    path("sales/quotas/", quotas.quota_list, name="quota_list"),
    path("sales/quotas/set/", quotas.quota_set, name="quota_set"),
    path("sales/import/", files.import_new, name="import_new"),
    path("sales/import/sample/<sales_file:kind>.csv", files.import_sample, name="import_sample"),
    path("sales/import/<int:job_id>/", files.import_detail, name="import_detail"),
    path("sales/import/<int:job_id>/progress/", files.import_progress, name="import_progress"),
    path("sales/import/<int:job_id>/commit/", files.import_commit, name="import_commit"),
]
