from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Keeping in touch: duties and the visits that settle them."""

    name = "visits"

    def ready(self) -> None:
        """Register parameters and the words of notices."""
        from visits import notices, parameters  # noqa: F401
