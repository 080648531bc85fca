"""JSON lines (NDJSON) as a table: one object a line, its keys are the columns; flat memory like every other file.

A missing key keeps what is stored, `null` clears it. Numbers keep their digits; what is nested becomes its JSON text.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext_lazy as _

from crm.core.delimited.problems import FileRefused, too_blank
from crm.core.delimited.shapes import LONGEST_LINE, MOST_BLANK, MOST_COLUMNS, Block, Layout
from crm.core.text import character_problem
from crm.core.wording import Text, worded

CLEARS = "\\N"


class _NotALine(ValueError):
    """Not one JSON object: code and words."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def _refuse_constant(text: str) -> NoReturn:
    raise _NotALine("invalid_json", worded(_("%(text)s is not valid JSON."), text=text))


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=str, parse_int=str)


def looks_like_lines(head: bytes) -> bool:
    """Whether a file begins as JSON lines do: with an object."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def header_of(file: BinaryIO) -> tuple[str, ...]:
    """Every key of the file in the order of its first use. Refuses a file whose first line is no object."""
    header: dict[str, None] = {}
    is_first = True
    for _number, line in _lines(file):
        try:
            header |= dict.fromkeys(_object(line))
        except _NotALine as fault:
            if is_first:
                raise FileRefused(
                    _("This is JSON, but not one object a line (NDJSON)."), code="not_csv", row=1
                ) from fault
        is_first = False
        if len(header) > MOST_COLUMNS:
            raise FileRefused(
                _("The file has %(has)d columns; at most %(max)d can be read."),
                code="too_many_columns",
                params={"has": len(header), "max": MOST_COLUMNS},
            )
    return tuple(header)


def line_blocks(file: BinaryIO, layout: Layout, size: int) -> Iterator[Block]:
    """The lines as rows under the header; a line that is no object is a problem of its own."""
    block = Block()
    places = {name: place for place, name in enumerate(layout.header)}
    for number, line in _lines(file):
        try:
            row = [""] * len(layout.header)
            for key, value in _object(line).items():
                row[places[key]] = _cell(value)
            if b"\\u" in line and any(character_problem(cell) for cell in row):
                raise _NotALine("invalid_character", _("This row contains a character that is not allowed."))
            block.numbers.append(number)
            block.rows.append(row)
        except _NotALine as fault:
            block.problems.append((number, fault.code, fault.message))
        if len(block.rows) >= size:
            block.bytes_done = file.tell()
            yield block
            block = Block()
    block.bytes_done = layout.size
    if block.rows or block.problems:
        yield block


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    file.seek(0)
    number = blank = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise FileRefused(_("Row %(row)d is longer than a row can be."), code="row_too_long", row=number)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield number, line
        elif (blank := blank + 1) > MOST_BLANK:
            raise too_blank(number)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = _DECODER.decode(line.decode().strip())
    except UnicodeDecodeError as fault:
        raise _NotALine("wrong_encoding", _("This line is not UTF-8.")) from fault
    except json.JSONDecodeError as fault:
        text = worded(_("This line is not valid JSON (column %(column)d)."), column=fault.colno)
        raise _NotALine("invalid_json", text) from fault
    except RecursionError as fault:
        raise _NotALine("too_deep", _("This line is nested too deep.")) from fault
    if not isinstance(found, dict):
        raise _NotALine("invalid_json", _("A line is one JSON object."))
    return found


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return CLEARS
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
