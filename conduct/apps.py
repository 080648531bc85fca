from django.apps import AppConfig


class ConductConfig(AppConfig):
    """How we behave: outings and the other registers."""

    name = "conduct"

    def ready(self) -> None:
        """Register parameters, the words of notices and the steps of the night."""
        from conduct import notices, parameters, sweeps  # noqa: F401
