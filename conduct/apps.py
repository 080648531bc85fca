from django.apps import AppConfig


class ConductConfig(AppConfig):
    """How we behave: outings and the other registers."""

    name = "conduct"

    def ready(self) -> None:
        """Register parameters, the words of notices, what is signed, the steps of the night and what is measured."""
        from conduct import measures, notices, parameters, signing, sweeps  # noqa: F401
