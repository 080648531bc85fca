from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Keeping in touch: duties and the visits that settle them."""

    name = "visits"

    def ready(self) -> None:
        """Register parameters, the words of notices, the steps of the night and what is measured."""
        from visits import measures, notices, parameters, signing, sweeps  # noqa: F401
