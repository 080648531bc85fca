"""A sales file as long work: the page starts it, the worker does it, leaving the page loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.core import attachments
from crm.core.delimited.jobs import stored_file, teller
from crm.core.delimited.openers import opener_of_attachment
from crm.core.jobs import Report, job
from crm.core.models import Job
from sales.imports.run import Who, import_file

KIND = "import_sales"
MAY = "import_sales"


@job(KIND, label=_("Import of sales"))
def run_import(started: Job, report: Report) -> Mapping[str, Any]:
    """Carry out or try the stored file; a repeated run finds its rows unchanged."""
    params = started.params
    file, by = stored_file(started)
    now = timezone.now()
    who = Who(by.access.scope_for(MAY), by, now, params["source"])
    with override(params.get("language") or by.language or None):
        outcome, failed = import_file(
            opener_of_attachment(file),
            who,
            is_dry=bool(params.get("is_dry")),
            on_progress=lambda done, size: report.progress(done, size, _("Reading rows")),
            on_problem=teller(report),
        )
        if failed.rows:
            name = f"{file.name.rsplit('.', 1)[0]}-failed.csv"
            report.result_file(attachments.store_bytes(failed.as_csv(), name, "text/csv", by=by, now=timezone.now()))
    return outcome.as_json()
