"""A file of an operator's own columns: handed in by a person, read by the worker (RET-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from crm.core import attachments
from crm.core.db import write
from crm.core.delimited.jobs import stored_file
from crm.core.delimited.openers import opener_of_attachment, opener_of_upload
from crm.core.delimited.reader import blocks, inspect
from crm.core.delimited.unpack import plain_table
from crm.core.errors import DomainError, Invalid
from crm.core.jobs import JobRefused, Report, job, start_job
from crm.core.models import Job
from retention.actions.columns import MANAGES, MOST_ROWS, take_columns

if TYPE_CHECKING:
    from crm.core.models import User

KIND = "import_columns"
MOST_BYTES = 64 * 1024 * 1024
CHUNK = 5_000
USUAL = ("number", "customer_number", "customer", "客户编号", "客户号码", "客户编码", "customerid", "customer_id", "id")
"""What the column that names the customer is mostly called, the surest first."""


def take_file(
    *, file: UploadedFile[Any], customer: str, source: str, as_of: date, are_features: bool, by: User, now: datetime
) -> Job:
    """Keep an uploaded table (CSV, workbook, gzip, JSON lines) and let the worker take its columns."""
    must(by, MANAGES)
    with plain_table(file, max_bytes=MOST_BYTES) as table:
        opener = opener_of_upload(table)
        layout = inspect(opener, max_bytes=MOST_BYTES)
        column = column_of_customer(layout.header, customer)
        next(blocks(opener, layout, 1))
        table.seek(0)
        kinds = frozenset({attachments.CSV, attachments.TEXT})
        with write(by=by):
            kept = attachments.store(table, by=by, now=now, kinds=kinds, max_bytes=MOST_BYTES)
            about = {"file": kept.pk, "name": kept.name, "customer": column, "source": source}
            about |= {"as_of": as_of.isoformat(), "are_features": are_features}
            return start_job(KIND, about, by=by, now=now)


def column_of_customer(header: Iterable[str], wanted: str) -> str:
    """The heading that names the customer: the one that was given, else what it is mostly called."""
    known = {name.strip().casefold(): name for name in header}
    for name in (wanted.strip().casefold(),) if wanted.strip() else USUAL:
        if name in known:
            return known[name]
    raise Invalid(
        _("No column names the customer; the headings are: %(names)s."), code="required", field="customer",
        params={"names": ", ".join(known.values())[:300]},
    )  # fmt: skip


@job(KIND, label=_("Import of columns for the risk score"), ability=MANAGES)
def import_columns(started: Job, report: Report) -> Mapping[str, Any]:
    """Read the stored file and take its columns; again is the same as once."""
    file, by = stored_file(started)
    opener = opener_of_attachment(file)
    layout = inspect(opener, max_bytes=MOST_BYTES)
    rows: list[dict[str, str]] = []
    for block in blocks(opener, layout, CHUNK):
        rows += [dict(zip(layout.header, cells, strict=False)) for cells in block.rows]
        report.progress(block.bytes_done, layout.size, _("Reading rows"))
        if len(rows) > MOST_ROWS:
            raise JobRefused(_("This file is too large."), code="too_large")
    params = started.params
    try:
        done = take_columns(
            rows, customer=params["customer"], source=params["source"], as_of=date.fromisoformat(params["as_of"]),
            are_features=bool(params["are_features"]), by=by, now=started.created_at,
        )  # fmt: skip
    except DomainError as refused:
        raise JobRefused(refused.text, code=refused.code) from refused
    return {"rows": len(rows), "columns": done.columns, "values": done.values}
