from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground every other app stands on; it imports none of them."""

    name = "crm.core"
    label = "core"
