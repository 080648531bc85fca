"""What every import does as long work: the stored file, and its bad rows told one by one, up to a number."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from crm.core.delimited.problems import RowProblem
from crm.core.jobs import JobRefused, Report
from crm.core.models import Attachment, Job, User

MOST_LISTED = 20_000
"""So many failed rows are listed one by one; beyond that they are counted."""


def stored_file(started: Job) -> tuple[Attachment, User]:
    """The file the job was started with, and by whom; JobRefused when it is gone."""
    file = Attachment.objects.filter(pk=started.params["file"]).first()
    if file is None or started.by is None:
        raise JobRefused(_("The file is no longer there."), code="no_file")
    return file, started.by


def teller(report: Report) -> Callable[[RowProblem], None]:
    """Lists bad rows with the job."""
    listed = 0

    def tell(problem: RowProblem) -> None:
        nonlocal listed
        listed += 1
        if listed <= MOST_LISTED:
            report.row_error(problem.row, problem.code, problem.message, column=problem.column, value=problem.value)

    return tell
