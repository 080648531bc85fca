from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Service policies and enrolments."""

    name = "engagement"

    def ready(self) -> None:
        """Register measures, parameters, the words of notices and the steps of the night."""
        from engagement import measures, notices, parameters, sweeps  # noqa: F401
