from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Who may leave: churn records, base and reports."""

    name = "retention"

    def ready(self) -> None:
        """Register parameters, measures, the words of notices and the steps of the night."""
        from retention import (  # noqa: F401
            alert_notices,
            destinations,
            measures,
            notices,
            parameters,
            reference_lists,
            risk_parameters,
            sweeps,
            training_job,
        )
        from retention.actions import column_files  # noqa: F401
