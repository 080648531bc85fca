"""A program of its own: the first sheet of a workbook as CSV. It runs apart, with little memory and time to burn.

    python sheet.py WORKBOOK CSV ROWS COLUMNS MEGABYTES SECONDS

Nothing of the application is loaded here: a workbook that eats memory takes this process with it and nothing else.
Exit codes: 0 done, 3 too many rows, 4 too many columns, 5 no sheet or not readable, 6 locked by a password.
"""

from __future__ import annotations

import csv
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

TOO_LONG, TOO_WIDE, UNREADABLE, LOCKED = 3, 4, 5, 6


def text_of(cell: Any) -> str:
    """A cell as CSV has it: whole numbers without a point, days without a clock."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        has_clock = (cell.hour, cell.minute, cell.second) != (0, 0, 0)
        return cell.strftime("%Y-%m-%d %H:%M:%S") if has_clock else cell.strftime("%Y-%m-%d")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def convert(source: str, target: str, rows: int, columns: int) -> int:
    """Write the first sheet; every row keeps its number."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(source)
        sheet = book.get_sheet_by_index(0)
    except python_calamine.PasswordError:
        return LOCKED
    except (python_calamine.CalamineError, IndexError, OSError, ValueError):
        return UNREADABLE
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    if end[0] + 1 > rows:
        return TOO_LONG
    if end[1] + 1 > columns:
        return TOO_WIDE
    with open(target, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - no more than needed is loaded here
        writer = csv.writer(file)
        writer.writerows([] for _row in range(start[0]))
        width = 0
        for row in sheet.iter_rows():
            cells = trimmed([""] * start[1] + [text_of(cell) for cell in row])
            width = width or len(cells)
            if cells:
                cells += [""] * (width - len(cells))
            writer.writerow(cells)
    return 0


def main(arguments: list[str]) -> int:
    """Set the limits, then read."""
    source, target, rows, columns, megabytes, seconds = arguments
    size = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    return convert(source, target, int(rows), int(columns))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
