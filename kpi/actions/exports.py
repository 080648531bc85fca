"""Tables of figures and the rows behind them that pages hand over as files (SEC-1; crm.core.exports does it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.exports import sheet_kind
from crm.core.exports.budget import rows_a_file

ROWS = sheet_kind("kpi_rows", _("Rows behind the figure"))
TABLE = sheet_kind("kpi_table", _("Table of figures"))
PAYROLL = sheet_kind("payroll", _("Payroll file"))
__all__ = ["PAYROLL", "ROWS", "TABLE", "Sheet", "rows_a_file"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be taken along; `key` names what it is of in the register of exports."""

    header: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    name: str
    key: str
