from django.apps import AppConfig


class SalesConfig(AppConfig):
    """What is sold: quotas and results."""

    name = "sales"

    def ready(self) -> None:
        """Register the measures."""
        from sales import measures  # noqa: F401
