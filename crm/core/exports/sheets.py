"""Small tables that a page has reckoned itself: registered and handed over at once (SEC-1)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.core import access_log
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.exports import cells
from crm.core.exports.budget import TooMany, count_rows, rows_a_file
from crm.core.exports.making import keep_file, mark_of
from crm.core.exports.orders import KEPT
from crm.core.exports.register import TABLE, people
from crm.core.models import Attachment, ExportOrder, ExportState
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User


def take_along(
    *,
    key: str,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    reason: str,
    by: User,
    now: datetime,
) -> Attachment:
    """SEC-1: a reason, at least one row, not more than a file has; every row says who took it. Sums need no canary."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    if not rows:
        raise Invalid(_("There is nothing to export."), code="nothing_to_export", field="reason")
    if len(rows) > rows_a_file():
        raise TooMany(rows_a_file())
    unit, staff = people().place_of(by)
    with write(by=by):
        order = ExportOrder.unscoped.create(
            list_key=key, reason=reason, language=get_language() or "zh-hans", by=by, unit_id=unit, staff_id=staff,
            requested_at=now,
        )  # fmt: skip
        count_rows(order, len(rows), now=now)
        mark, file = mark_of(order, now), io.BytesIO()
        cells.write_csv(file, [*header, _("Taken by")], [(*row, mark) for row in rows])
        order.file = keep_file(order, File(file, name=f"{name}-{order}.csv"), now=now)
        order.state, order.rows = ExportState.READY, len(rows)
        order.made_at, order.expires_at = now, now + KEPT
        order.save()
        access_log.record(
            "export", by, at=now, subject_table=TABLE, subject_id=order.pk, reason=reason,
            detail={"list": key, "rows": len(rows), "file": name},
        )  # fmt: skip
        access_log.record("download", by, at=now, subject_table=TABLE, subject_id=order.pk, reason=reason)
    return order.file
