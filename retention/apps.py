from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Who may leave: churn records, base and reports."""

    name = "retention"
