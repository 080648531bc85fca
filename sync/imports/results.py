"""The failed rows as a file, and what an import says at its end."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from crm.core.delimited.problems import RowProblem
from crm.core.views.jobs import safe_cell

SHOWN = 10


@dataclass
class FailedRows:
    """Writes problems to a CSV file as they come: row, column, code, reason, masked value; safe in a spreadsheet."""

    path: Path
    first: list[RowProblem] = field(default_factory=list)
    _file: TextIO | None = None

    def add(self, problem: RowProblem) -> None:
        """One more problem; the file comes into being with the first."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._write(_("row"), _("column"), _("code"), _("reason"), _("value"))
        self._write(problem.row, problem.column, problem.code, problem.message, problem.value)
        if len(self.first) < SHOWN:
            self.first.append(problem)

    def _write(self, *cells: object) -> None:
        if self._file is not None:
            csv.writer(self._file).writerow([safe_cell(cell) for cell in cells])

    def close(self) -> bool:
        """Whether there was any."""
        if self._file is not None:
            self._file.close()
        return self._file is not None
