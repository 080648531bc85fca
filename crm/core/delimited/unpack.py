"""What is handed in as a workbook or packed becomes a plain table before anybody reads it (bad inputs 38, 39, 41).

gzip is unpacked up to a size; a workbook is read by a process of its own with limits on memory, time, rows and
columns (`sheet`). A zip that unpacks to a bomb is refused by its table of contents, or at the limits.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.core.delimited import sheet
from crm.core.delimited.problems import FileRefused
from crm.core.delimited.shapes import MOST_COLUMNS

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
MOST_ROWS = 200_000
"""Rows of a workbook; a bigger table comes as CSV or JSON lines."""
CHILD_MEGABYTES, CHILD_SECONDS = 1500, 90
TIMES_PACKED = 8
"""So many times the limit of a packed file a file may have when it is unpacked."""
MOST_ENTRIES = 2000
PIECE = 1 << 20

_REASONS: dict[int, tuple[str, Any]] = {
    sheet.TOO_LONG: ("too_many_rows", _("The sheet has more than %(max)d rows. Save it as CSV.")),
    sheet.TOO_WIDE: ("too_many_columns", _("The sheet has more columns than can be read.")),
    sheet.LOCKED: ("is_locked", _("This workbook is protected by a password.")),
}


@contextmanager
def plain_table(upload: UploadedFile[Any], *, max_bytes: int) -> Iterator[UploadedFile[Any]]:
    """The table inside an upload: the upload itself, or a temporary file that goes when the block ends."""
    upload.seek(0)
    head = upload.read(4)
    upload.seek(0)
    if (upload.size or 0) > max_bytes:
        raise _too_large(max_bytes)
    if head[:2] == GZIP:
        with _temporary(_stem(upload) if "." in _stem(upload) else f"{_stem(upload)}.csv") as made:
            _unpack(upload, made, max_bytes * TIMES_PACKED)
            yield made
    elif head == ZIP:
        with _temporary(f"{_stem(upload)}.csv") as made:
            _read_workbook(upload, made, max_bytes * TIMES_PACKED)
            yield made
    else:
        yield upload


def _stem(upload: UploadedFile[Any]) -> str:
    return PurePosixPath(str(upload.name or "table")).stem or "table"


@contextmanager
def _temporary(name: str) -> Iterator[UploadedFile[Any]]:
    made = TemporaryUploadedFile(name, "text/csv", 0, None)
    try:
        yield made
    finally:
        made.close()


def _measured(made: Any) -> None:
    made.flush()
    made.size = Path(made.temporary_file_path()).stat().st_size
    made.seek(0)


def _too_large(most: int) -> FileRefused:
    return FileRefused(
        _("The file is too large: at most %(max)d MB."), code="too_large", params={"max": most // 1024 // 1024}
    )


def _unpack(upload: UploadedFile[Any], made: UploadedFile[Any], most: int) -> None:
    """gzip, as many members as there are, never more than `most` bytes."""
    total, machine = 0, zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in upload.chunks(PIECE):
            rest = piece
            while rest:
                plain = machine.decompress(rest, PIECE)
                total += len(plain)
                if total > most:
                    raise _too_large(most)
                made.write(plain)
                rest = machine.unconsumed_tail
                if machine.eof:
                    rest = machine.unused_data
                    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        made.write(machine.flush())
    except zlib.error as fault:
        raise FileRefused(_("This gzip file is damaged."), code="damaged") from fault
    _measured(made)


def _read_workbook(upload: UploadedFile[Any], made: UploadedFile[Any], most: int) -> None:
    """Look at the zip's table of contents, then let the child read the first sheet."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise FileRefused(_("This workbook is damaged."), code="damaged") from fault
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise FileRefused(_("This is a zip file, not an Excel workbook."), code="not_csv")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > most:
        raise _too_large(most)
    with _on_disk(upload) as source:
        _let_child_read(source, made)


@contextmanager
def _on_disk(upload: UploadedFile[Any]) -> Iterator[str]:
    if isinstance(upload, TemporaryUploadedFile):
        yield upload.temporary_file_path()
        return
    with _temporary("workbook.xlsx") as copy:
        for piece in upload.chunks(PIECE):
            copy.write(piece)
        _measured(copy)
        yield copy.temporary_file_path()  # type: ignore[attr-defined]


def _let_child_read(source: str, made: Any) -> None:
    command = [sys.executable, "-I", str(sheet.__file__), source, made.temporary_file_path()]
    limits = (MOST_ROWS, MOST_COLUMNS, CHILD_MEGABYTES, CHILD_SECONDS)
    try:
        done = subprocess.run(
            [*command, *map(str, limits)], check=False, capture_output=True, timeout=2 * CHILD_SECONDS
        )
    except subprocess.TimeoutExpired as fault:
        raise FileRefused(_("This workbook takes too long to read. Save it as CSV."), code="too_large") from fault
    if done.returncode in _REASONS:
        code, message = _REASONS[done.returncode]
        raise FileRefused(message, code=code, params={"max": MOST_ROWS})
    if done.returncode == sheet.UNREADABLE:
        raise FileRefused(_("This workbook cannot be read."), code="damaged")
    if done.returncode:
        # Killed by its limits, or torn apart by what it read.
        raise FileRefused(_("This workbook needs too much memory to read. Save it as CSV."), code="too_large")
    _measured(made)
