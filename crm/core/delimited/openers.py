"""Opens the same file again and again: on disk, just uploaded, or kept as an attachment."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.core.delimited.problems import FileRefused
from crm.core.models import Attachment

Opener = Callable[[], BinaryIO]


def opener_of(path: Path) -> Opener:
    """Opens a file on disk, again and again."""

    def open_again() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as problem:
            raise FileRefused(
                _("The file %(name)s cannot be opened: %(why)s."),
                code="no_file",
                params={"name": path.name, "why": problem.strerror or "?"},
            ) from problem

    return open_again


def opener_of_upload(upload: UploadedFile[Any]) -> Opener:
    """Opens a file that was just handed in."""
    if isinstance(upload, TemporaryUploadedFile):
        return opener_of(Path(upload.temporary_file_path()))
    upload.seek(0)
    content = upload.read()
    return lambda: io.BytesIO(content)


def opener_of_attachment(file: Attachment) -> Opener:
    """Opens a stored file, again and again."""

    def open_again() -> BinaryIO:
        stored: Any = default_storage.open(str(file.file.name), "rb").file
        if stored is None:
            raise FileNotFoundError(file.file.name)
        return cast(BinaryIO, stored)

    return open_again
