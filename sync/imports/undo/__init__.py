"""Taking an import back from the change log: what it wrote, unless somebody has worked on it since."""

from sync.imports.undo.job import KIND

__all__ = ["KIND"]
