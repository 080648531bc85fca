"""A file of any operator: encoding, separator, header and cells, kept as codes of the distinct texts of each column."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEPARATORS = (",", ";", "\t", "|")
LINES_TO_LOOK_AT = 50
ROWS_AT_ONCE = 20_000
PAIRED_MEANS_CHINESE = 0.8
LONGEST_FIELD = 10_000_000


class Unreadable(Exception):
    """The file is no table; said in one sentence."""


@dataclass(frozen=True)
class RawColumn:
    """A column as it stands in the file: for each row the place of its text among the distinct ones."""

    name: str
    codes: NDArray[np.int32]
    levels: tuple[str, ...]

    def counts(self) -> NDArray[np.int64]:
        """How many rows hold each text."""
        return np.bincount(self.codes, minlength=len(self.levels))


@dataclass
class RawTable:
    """A file that was read."""

    columns: list[RawColumn]
    rows: int
    warnings: list[str] = field(default_factory=list)

    def column(self, name: str) -> RawColumn:
        """A column by its name, however it is spaced or capitalised."""
        for same in (str, _plain):
            found = [each for each in self.columns if same(each.name) == same(name)]
            if found:
                return found[0]
        raise Unreadable(f"There is no column {name!r}; there are: {', '.join(each.name for each in self.columns)}.")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def read_table(path: Path) -> RawTable:
    """Read a CSV file, whatever its encoding and separator; Unreadable when it is no table."""
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"{path.name}: {wrong.strerror}") from wrong
    text, encoding = _decode(data)
    if not text.strip():
        raise Unreadable("The file is empty.")
    before = csv.field_size_limit(LONGEST_FIELD)  # of the whole process: given back
    try:
        separator = _separator(text)
        table = _columns(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    finally:
        csv.field_size_limit(before)
    if encoding != "utf-8":
        table.warnings.append(f"Read as {encoding}.")
    if separator != ",":
        table.warnings.append(f"Columns are separated by {separator!r}.")
    return table


def _decode(data: bytes) -> tuple[str, str]:
    """The text of a file and how it was encoded."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    high = re.findall(rb"[\x80-\xff]+", data[:1_000_000])
    paired = sum(len(run) for run in high if len(run) > 1)
    if high and paired / sum(map(len, high)) >= PAIRED_MEANS_CHINESE:
        return data.decode("gb18030", errors="replace"), "gb18030"
    return data.decode("cp1252", errors="replace"), "cp1252"


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of columns, and into most of them."""
    head = "\n".join(islice(io.StringIO(text), LINES_TO_LOOK_AT))
    best, most = "", (0.0, 1)
    for separator in SEPARATORS:
        widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=separator) if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if (round(alike, 1), widths[0]) > most:
            best, most = separator, (round(alike, 1), widths[0])
    if not best:
        raise Unreadable("The file has a single column: no separator of ; , | or tab was found.")
    return best


def _columns(rows: Iterator[list[str]]) -> RawTable:
    """Every column as codes, read in pieces so that a long file fits into memory."""
    header = next(row for row in rows if row)
    names = _names(header)
    books: list[defaultdict[str, int]] = [defaultdict() for _ in names]
    for book in books:
        book.default_factory = book.__len__
    parts: list[list[NDArray[np.int32]]] = [[] for _ in names]
    ragged = count = 0
    while piece := list(islice(rows, ROWS_AT_ONCE)):
        piece = [row for row in piece if row and (len(row) > 1 or row[0].strip())]
        for place, row in enumerate(piece):
            if len(row) != len(names):
                ragged += 1
                piece[place] = (row + [""] * len(names))[: len(names)]
        count += len(piece)
        for book, part, cells in zip(books, parts, zip(*piece, strict=True), strict=False):
            part.append(np.fromiter(map(book.__getitem__, cells), dtype=np.int32, count=len(cells)))
    if not count:
        raise Unreadable("The file has a header and no rows.")
    columns = [
        RawColumn(name, np.concatenate(part), tuple(book)) for name, part, book in zip(names, parts, books, strict=True)
    ]
    table = RawTable(columns, count)
    if ragged:
        table.warnings.append(f"{ragged} rows have more or fewer cells than the header; cut or filled with blanks.")
    if all(re.fullmatch(r"-?[\d.]+", cell.strip()) for cell in header):
        table.warnings.append("The first row holds numbers only and was taken for the header.")
    return table


def _names(header: list[str]) -> list[str]:
    """The names of the columns, none blank and none twice."""
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = cell.strip().lstrip("\ufeff") or f"column {place}"
        while name in names:
            name = f"{name} ({place})"
        names.append(name)
    return names
