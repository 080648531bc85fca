from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Who may leave: churn records, base and reports."""

    name = "retention"

    def ready(self) -> None:
        """Register parameters."""
        from retention import parameters  # noqa: F401
