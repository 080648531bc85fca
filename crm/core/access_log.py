"""Looks, refusals, sign-ins, dials and downloads (SEC-1, SEC-4, CUS-8): one row each, never altered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from crm.core import shell
from crm.core.models import AccessLog, User

PAGE = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row of the log is about: the record with its address, the page with its route."""

    words: str
    url: str
    page: str
    route: str


def subject_of(row: AccessLog) -> Subject:
    """The record and the page of a row, in the words of the reader."""
    label, name = shell.navigation().SUBJECTS.get(row.subject_table, (row.subject_table, ""))
    url = reverse(name, args=[row.subject_id]) if name and row.subject_id else ""
    route = str(row.detail.get("route") or "")
    return Subject(str(label), url, shell.page_words(route), route)


def rows_of(
    *, kinds: Sequence[str] = (), person: str = "", before: int | None = None
) -> tuple[list[AccessLog], int | None]:
    """Rows newest first, and where the next page begins; `person` is a staff number or part of a name."""
    found = AccessLog.objects.select_related("user").order_by("-id")
    if kinds:
        found = found.filter(kind__in=kinds)
    if person:
        found = found.filter(Q(user__username__iexact=person) | Q(user__name__icontains=person))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def record(
    kind: str,
    user: User | AnonymousUser | None,
    *,
    at: datetime,
    subject_table: str = "",
    subject_id: int | None = None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    ip: str | None = None,
    request_id: str = "",
) -> AccessLog:
    """Write one row; without `ip` and `request_id` those of the request being served."""
    from crm.core.db import origin

    came_from = origin()
    return AccessLog.objects.create(
        at=at,
        kind=kind,
        user_id=user.pk if user is not None else None,
        subject_table=subject_table,
        subject_id=subject_id,
        reason=reason,
        detail=dict(detail or {}),
        ip=ip or came_from.ip,
        request_id=request_id or came_from.request_id,
    )


def record_request(request: HttpRequest, kind: str, *, at: datetime, **more: Any) -> None:
    """The same for a request: its user, and the route in `detail` (names only, no values of the query)."""
    match = request.resolver_match
    detail = {"route": match.view_name if match else "", "method": request.method, **more.pop("detail", {})}
    record(kind, request.user, at=at, detail=detail, **more)
