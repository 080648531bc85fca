from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The doors for machines: API clients, import of files."""

    name = "sync"

    def ready(self) -> None:
        """Register parameters, kinds of long work, and how the API's description shows tokens."""
        from sync import openapi, parameters  # noqa: F401
        from sync.imports import jobs, undo  # noqa: F401
        from sync.sweeps import clients, feeds  # noqa: F401
