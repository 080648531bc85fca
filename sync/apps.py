from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The doors for machines: API clients, import of files."""

    name = "sync"

    def ready(self) -> None:
        """Register parameters and kinds of long work."""
        from sync import parameters  # noqa: F401
        from sync.imports import jobs  # noqa: F401
