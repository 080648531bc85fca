"""Cells of files that a spreadsheet opens safely (bad input 25), as CSV or Excel, in constant memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
WIDTH = 16
CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Line:
    """A file-like that hands back what it is given."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV with a byte order mark, each cell safe from being taken for a formula (bad input 25)."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(cell: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front."""
    if isinstance(cell, str) and cell.lstrip(" \"'").startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def as_typed(cell: str) -> str:
    """The text of a cell that was made safe so, as it was typed."""
    behind = cell[1:]
    return behind if cell.startswith("'") and safe_cell(behind) != behind else cell


def plain(cell: Any) -> Any:
    """A value as CSV has it: moments in local time to the minute, nothing for None."""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return "" if cell is None else cell


def write_csv(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The rows as CSV in UTF-8."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    for line in csv_lines(header, ([plain(cell) for cell in row] for row in rows)):
        text.write(line)
    text.detach()


def write_xlsx(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: str, about: Sequence[tuple[str, str]]
) -> None:
    """The rows as a sheet of Excel: texts are texts, never formulas; the mark stands at the head of every page."""
    from xlsxwriter import Workbook  # loaded by those who make a file

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": path.parent}
    with Workbook(str(path), options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("1")
        _mark(sheet, mark)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, WIDTH)
        for place, words in enumerate(header):
            sheet.write_string(0, place, words, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _put(sheet, number, place, cell, day, moment)
        register = book.add_worksheet("2")
        _mark(register, mark)
        register.set_column(0, 1, 3 * WIDTH)
        for number, (name, words) in enumerate(about):
            register.write_string(number, 0, name, bold)
            register.write_string(number, 1, words)


def _mark(sheet: Any, mark: str) -> None:
    safe = mark.replace("&", "&&")
    sheet.set_header(f"&L{safe}&R&P / &N")
    sheet.set_footer(f"&L{safe}")


def _put(sheet: Any, row: int, column: int, cell: Any, day: Any, moment: Any) -> None:
    """One cell by its type; numbers too long for a spreadsheet stay texts."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool | int | float | Decimal):
        number = float(cell)
        if abs(number) < 1e15:
            sheet.write_number(row, column, number)
        else:
            sheet.write_string(row, column, str(cell))
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, timezone.localtime(cell).replace(tzinfo=None), moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, time.min), day)
    else:
        sheet.write_string(row, column, str(cell)[:32_000])
