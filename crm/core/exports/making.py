"""The job that makes the file of an order, row by row, with its mark and its made-up row (SEC-1)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import attachments
from crm.core.db import write
from crm.core.errors import DomainError
from crm.core.exports import cells
from crm.core.exports.budget import TooMany, count_rows, rows_a_file
from crm.core.exports.orders import KEPT, KIND, access_of, open_kind, query_of, rows_of
from crm.core.exports.register import export_label
from crm.core.exports.rules import canary_of
from crm.core.jobs import JobRefused, Report, job
from crm.core.lists import ListColumn
from crm.core.models import Attachment, ExportFormat, ExportOrder, ExportState, Job
from crm.core.text import mask_phone

CANARY_PHONE = "170000"


@job(KIND, label=gettext_lazy("Export"), page=lambda found: f"/exports/{found.params['order']}/")
def make_export(job: Job, report: Report) -> dict[str, Any]:
    """Make the file and keep it for a day; run again, an order that is ready stays as it is."""
    order = ExportOrder.unscoped.select_related("by").get(pk=job.params["order"])
    if order.state != ExportState.MAKING:
        return {"rows": order.rows or 0}
    try:
        with translation.override(order.language):
            return {"rows": _make(order, report)}
    except DomainError as refusal:
        with translation.override(order.language):
            words = str(refusal)
        with write(by=order.by):
            ExportOrder.unscoped.filter(pk=order.pk).update(state=ExportState.FAILED, error=words[:300])
        raise JobRefused(words) from refusal


def mark_of(order: ExportOrder, now: datetime) -> str:
    """What stands on every row and sheet: the number of the register, who took it and when."""
    return f"{order} {order.by.name} {order.by.username} {timezone.localtime(now):%Y-%m-%d %H:%M}"


def _make(order: ExportOrder, report: Report) -> int:
    now, by = timezone.now(), order.by
    by.__dict__["access"] = access_of(order)
    kind = open_kind(by.access, order.list_key)
    columns = [kind.by_key[key] for key in order.columns]
    order.canary = canary_of(order.pk, settings.SECRET_KEY)
    counted = _Counted(rows_of(kind)(by, query_of(order), order.columns, order.is_unmasked), report)
    mark = mark_of(order, now)
    rows = ((*row, mark) for row in with_canary(counted, canary_row(order, columns), order.pk % 17))
    header = [*(str(column.label) for column in columns), _("Taken by")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{order.list_key}-{order}.{order.file_format}"
        if order.file_format == ExportFormat.XLSX:
            cells.write_xlsx(path, header, rows, mark=mark, about=_about(order, now))
        else:
            with path.open("wb") as file:
                cells.write_csv(file, header, rows)
        if not counted.number:
            raise JobRefused(_("Nothing matches, so there is nothing to export."), code="nothing_to_export")
        with path.open("rb") as made, write(by=by):
            count_rows(order, counted.number, now=now)
            kept = keep_file(order, File(made, name=path.name), now=now)
            order.state, order.file, order.rows = ExportState.READY, kept, counted.number
            order.made_at, order.expires_at = now, now + KEPT
            order.save(update_fields=["state", "file", "rows", "canary", "made_at", "expires_at"])
    return counted.number


def keep_file(order: ExportOrder, file: File[Any], *, now: datetime) -> Attachment:
    """Keep what was made, under its own name; it is internal like every new file (SEC-2)."""
    kind = cells.XLSX_TYPE if order.file_format == ExportFormat.XLSX else cells.CSV_TYPE
    return attachments.store_made(file, str(file.name), kind, by=order.by, now=now)


class _Counted:
    """The rows of a list, counted as they pass; more than a file may have are refused."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], report: Report) -> None:
        self._rows, self._report, self.number = rows, report, 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        limit = rows_a_file()
        for row in self._rows:
            self.number += 1
            if self.number > limit:
                raise TooMany(limit)
            if self.number % 1000 == 0:
                self._report.progress(self.number)
            yield row


def with_canary(
    rows: _Counted | Sequence[tuple[Any, ...]], canary: tuple[Any, ...], place: int
) -> Iterator[tuple[Any, ...]]:
    """The made-up row somewhere among the first ones; nowhere when there are none."""
    waiting = [canary]
    has_rows = False
    for number, row in enumerate(rows):
        has_rows = True
        if number == place:
            yield waiting.pop()
        yield row
    yield from chain(waiting if has_rows else ())


def canary_row(order: ExportOrder, columns: Sequence[ListColumn]) -> tuple[Any, ...]:
    """A row like the others, of somebody who does not exist."""
    phone = f"{CANARY_PHONE}{order.pk % 100_000:05d}"
    named = next((column.key for column in columns if column.is_fixed), columns[0].key)
    known = {named: order.canary, "phone": phone if order.is_unmasked else mask_phone(phone)}
    return tuple(known.get(column.key) for column in columns)


def _about(order: ExportOrder, now: datetime) -> list[tuple[str, str]]:
    return [
        (_("Registration"), str(order)),
        (_("List"), export_label(order.list_key)),
        (_("Taken by"), f"{order.by.name} {order.by.username}"),
        (_("Time"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("Reason"), order.reason),
        (_("Purpose"), order.purpose),
        (_("Filters"), order.query),
        (_("Personal data"), _("in full") if order.is_unmasked else _("masked")),
    ]


def forget_old_exports(*, now: datetime) -> int:
    """The night removes the files whose day is over; the rows of the register stay."""
    over = ExportOrder.unscoped.select_related("file").filter(state=ExportState.READY, expires_at__lte=now)
    rows = list(over.order_by("pk"))
    for order in rows:
        file = order.file
        with write(label="system:exports"):
            ExportOrder.unscoped.filter(pk=order.pk).update(state=ExportState.EXPIRED, file=None)
            if file is not None:
                attachments.remove(file, by=None)
    return len(rows)
