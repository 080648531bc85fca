from django.apps import AppConfig


class SalesConfig(AppConfig):
    """What is sold: quotas and results."""

    name = "sales"

    def ready(self) -> None:
        """Register the measures and the kinds of long work."""
        from sales import measures  # noqa: F401
        from sales.imports import jobs  # noqa: F401
