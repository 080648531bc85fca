from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Keeping in touch: duties and the visits that settle them."""

    name = "visits"

    def ready(self) -> None:
        """Register parameters, the words of notices and the steps of the night."""
        from visits import notices, parameters, signing, sweeps  # noqa: F401
