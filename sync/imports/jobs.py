"""An import as long work: page or call starts it, the worker does it; every row it writes can be found again."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.queries import names
from crm.core import attachments
from crm.core.db import origin, originating
from crm.core.delimited.jobs import stored_file, teller
from crm.core.delimited.openers import opener_of_attachment
from crm.core.jobs import JobRefused, Report, job
from crm.core.models import Job
from sync.imports.mapping import parse_mapping
from sync.imports.outcome import Failed
from sync.imports.run import Wanted, import_file

if TYPE_CHECKING:
    from crm.core.models import User

KIND = "import_file"


@job(KIND, label=_("Import"))
def run_import(started: Job, report: Report) -> AnyMapping[str, Any]:
    """Import the stored file by the mapping it was started with; a repeated run finds its rows unchanged."""
    params = started.params
    file, by = stored_file(started)
    act_as(by, params.get("caller"))
    failed = Failed()
    with traced(started), override(params.get("language") or by.language or None):
        outcome = import_file(
            opener_of_attachment(file),
            parse_mapping(params["mapping"]),
            by=by,
            now=timezone.now(),
            wanted=Wanted(is_dry=bool(params.get("is_dry")), atomic=bool(params.get("atomic"))),
            on_progress=report.progress,
            on_problem=teller(report),
            failed=failed,
        )
        if failed.rows:
            name = f"{file.name.rsplit('.', 1)[0]}-failed.csv"
            report.result_file(attachments.store_bytes(failed.as_csv(), name, "text/csv", by=by, now=timezone.now()))
    return outcome.as_json()


def act_as(by: User, caller: AnyMapping[str, Any] | None) -> None:
    """A client's import sees what its token saw, as its subtree is today; a closed client imports nothing any more."""
    if not caller:
        return
    from sync.authentication import caller_access  # which reads the clients' actions
    from sync.models import Client

    client = Client.unscoped.filter(pk=caller["client"], is_active=True).first()
    if client is None:
        raise JobRefused(_("This client has been closed."), code="closed")
    above = names.units_above(client.unit_id)
    units = None if len(above) == 1 else list(names.subtree(client.unit_id))
    by.__dict__["access"] = caller_access(by.pk, list(caller["scopes"]), units)


@contextmanager
def traced(started: Job) -> Iterator[str]:
    """Everything written inside carries a mark of this job in the change log, the same in every attempt.

    `since` bounds the search for it: no transaction of the job is older (mechanisms B: index on xid, seq).
    """
    params = started.params
    if "trace" not in params:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
            params = {**params, "trace": uuid4().hex, "since": cursor.fetchone()[0]}
        Job.objects.filter(pk=started.pk).update(params=params)
        started.params = params
    with originating(replace(origin(), request_id=params["trace"])):
        yield params["trace"]
