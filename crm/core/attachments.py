"""Private files (SEC-4): their kind comes from their content, their place from chance, their reader from a check."""

from __future__ import annotations

import hashlib
import io
import os
import re
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import Attachment, User

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
MAX_UNPACKED = 200 * 1024 * 1024
NAME_LENGTH = 120
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SAFE_INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


@dataclass(frozen=True)
class Kind:
    """An allowed kind of file."""

    content_type: str
    extension: str


JPEG = Kind("image/jpeg", "jpg")
PNG = Kind("image/png", "png")
WEBP = Kind("image/webp", "webp")
PDF = Kind("application/pdf", "pdf")
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
PPTX = Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx")
TEXT = Kind("text/plain", "txt")
CSV = Kind("text/csv", "csv")
IMAGES = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
OFFICE = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
DOCUMENTS = frozenset({JPEG, PNG, WEBP, PDF, DOCX, XLSX, PPTX, TEXT, CSV})


def store(
    file: File[Any],
    *,
    by: User | None,
    now: datetime,
    kinds: frozenset[Kind] = DOCUMENTS,
    max_bytes: int = MAX_BYTES,
    field: str = "file",
) -> Attachment:
    """Check, clean and keep a file; the caller remembers the attachment where it belongs."""
    size = file.size or 0
    if size > max_bytes:
        raise Invalid(
            _("The file is too large: at most %(max)d MB."),
            code="too_large",
            field=field,
            params={"max": max_bytes // 1024 // 1024},
        )
    if size == 0:
        raise Invalid(_("The file is empty."), code="empty_file", field=field)
    name = safe_name(str(file.name or ""))
    kind = _sniff(file, name, field)
    if kind not in kinds:
        raise _wrong_type(field)
    if kind in IMAGES.values():
        content, width, height = _clean_image(file, kind, field)
    else:
        file.seek(0)
        content, width, height = file, None, None
    return _keep(content, name, kind, (width, height), by, now)


def store_bytes(content: bytes, name: str, content_type: str, *, by: User | None, now: datetime) -> Attachment:
    """Keep a file that we made ourselves (a report, the failed rows of an import)."""
    return store_made(ContentFile(content), name, content_type, by=by, now=now)


def store_made(content: File[Any], name: str, content_type: str, *, by: User | None, now: datetime) -> Attachment:
    """The same of a file that is not held in memory."""
    extension = PurePosixPath(name).suffix.lstrip(".").lower() or "bin"
    return _keep(content, safe_name(name), Kind(content_type, extension), (None, None), by, now)


def store_table(file: File[Any], *, by: User | None, now: datetime) -> Attachment:
    """Keep a table that its reader has looked through already; its cells may be parted by 0x01."""
    kind = CSV if str(file.name or "").lower().endswith(".csv") else TEXT
    return _keep(file, safe_name(str(file.name or "")), kind, (None, None), by, now)


def _keep(
    content: File[Any],
    name: str,
    kind: Kind,
    side: tuple[int | None, int | None],
    by: User | None,
    now: datetime,
) -> Attachment:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    key = uuid.uuid4()
    path = default_storage.save(f"{key.hex[:2]}/{key.hex}.{kind.extension}", content)
    # When the row cannot be written the file goes again (scorecard 24: no orphans).
    try:
        with write(by=by):
            return Attachment.objects.create(
                key=key,
                file=path,
                name=_with_extension(name, kind),
                content_type=kind.content_type,
                size=size,
                sha256=digest.hexdigest(),
                width=side[0],
                height=side[1],
                by=by,
                stored_at=now,
            )
    except BaseException:
        default_storage.delete(path)
        raise


def stream(attachment: Attachment, *, inline: bool = False) -> FileResponse:
    """The file as an answer; the caller has checked the right to it and logged the download."""
    shown = inline and attachment.content_type in _SAFE_INLINE
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not shown,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def remove(attachment: Attachment, *, by: User | None) -> None:
    """Remove row and file; the file goes only when the row's removal is committed."""
    path = str(attachment.file.name)
    with write(by=by):
        attachment.delete()
        transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def safe_name(name: str) -> str:
    """The name shown and offered at download: no path, no control character, no device name, no endless tail."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    text = text.strip(" .")
    if not text or _DEVICES.match(text):
        text = f"file-{text}".strip("-.") or "file"
    stem, extension = os.path.splitext(text)  # noqa: PTH122 - a name, not a path
    return stem[: NAME_LENGTH - len(extension[:10])] + extension[:10]


def _with_extension(name: str, kind: Kind) -> str:
    """The extension says what the content is, whatever the name pretended (a.pdf.exe)."""
    return name if name.lower().endswith(f".{kind.extension}") else f"{name}.{kind.extension}"


def _wrong_type(field: str) -> Invalid:
    return Invalid(
        _("This kind of file is not accepted. Accepted: pictures, PDF, Word, Excel, PowerPoint, text."),
        code="file_type",
        field=field,
    )


def _sniff(file: File[Any], name: str, field: str) -> Kind:
    """The kind, from the content alone."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return JPEG if head[0] == 0xFF else PNG if head[0] == 0x89 else WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _sniff_office(file, field)
    if _is_text(head):
        lowered = head.lstrip().lower()
        if lowered.startswith((b"<", b"\xef\xbb\xbf<")):
            raise _wrong_type(field)  # SVG, HTML, XML: nothing that a browser would run
        return CSV if name.lower().endswith(".csv") else TEXT
    raise _wrong_type(field)


def _sniff_office(file: File[Any], field: str) -> Kind:
    """An Office file: looked at by its table of contents only, refused when it would unpack to a bomb."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damaged:
        raise _wrong_type(field) from damaged
    names = [entry.filename for entry in entries]
    unsafe = any(name.startswith("/") or ".." in name.split("/") for name in names)
    if unsafe or len(entries) > 5000 or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _wrong_type(field)
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _wrong_type(field)
    for prefix, kind in OFFICE.items():
        if any(name.startswith(prefix) for name in names):
            return kind
    raise _wrong_type(field)


def _is_text(head: bytes) -> bool:
    if _BINARY.search(head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _clean_image(file: IO[bytes] | File[Any], kind: Kind, field: str) -> tuple[File[Any], int, int]:
    """Decode within limits and write anew: position, camera and hidden payloads (EXIF, GPS) do not survive."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # loaded by those who receive pictures

    file.seek(0)
    try:
        with Image.open(file, formats=list(IMAGES)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise Invalid(
                    _("The picture is too large: at most %(max)d million pixels."),
                    code="image_too_large",
                    field=field,
                    params={"max": MAX_PIXELS // 1_000_000},
                )
            upright = ImageOps.exif_transpose(picture)
            format_name = next(name for name, known in IMAGES.items() if known == kind)
            clean = upright.convert("RGB") if kind == JPEG else upright.convert("RGBA")
            clean.info = {}
            out = io.BytesIO()
            clean.save(out, format=format_name, quality=88)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as damaged:
        raise Invalid(_("This picture cannot be read."), code="file_type", field=field) from damaged
    return ContentFile(out.getvalue()), clean.width, clean.height
