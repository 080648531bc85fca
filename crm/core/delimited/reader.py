"""Reads a table in flat memory: what its file is encoded in, what separates its cells, and row after row.

UTF-8 (with or without mark) and GB18030; comma, semicolon, tab, bar or 0x01. A file that is something else, or that
breaks off inside a quotation, is refused as a whole with the place where it went wrong (bad inputs 38).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.delimited.json_lines import header_of, line_blocks, looks_like_lines
from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import FileRefused, too_blank
from crm.core.delimited.shapes import LINES, LONGEST_LINE, MOST_BLANK, MOST_COLUMNS, Block, Layout
from crm.core.wording import Text, worded

DELIMITERS = (",", "\t", ";", "|", "\x01")
__all__ = ["Block", "Layout", "blocks", "inspect"]
UTF8, GB18030 = "utf-8", "gb18030"
BLOCK = 1 << 19
LONGEST_CELL = 131_072
MAX_BYTES = 200 * 1024 * 1024
_CHINESE_IN_UTF8 = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")

# What a file begins with that is no table, and what we call it.
SIGNATURES: tuple[tuple[bytes, str, str | Promise], ...] = (
    (b"PK\x03\x04", "is_workbook", _("This is an Excel workbook or a zip file, not a table.")),
    (b"\xd0\xcf\x11\xe0", "is_workbook", _("This is an old Excel file. Save the sheet as CSV (UTF-8) first.")),
    (b"\x1f\x8b", "is_packed", _("This file is packed (gzip). Unpack it first.")),
    (b"%PDF-", "not_csv", _("This is a PDF, not a table.")),
    (b"\x89PNG", "not_csv", _("This is a picture, not a table.")),
    (b"\xff\xd8\xff", "not_csv", _("This is a picture, not a table.")),
    (b"\xff\xfe", "is_utf16", _("This file is in UTF-16. Save it as CSV UTF-8.")),
    (b"\xfe\xff", "is_utf16", _("This file is in UTF-16. Save it as CSV UTF-8.")),
)


def inspect(opener: Opener, *, delimiter: str = "", encoding: str = "", max_bytes: int = MAX_BYTES) -> Layout:
    """Find out how a file is to be read; refuse what is no table (safety 5, 38)."""
    with opener() as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if not size:
            raise FileRefused(_("The file is empty."), code="empty_file")
        if size > max_bytes:
            raise FileRefused(
                _("The file is too large: at most %(max)d MB."),
                code="too_large",
                params={"max": max_bytes // 1024 // 1024},
            )
        if _refuse_other_kinds(file):
            return _layout_of_lines(file, size)
        found = _encoding(file, encoding)
        lines = _lines(file, found)
        first = _first_of(lines)
        sample = [first, *(line for line, _n in zip(lines, range(20), strict=False))]
    used = delimiter or _delimiter(sample)
    header = _header(opener, found, used)
    return Layout(found, used, header, size)


def _first_of(lines: Iterator[str]) -> str:
    """The first line that says something."""
    for number, line in enumerate(lines, start=1):
        if line.strip("\r\n \ufeff"):
            return line
        if number > MOST_BLANK:
            raise too_blank(number)
    return ""


def _layout_of_lines(file: BinaryIO, size: int) -> Layout:
    header = header_of(file)
    if not header:
        raise FileRefused(_("The file is empty."), code="empty_file")
    return Layout(UTF8, "", header, size, LINES)


def _refuse_other_kinds(file: BinaryIO) -> bool:
    """Whether it is JSON lines; what is neither that nor a delimited table is refused."""
    head = file.read(4096)
    for signature, code, message in SIGNATURES:
        if head.startswith(signature):
            raise FileRefused(message, code=code)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg")):
        raise FileRefused(_("This is a web page or XML, not a table. Save it as CSV (UTF-8)."), code="not_csv")
    if text.startswith(b"[{"):
        raise FileRefused(_("This is JSON, but not one object a line (NDJSON)."), code="not_csv")
    return looks_like_lines(head)


def _encoding(file: BinaryIO, given: str) -> str:
    """UTF-8 when all of it is; else GB18030 when all of it is; a mixture is refused with its first row.

    On the way NUL and endless lines are found, so that nobody later reads a line into memory that fills it.
    """
    file.seek(0)
    utf8 = codecs.getincrementaldecoder(UTF8)()
    is_utf8, place, line = True, 0, 0
    while block := file.read(BLOCK):
        if b"\0" in block:
            raise FileRefused(
                _("Row %(row)d contains a character that is not allowed (NUL)."),
                code="invalid_character",
                row=_row_at(file, place + block.index(b"\0")),
            )
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        line = line + len(block) if last < 0 else len(block) - last
        if line > LONGEST_LINE:
            raise FileRefused(
                _("Row %(row)d is longer than a row can be."), code="row_too_long", row=_row_at(file, place)
            )
        is_utf8 = is_utf8 and _decodes(utf8, block)
        place += len(block)
    if given:
        return given
    if is_utf8 and _decodes(utf8, b"", final=True):
        return UTF8
    _refuse_mixture(file)
    return GB18030


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _row_at(file: BinaryIO, offset: int) -> int:
    """Which line a byte is in, the first being 1."""
    back = file.tell()
    file.seek(0)
    count = 1
    while offset > 0 and (block := file.read(min(BLOCK, offset))):
        count += block.count(b"\n")
        offset -= len(block)
    file.seek(back)
    return count


def _refuse_mixture(file: BinaryIO) -> None:
    """Not UTF-8: then every line must be GB18030, and none may be Chinese in UTF-8."""
    file.seek(0)
    first_utf8 = first_other = 0
    for number, line in enumerate(_byte_lines(file), start=1):
        if line.isascii():
            continue
        if _is(line, UTF8):
            if not first_utf8 and _CHINESE_IN_UTF8.search(line):
                first_utf8 = number
        elif _is(line, GB18030):
            first_other = first_other or number
        else:
            raise FileRefused(
                _("Row %(row)d is neither UTF-8 nor GB18030. Save the file as CSV UTF-8."),
                code="wrong_encoding",
                row=number,
            )
        if first_utf8 and first_other:
            raise FileRefused(
                _("Row %(row)d is in another encoding than the rows before it (UTF-8 and GB18030 mixed)."),
                code="mixed_encoding",
                row=max(first_utf8, first_other),
            )


def _byte_lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines as text, the mark at the beginning gone; `_encoding` has seen that none is longer than a row can be."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if encoding == UTF8 else encoding, newline="")
    try:
        yield text.readline().removeprefix("\ufeff")
        yield from text
    except UnicodeDecodeError as problem:
        raise FileRefused(
            _("The file cannot be read as %(encoding)s."), code="wrong_encoding", params={"encoding": encoding.upper()}
        ) from problem


def _delimiter(sample: list[str]) -> str:
    """What separates the cells: the mark that is most often in the header, outside quotations."""
    header = re.sub(r'"[^"]*"', "", sample[0])
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _header(opener: Opener, encoding: str, delimiter: str) -> tuple[str, ...]:
    with opener() as file:
        reader = csv.reader(_lines(file, encoding), delimiter=delimiter, strict=True)
        try:
            header = next((tuple(cell.strip() for cell in cells) for cells in reader if cells), ())
        except csv.Error as problem:
            raise _broken(problem, 1) from problem
    if not any(header):
        raise FileRefused(_("The file is empty."), code="empty_file")
    if len(header) > MOST_COLUMNS:
        raise FileRefused(
            _("The file has %(has)d columns; at most %(max)d can be read."),
            code="too_many_columns",
            row=1,
            params={"has": len(header), "max": MOST_COLUMNS},
        )
    for place, name in enumerate(header, start=1):
        if not name:
            raise FileRefused(
                _("Column %(column)d has no heading: the first row must name every column."),
                code="missing_header",
                row=1,
                column=place,
            )
        if name in header[: place - 1]:
            raise FileRefused(
                _("Two columns are called “%(name)s”."),
                code="duplicate_header",
                row=1,
                column=place,
                params={"name": name},
            )
    return header


def blocks(opener: Opener, layout: Layout, size: int = 5000) -> Iterator[Block]:
    """The rows after the header, numbered as a spreadsheet numbers them; blank lines count and are skipped."""
    with opener() as file:
        has_rows = False
        for block in (line_blocks if layout.form == LINES else _blocks)(file, layout, size):
            has_rows = True
            yield block
    if not has_rows:
        raise FileRefused(_("The file has a header and no rows."), code="no_rows")


def _blocks(file: BinaryIO, layout: Layout, size: int) -> Iterator[Block]:
    reader = csv.reader(_lines(file, layout.encoding), delimiter=layout.delimiter, strict=True)
    width = len(layout.header)
    while not next(reader):
        pass  # blank lines above the header
    number = before = reader.line_num
    blank = 0
    block = Block()
    is_over = False
    while not is_over:
        try:
            for cells in reader:
                number += 1
                if len(cells) == width and (cells[0].strip() or any(map(str.strip, cells))):
                    block.numbers.append(number)
                    block.rows.append(cells)
                    if len(block.rows) >= size:
                        block.bytes_done = file.tell()
                        yield block
                        block = Block()
                elif any(cell.strip() for cell in cells):
                    block.problems.append((number, *_bad_width(len(cells), width, before + 1, reader.line_num)))
                else:
                    blank += 1
                    if blank > MOST_BLANK:
                        raise too_blank(number)
                before = reader.line_num
            is_over = True
        except csv.Error as problem:
            number += 1
            block.problems.append((number, *_bad_quotes(problem, number, before + 1, reader.line_num)))
            before = reader.line_num
    block.bytes_done = layout.size
    if block.rows or block.problems:
        yield block


def _broken(problem: csv.Error, number: int) -> FileRefused:
    """A quotation that never ends takes the rest of the file with it: nobody can say which rows were meant."""
    if "field larger" in str(problem):
        return FileRefused(
            _("A cell in row %(row)d is longer than a cell can be, or its quotation mark is never closed."),
            code="row_too_long",
            row=number,
        )
    return FileRefused(_("A quotation mark in row %(row)d is never closed."), code="unclosed_quote", row=number)


def _bad_quotes(problem: csv.Error, number: int, first: int, last: int) -> tuple[str, Text]:
    if "field larger" in str(problem) or "unexpected end" in str(problem):
        raise _broken(problem, number) from problem
    if last > first:
        return _run_together(first, last)
    return "bad_quotes", _("The quotation marks in this row do not fit together.")


def _bad_width(has: int, width: int, first: int, last: int) -> tuple[str, Text]:
    if last > first:
        return _run_together(first, last)
    if has > width:
        text = _("This row has more cells (%(has)d) than the header has columns (%(width)d).")
        return "too_many_cells", worded(text, has=has, width=width)
    text = _("This row has fewer cells (%(has)d) than the header has columns (%(width)d).")
    return "too_few_cells", worded(text, has=has, width=width)


def _run_together(first: int, last: int) -> tuple[str, Text]:
    text = _("Lines %(first)d to %(last)d run together: a quotation mark is not closed where it should be.")
    return "unclosed_quote", worded(text, first=first, last=last)
