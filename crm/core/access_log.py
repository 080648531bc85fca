"""Looks, refusals, sign-ins, dials and downloads (SEC-1, SEC-4, CUS-8): one row each, never altered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from crm.core.models import AccessLog, User


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
) -> None:
    """Write one row; without `ip` and `request_id` those of the request being served."""
    from crm.core.db import origin

    came_from = origin()
    AccessLog.objects.create(
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
    record(kind, request.user, at=at, detail=detail, **more)  # type: ignore[arg-type]
