from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Who may leave: churn records, base and reports."""

    name = "retention"

    def ready(self) -> None:
        """Register parameters, measures and the steps of the night."""
        from retention import measures, parameters, sweeps  # noqa: F401
