"""Bodies that are files: as a form with fields, or the bare table with the same fields as parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils import timezone
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from crm.core.api.problem import Problem
from crm.core.errors import Invalid
from sync.actions.imports import most_bytes

PIECE = 1 << 20
LARGEST = 1100 * 1024 * 1024
"""More than the largest file that the parameter allows: the parser looks at that."""


class TableParser(BaseParser):
    """The bare body as a file, on disk, never in memory as a whole."""

    extension = "csv"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """A temporary file that goes with the request."""
        made = TemporaryUploadedFile(f"table.{self.extension}", media_type or self.media_type, 0, None)
        most, size = most_bytes(timezone.now()), 0
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > most:
                made.close()
                raise Problem(413, "too_large", f"The file is larger than {most >> 20} MB.")
            made.write(piece)
        made.flush()
        made.seek(0)
        made.size = size
        return made


class CsvParser(TableParser):
    """CSV and its relatives."""

    media_type = "text/csv"


class LinesParser(TableParser):
    """JSON lines."""

    media_type, extension = "application/x-ndjson", "ndjson"


class GzipParser(TableParser):
    """Either of them, packed."""

    media_type, extension = "application/gzip", "gz"


class WorkbookParser(TableParser):
    """An Excel workbook."""

    media_type, extension = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"


PARSERS: list[type[BaseParser]] = [MultiPartParser, CsvParser, LinesParser, GzipParser, WorkbookParser]


def upload_and_fields(request: Request) -> tuple[UploadedFile[Any], dict[str, str]]:
    """The file of a call and its fields; each field once."""
    body: Any = request.data
    if isinstance(body, UploadedFile):
        return body, _once(request.query_params)
    if request.query_params:
        name = next(iter(request.query_params))
        raise Invalid("Fields of a form stand in the form.", code="unknown_parameter", field=f"?{name}"[1:])
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise Invalid("Send one file, in the field `file`.", code="required", field="file")
    return files[0], _once(request.POST)


def _once(given: Any) -> dict[str, str]:
    for name in given:
        if len(given.getlist(name)) > 1:
            raise Invalid("This field stands twice.", code="repeated", field=name)
    return {name: given[name] for name in given}


def fingerprint(upload: UploadedFile[Any], fields: Mapping[str, str]) -> bytes:
    """What makes a call the same call: the file and its fields."""
    digest = hashlib.sha256()
    for piece in upload.chunks(PIECE):
        digest.update(piece)
    upload.seek(0)
    return digest.digest() + repr(sorted(fields.items())).encode()
