"""Ordering a list as a file, approving it unmasked, fetching it (SEC-1, SEC-24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core import access_log
from crm.core.abilities import Access
from crm.core.addresses import COLUMNS
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.exports.register import APPROVES, TABLE, export_label, people
from crm.core.exports.rules import may_unmask
from crm.core.jobs import start_job
from crm.core.lists import ListKind, Rows, kind_of
from crm.core.models import Attachment, ExportFormat, ExportOrder, ExportState
from crm.core.notices import NoticeRow, notice_kind, notify
from crm.core.scope import Scope
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

KIND = "export"
KEPT = timedelta(hours=24)
LONGEST = 4000

notice_kind("export_asked", _("%(name)s asks for an unmasked export: %(label)s (%(purpose)s)"), icon="file-download")
notice_kind("export_approved", _("%(name)s has approved the export %(number)s: %(label)s"), icon="file-check")
notice_kind("export_refused", _("%(name)s has refused the export %(number)s: %(remark)s"), icon="file-x")
notice_kind("export_alarm", _("%(name)s has exported %(rows)d rows today, far more than usual"), icon="alert-triangle")
# ti-file-download ti-file-check ti-file-x


class ExportOver(DomainError):
    """The file was there for a day (410)."""

    code = "export_over"
    message = _("This file is no longer kept: order it again.")
    status = 410


def order_export(
    *,
    list_key: str,
    query: Mapping[str, str],
    columns: Sequence[str] = (),
    file_format: str = ExportFormat.CSV,
    reason: str,
    is_unmasked: bool = False,
    purpose: str = "",
    unit_id: int | None = None,
    by: User,
    now: datetime,
) -> ExportOrder:
    """SEC-1: no file without a reason, none of nothing; unmasked data with a purpose and somebody's approval."""
    kind = open_kind(by.access, list_key)
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    purpose = clean_text(purpose, field="purpose", max_length=500, blank=not is_unmasked)
    chosen = _columns(kind, columns)
    query = {name: value for name, value in query.items() if name not in (COLUMNS, *kind.own) and value}
    if file_format not in ExportFormat.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="file_format")
    is_unmasked = is_unmasked and _unmasks(kind, chosen, by.access)
    if first_row(kind, by, query, chosen) is None:
        raise Invalid(_("Nothing matches, so there is nothing to export."), code="nothing_to_export", field="reason")
    unit, staff = people().place_of(by)
    with write(by=by):
        order = ExportOrder.unscoped.create(
            list_key=list_key, query=_kept(query), columns=list(chosen), file_format=file_format, reason=reason,
            language=get_language() or "zh-hans", is_unmasked=is_unmasked, purpose=purpose if is_unmasked else "",
            state=ExportState.REQUESTED if is_unmasked else ExportState.MAKING, by=by, limits=_limits(by),
            unit_id=unit_id or unit, staff_id=staff, requested_at=now,
        )  # fmt: skip
        if is_unmasked:
            _ask(order, now)
        else:
            _make(order, by=by, now=now)
    return order


def open_kind(access: Access, list_key: str) -> ListKind:
    """A list that has a file and that this person may open."""
    kind = kind_of(list_key)
    if kind is None or kind.rows is None:
        raise NotFound(_("There is no such list."), field="list")
    if not kind.is_open_to(access):
        raise NotAllowed
    return kind


def first_row(kind: ListKind, by: User, query: Mapping[str, str], columns: Sequence[str]) -> tuple[Any, ...] | None:
    """The first row, always masked: it says whether the address can be read and whether there is anything."""
    return next(iter(rows_of(kind)(by, query, columns, False)), None)


def rows_of(kind: ListKind) -> Rows:
    """How the rows of a list are read."""
    if kind.rows is None:
        raise NotFound(_("There is no such list."), field="list")
    return kind.rows


def _columns(kind: ListKind, columns: Sequence[str]) -> tuple[str, ...]:
    if unknown := kind.unknown(columns):
        raise Invalid(
            _("The list has no column “%(name)s”; it has: %(known)s."),
            code="unknown_column",
            field="columns",
            params={"name": unknown[0][:40], "known": ", ".join(kind.by_key)},
        )
    return kind.in_order(columns or kind.defaults)


def _unmasks(kind: ListKind, columns: Sequence[str], access: Access) -> bool:
    """Whether there is anything to unmask; who could not look at it on a page does not get it in a file."""
    classes = {kind.by_key[key].personal for key in columns} - {""}
    if not may_unmask(access.abilities, classes):
        raise NotAllowed(_("You may not see these columns in full."), field="is_unmasked")
    return bool(classes)


def _kept(query: Mapping[str, str]) -> str:
    text = urlencode(dict(query))
    if len(text) > LONGEST:
        raise Invalid(_("The address of the list is too long."), code="too_long", field="list")
    return text


def query_of(order: ExportOrder) -> dict[str, str]:
    """The filters of an order, as the list reads them."""
    return {name: str(value) for name, value in QueryDict(order.query).items()}


def _limits(by: User) -> dict[str, Any]:
    """What a token let its client do: the file is made later, by a worker that knows no token."""
    if not by.is_service:
        return {}
    scope = by.access.all_scope
    return {
        "abilities": sorted(by.access.abilities),
        "everything": scope.everything,
        "unit_ids": list(scope.unit_ids),
    }


def access_of(order: ExportOrder) -> Access:
    """What the person may see when the file is made; of a client, what its token let it see."""
    if not order.limits:
        return order.by.access
    scope = Scope(everything=order.limits["everything"], unit_ids=tuple(order.limits["unit_ids"]))
    abilities = frozenset(order.limits["abilities"])
    made = Access(user_id=order.by_id, abilities=abilities, scopes=dict.fromkeys(abilities, scope))
    return replace(made, roles=frozenset({"api_client"}), all_scope=scope)


def _make(order: ExportOrder, *, by: User, now: datetime) -> None:
    """Registered and on its way: the row in the access log, and the job."""
    access_log.record(
        "export", order.by, at=now, subject_table=TABLE, subject_id=order.pk, reason=order.reason,
        detail={"list": order.list_key, "filters": sorted(query_of(order)), "unmasked": order.is_unmasked},
    )  # fmt: skip
    order.job = start_job(KIND, {"order": order.pk}, by=by, now=now)
    order.save(update_fields=["job"])


def _ask(order: ExportOrder, now: datetime) -> None:
    if order.unit_id is None:
        return
    params = {"name": order.by.name, "label": export_label(order.list_key), "purpose": order.purpose}
    told = people().users_who_may(APPROVES, order.unit_id, timezone.localdate(now))
    url = f"/exports/{order.pk}/"
    rows = [NoticeRow(user, "export_asked", TABLE, order.pk, "", params, url) for user in told if user != order.by_id]
    notify(rows, now)


def decide_export(*, order_id: int, grant: bool, remark: str, by: User, now: datetime) -> ExportOrder:
    """SEC-24, safety 1.5: unmasked data leave only when somebody else has approved it."""
    remark = clean_text(remark, field="remark", max_length=200, blank=True)
    with write(by=by):
        rows = ExportOrder.visible_to(by.access.scope_for(APPROVES)).select_related("by")
        order = rows.filter(pk=order_id).select_for_update(of=("self",)).first()
        if order is None:
            raise NotFound
        refuse_own(by.pk, order.by_id)
        if order.state != ExportState.REQUESTED:
            raise Conflict(_("This has been decided already."), code="decided")
        if not grant and not remark:
            raise Invalid(_("Say why you refuse."), code="required", field="remark")
        order.state = ExportState.MAKING if grant else ExportState.REFUSED
        order.decided_by, order.decided_at, order.remark = by, now, remark
        order.save(update_fields=["state", "decided_by", "decided_at", "remark"])
        if grant:
            _make(order, by=order.by, now=now)
        params = {"name": by.name, "number": str(order), "label": export_label(order.list_key), "remark": remark}
        kind = "export_approved" if grant else "export_refused"
        notify([NoticeRow(order.by_id, kind, TABLE, order.pk, "", params, f"/exports/{order.pk}/")], now)
    return order


def fetch_export(*, order_id: int, by: User, now: datetime) -> Attachment:
    """The file, for who asked for it and nobody else, for a day; each download is logged."""
    order = ExportOrder.unscoped.select_related("file").filter(pk=order_id, by=by).first()
    if order is None:
        raise NotFound
    is_late = order.state == ExportState.READY and (order.expires_at is None or order.expires_at <= now)
    if order.state == ExportState.EXPIRED or is_late:
        raise ExportOver
    if order.state != ExportState.READY or order.file is None:
        raise Conflict(_("The file is not ready."), code="not_ready")
    access_log.record("download", by, at=now, subject_table=TABLE, subject_id=order.pk, reason=order.reason)
    return order.file
