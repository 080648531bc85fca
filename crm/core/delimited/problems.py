"""What can be wrong with a file as a whole; a wrong row is a `RowProblem` and stops nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.wording import Text


class FileRefused(Invalid):
    """The file cannot be read as the table it claims to be; nothing of it is imported."""

    code = "file_refused"
    message = _("This file cannot be read.")

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str,
        row: int | None = None,
        column: int | str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.row, self.column = row, column
        super().__init__(message, code=code, field="file", params={**(params or {}), "row": row, "column": column})


def too_blank(row: int) -> FileRefused:
    """More blank lines than any table has: nobody waits until they are skipped (bad inputs 38)."""
    return FileRefused(_("The file has too many blank lines (row %(row)d)."), code="too_many_blank_lines", row=row)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row: the row as a spreadsheet counts it, the column of the file, the reason."""

    row: int
    column: str
    code: str
    message: Text
    value: str = ""
