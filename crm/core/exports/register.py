"""The register of exports: who sees which, what waits for whom, how much somebody took along (SEC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import Promise

from crm.core.errors import NotFound
from crm.core.lists import kind_of
from crm.core.models import AccessLog, ExportOrder, ExportState
from crm.core.scope import Scope

if TYPE_CHECKING:
    from crm.core.abilities import Access
    from crm.core.models import User

APPROVES, AUDITS = "approve_exports", "view_history"
TABLE = "core_exportorder"
PAGE = 50
DAYS = 30
_sheets: dict[str, str | Promise] = {}


def people() -> Any:
    """The module that knows who decides in a unit; it lies above core and is named in the settings."""
    return import_module(settings.DECIDERS)


def sheet_kind(key: str, label: str | Promise) -> str:
    """Name a table that pages hand over at once; called when an app is ready."""
    _sheets[key] = label
    return key


def export_label(key: str) -> str:
    """What an export is of."""
    kind = kind_of(key)
    return str(kind.label) if kind else str(_sheets.get(key, key))


def _seen(access: Access) -> Scope:
    return access.scope_for(AUDITS).union(access.scope_for(APPROVES))


def _visible(access: Access) -> QuerySet[ExportOrder]:
    """One's own, and those of the people whose records one audits or whose exports one approves."""
    scope = _seen(access)
    rows = ExportOrder.unscoped.all()
    if not scope.everything:
        condition = scope.q(**ExportOrder.SCOPE_PATHS)
        mine = Q(by_id=access.user_id)
        rows = rows.filter(mine if condition is None else mine | condition)
    return rows.select_related("by", "decided_by", "job")


def orders_of(
    access: Access, *, state: str = "", search: str = "", before: int | None = None, now: datetime
) -> tuple[Sequence[ExportOrder], int | None]:
    """The register, newest first; a search finds a number (E12), a person or the made-up row of a found file."""
    rows = _visible(access)
    if state == ExportState.EXPIRED:
        rows = rows.filter(Q(state=state) | Q(state=ExportState.READY, expires_at__lte=now))
    elif state == ExportState.READY:
        rows = rows.filter(state=state, expires_at__gt=now)
    elif state:
        rows = rows.filter(state=state)
    if search:
        number = search.lstrip("Ee")
        found = Q(canary__contains=search) | Q(by__name__icontains=search) | Q(by__username__iexact=search)
        rows = rows.filter(found | Q(pk=int(number)) if number.isascii() and number.isdigit() else found)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found_rows = list(rows.order_by("-pk")[: PAGE + 1])
    return found_rows[:PAGE], found_rows[PAGE - 1].pk if len(found_rows) > PAGE else None


def order_for(access: Access, order_id: int) -> ExportOrder:
    """One export; 404 where it is out of sight."""
    row = _visible(access).filter(pk=order_id).first()
    if row is None:
        raise NotFound
    return row


def downloads_of(order_ids: Sequence[int]) -> dict[int, int]:
    """How often each file was fetched, by the access log."""
    rows = AccessLog.objects.filter(kind="download", subject_table=TABLE, subject_id__in=list(order_ids))
    return dict(rows.values_list("subject_id").annotate(number=Count("id")).order_by())


def waiting_orders(access: Access) -> list[ExportOrder]:
    """What waits for this person's approval, the oldest first."""
    rows = ExportOrder.visible_to(access.scope_for(APPROVES)).filter(state=ExportState.REQUESTED)
    return list(rows.select_related("by").order_by("pk")[:PAGE])


def rows_by_day(by: User, today: date) -> dict[date, int]:
    """How many rows somebody took along on each of the last days, today among them."""
    since = timezone.make_aware(datetime.combine(today - timedelta(days=DAYS), time.min))
    taken = ExportOrder.unscoped.filter(by=by, requested_at__gte=since, rows__gt=0)
    days = taken.annotate(day=TruncDate("requested_at")).values_list("day").annotate(total=Sum("rows"))
    return dict(days)
