"""Many entered results at once from a file: good rows are kept, bad ones come back with their reason (issue 5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from crm.core.db import write
from crm.core.errors import DomainError, FieldProblem, Invalid
from crm.core.text import narrow, refuse_characters
from kpi.actions.entries import Given, enter_result
from kpi.models import Indicator
from kpi.queries.entries import enterable
from kpi.rules.entry_text import read_number, read_period

if TYPE_CHECKING:
    from crm.core.models import User

MOST_ROWS = 2000
MOST_BYTES = 2 * 1024 * 1024
COLUMNS: dict[str, str | Promise] = {
    "indicator": gettext_lazy("Indicator"),
    "period": gettext_lazy("Period"),
    "unit": gettext_lazy("Unit code"),
    "staff": gettext_lazy("Staff number"),
    "numerator": gettext_lazy("Numerator"),
    "denominator": gettext_lazy("Denominator"),
    "evidence": gettext_lazy("Evidence"),
}
CHINESE = {
    "指标": "indicator", "周期": "period", "单位编码": "unit", "单位": "unit", "工号": "staff", "分子": "numerator",
    "分母": "denominator", "依据": "evidence", "佐证": "evidence",
}  # fmt: skip
NEEDED = frozenset(COLUMNS) - {"staff"}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of the file that was not kept: where, which column, why."""

    number: int
    column: str
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a file."""

    kept: int
    bad: list[BadRow]


def enter_file(*, file: File[Any], by: User, now: datetime) -> Read:
    """Every good row waits for its signature afterwards, every bad one is named; nothing is guessed."""
    header, rows = _table(file)
    indicators = {row.code.upper(): row for row in enterable()}
    kept, bad = 0, []
    for number, cells in rows:
        values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        try:
            with write(by=by):
                enter_result(_given(values, indicators), by=by, now=now)
            kept += 1
        except DomainError as refusal:
            bad += [_bad(number, cells, problem) for problem in refusal.problems]
    return Read(kept, bad)


def _bad(number: int, cells: Sequence[str], problem: FieldProblem) -> BadRow:
    column = {"unit_id": "unit", "manager_id": "staff", "indicator_id": "indicator"}.get(problem.field, problem.field)
    return BadRow(number, str(COLUMNS.get(column, "")), str(problem.message), tuple(cells))


def _given(values: Mapping[str, str], indicators: Mapping[str, Indicator]) -> Given:
    """One row; everything that is wrong with it at once."""
    for name, text in values.items():
        refuse_characters(text, name)
    row = indicators.get(narrow(values.get("indicator", "")).upper())
    problems = [] if row else [_problem("indicator", _("There is no such indicator to be entered."))]
    period_on = read_period(row.period, narrow(values.get("period", ""))) if row else None
    if row and period_on is None:
        problems.append(_problem("period", _("Write a month as 2026-04, a quarter as 2026Q2, a year as 2026.")))
    unit_id = names.unit_id_by_code(values.get("unit", ""))
    if unit_id is None:
        problems.append(_problem("unit", _("There is no such unit code.")))
    manager_id = names.staff_id_by_number(values["staff"]) if values.get("staff") else None
    if values.get("staff") and manager_id is None:
        problems.append(_problem("staff", _("There is no such staff number.")))
    numbers = {name: read_number(narrow(values.get(name, ""))) for name in ("numerator", "denominator")}
    problems += [
        _problem(name, _("This is not a number with at most two decimals."))
        for name, value in numbers.items() if value is None
    ]  # fmt: skip
    numerator, denominator = numbers["numerator"], numbers["denominator"]
    if problems or row is None or period_on is None or unit_id is None or numerator is None or denominator is None:
        raise Invalid(errors=problems)
    return Given(row, period_on, unit_id, manager_id, numerator, denominator, values.get("evidence", ""))


def _problem(field: str, message: str) -> FieldProblem:
    return FieldProblem(field, "invalid", message)


def _table(file: File[Any]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns and the rows with their numbers in the file."""
    if (file.size or 0) > MOST_BYTES:
        raise Invalid(
            _("The file is too large: at most %(max)d MB."), code="too_large", field="file",
            params={"max": MOST_BYTES // 1024 // 1024},
        )  # fmt: skip
    try:
        lines = list(csv.reader(io.StringIO(_decoded(file.read())), strict=True))
    except csv.Error as broken:
        raise Invalid(_("The file is no table of comma separated values."), code="invalid", field="file") from broken
    rows = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cell.strip() for cell in cells)]
    if not rows:
        raise Invalid(_("The file is empty."), code="empty_file", field="file")
    header = [_column(cell) for cell in rows[0][1]]
    missing = [str(COLUMNS[name]) for name in COLUMNS if name in NEEDED and name not in header]
    if missing:
        raise Invalid(
            _("These columns are missing: %(columns)s."), code="no_column", field="file",
            params={"columns": ", ".join(missing)},
        )  # fmt: skip
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid(
            _("At most %(max)d rows at once."), code="too_many", field="file", params={"max": MOST_ROWS}
        )  # fmt: skip
    return header, rows[1:]


def _column(cell: str) -> str:
    text = cell.strip().lstrip("\ufeff")
    return CHINESE.get(text, narrow(text).lower())


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else what Chinese spreadsheets write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("The file is no table of comma separated values."), code="invalid", field="file")
