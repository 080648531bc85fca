from django.apps import AppConfig


class SalesConfig(AppConfig):
    """What is sold: quotas and results."""

    name = "sales"
