"""An import as long work: the page starts it, the worker does it, leaving the page loses nothing."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.core.delimited.openers import opener_of_attachment
from crm.core.delimited.problems import RowProblem
from crm.core.jobs import JobRefused, Report, job
from crm.core.models import Attachment, Job
from sync.imports.mapping import parse_mapping
from sync.imports.run import Wanted, import_customers

KIND = "import_customers"
MOST_LISTED = 20_000
"""So many failed rows are listed one by one; beyond that they are counted."""


@job(KIND, label=_("Import of customers"))
def run_import(started: Job, report: Report) -> AnyMapping[str, Any]:
    """Import the stored file by the mapping it was started with; a repeated run finds its rows unchanged."""
    params = started.params
    file = Attachment.objects.filter(pk=params["file"]).first()
    if file is None or started.by is None:
        raise JobRefused(_("The file is no longer there."), code="no_file")
    listed = 0

    def tell(problem: RowProblem) -> None:
        nonlocal listed
        listed += 1
        if listed <= MOST_LISTED:
            report.row_error(problem.row, problem.code, problem.message, column=problem.column, value=problem.value)

    with override(params.get("language") or started.by.language or None):
        outcome = import_customers(
            opener_of_attachment(file),
            parse_mapping(params["mapping"]),
            by=started.by,
            now=timezone.now(),
            wanted=Wanted(is_dry=bool(params.get("is_dry")), atomic=bool(params.get("atomic"))),
            on_progress=report.progress,
            on_problem=tell,
        )
    return outcome.as_json()
