"""Static files of other people's packages, Python's and npm's: named files only, never whole folders."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

PACKAGES_PREFIX = "packages/"
"""What the addresses of these files begin with: ``{% static 'packages/htmx.org/dist/htmx.min.js' %}``."""


class NodeModulesFinder(BaseFinder):
    """Serves the files that ``NODE_MODULES_FILES`` names out of ``NODE_MODULES``, and nothing else."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.NODE_MODULES)
        self.names: frozenset[str] = frozenset(settings.NODE_MODULES_FILES)
        self.storage = FileSystemStorage(location=str(self.folder))
        self.storage.prefix = PACKAGES_PREFIX.rstrip("/")  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check: missing packages are reported by the set-up."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file at a static path, when the list names it."""
        name = path.removeprefix(PACKAGES_PREFIX)
        if not path.startswith(PACKAGES_PREFIX) or name not in self.names:
            return []
        found = self.folder / name
        if not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every named file that is installed, for ``collectstatic``."""
        for name in sorted(self.names):
            if (self.folder / name).is_file():
                yield name, self.storage


class PackageFinder(AppDirectoriesFinder):
    """Serves the files that ``PACKAGE_FILES`` names out of the installed apps, and nothing else."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file at a static path, when the list names it."""
        if path not in settings.PACKAGE_FILES:
            return []
        return super().find(path, find_all=find_all)  # type: ignore[call-overload]  # both of its answers are wanted

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every named file, for ``collectstatic``."""
        for path in sorted(settings.PACKAGE_FILES):
            for storage in self.storages.values():
                if storage.exists(path):
                    yield path, storage
