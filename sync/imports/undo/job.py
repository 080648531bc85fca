"""Undoing as long work of its own; run twice it finds nothing left to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.core.jobs import JobRefused, Report, job
from crm.core.models import Job
from sync.imports.jobs import act_as, traced
from sync.imports.mapping import parse_mapping
from sync.imports.undo.run import Undoing

KIND = "undo_import"


@job(KIND, label=_("Undoing an import"))
def run_undo(started: Job, report: Report) -> Mapping[str, Any]:
    """Take back what the import wrote, record by record; what somebody has changed since stays and is named."""
    by, imported = started.by, Job.objects.filter(pk=started.params["import"]).first()
    if by is None or imported is None or "trace" not in imported.params:
        raise JobRefused(_("There is no finished import to undo."), code="not_finished")
    act_as(by, started.params.get("caller"))
    kind = parse_mapping(imported.params["mapping"]).of
    with traced(started) as own_trace, override(started.params.get("language") or by.language or None):
        return Undoing(imported, kind, own_trace, by=by, now=timezone.now(), report=report).run()
