"""An import as long work: the page starts it, the worker does it, leaving the page loses nothing."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.core.delimited.jobs import stored_file, teller
from crm.core.delimited.openers import opener_of_attachment
from crm.core.jobs import Report, job
from crm.core.models import Job
from sync.imports.mapping import parse_mapping
from sync.imports.run import Wanted, import_customers

KIND = "import_customers"


@job(KIND, label=_("Import of customers"))
def run_import(started: Job, report: Report) -> AnyMapping[str, Any]:
    """Import the stored file by the mapping it was started with; a repeated run finds its rows unchanged."""
    params = started.params
    file, by = stored_file(started)
    with override(params.get("language") or by.language or None):
        outcome = import_customers(
            opener_of_attachment(file),
            parse_mapping(params["mapping"]),
            by=by,
            now=timezone.now(),
            wanted=Wanted(is_dry=bool(params.get("is_dry")), atomic=bool(params.get("atomic"))),
            on_progress=report.progress,
            on_problem=teller(report),
        )
    return outcome.as_json()
