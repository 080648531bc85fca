from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The doors for machines: API clients, import of files."""

    name = "sync"
