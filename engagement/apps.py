from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Service policies and enrolments."""

    name = "engagement"
