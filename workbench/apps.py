from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The pages that join everything: Today, Team, the customer page, search."""

    name = "workbench"

    def ready(self) -> None:
        """Register the notices."""
        from workbench import notices  # noqa: F401
