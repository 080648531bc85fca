"""What the sender says of a file, held against it before anything is written: how many rows, and a control sum."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import FileRefused
from crm.core.delimited.reader import blocks
from crm.core.delimited.shapes import Layout
from crm.core.text import narrow
from sync.imports.problems import MappingRefused


@dataclass(frozen=True)
class Expected:
    """How many rows a file has, and what a column of it sums up to; either may be left out."""

    rows: int | None = None
    column: str = ""
    total: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """As plain data, to be handed to a job."""
        plain = {"rows": self.rows, "column": self.column, "total": None if self.total is None else str(self.total)}
        return {name: value for name, value in plain.items() if value not in (None, "")}


def expected_of(raw: Any) -> Expected | None:
    """Check what was given: {"rows": 1000, "column": "amount", "total": "12345.67"}."""
    if not raw:
        return None
    is_known = isinstance(raw, dict) and set(raw) <= {"rows", "column", "total"}
    rows, column, total = (raw.get(name) for name in ("rows", "column", "total")) if is_known else (None, None, None)
    is_count = rows is None or (isinstance(rows, int) and not isinstance(rows, bool) and 0 <= rows < 10**9)
    if not is_known or not is_count or (column in (None, "")) != (total in (None, "")):
        raise MappingRefused(
            _("“expected” has rows, or a column and its total, or all three."), code="invalid_type", where="expected"
        )
    return Expected(rows, str(column or ""), _amount(str(total)) if column else None)


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text)
        if found.is_finite() and len(text) < 40:
            return found
    except InvalidOperation:
        pass
    raise MappingRefused(_("The control sum is not a number."), code="not_a_number", where="expected")


def hold_against(expected: Expected, opener: Opener, layout: Layout) -> None:
    """Read the file once and refuse it when it is not what was announced."""
    place = layout.position(expected.column) if expected.column else None
    if expected.column and place is None:
        raise FileRefused(
            _("The file has no column “%(name)s” to sum up."), code="unknown_column", params={"name": expected.column}
        )
    rows, total = 0, Decimal(0)
    for block in blocks(opener, layout):
        rows += len(block.rows) + len(block.problems)
        if place is not None:
            total += sum((_number(row[place]) for row in block.rows), Decimal(0))
    if expected.rows is not None and rows != expected.rows:
        raise FileRefused(
            _("The file has %(has)d rows and should have %(should)d. Nothing was imported."),
            code="row_count",
            params={"has": rows, "should": expected.rows},
        )
    if expected.total is not None and total != expected.total:
        raise FileRefused(
            _("“%(column)s” sums up to %(has)s and should to %(should)s. Nothing was imported."),
            code="control_sum",
            params={"column": expected.column, "has": str(total), "should": str(expected.total)},
        )


def _number(cell: str) -> Decimal:
    try:
        found = Decimal(narrow(cell).strip().replace(",", "") or 0)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)
