from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Keeping in touch: duties and the visits that settle them."""

    name = "visits"
