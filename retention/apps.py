from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Who may leave: churn records, base and reports."""

    name = "retention"

    def ready(self) -> None:
        """Register parameters, measures, the words of notices and the steps of the night."""
        from retention import alert_notices, measures, notices, parameters, risk_parameters, sweeps, training_job  # noqa: F401
