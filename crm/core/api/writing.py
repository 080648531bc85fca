"""What every writing call has in common: taken leniently on demand, and one row in the sync log (CUS-10, sync-api)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.core.api import lenient
from crm.core.api.deprecation import headers_of
from crm.core.api.request import Machine

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
STATES = frozenset({"created", "updated", "unchanged", "stale", "failed"})


class Writing(APIView):
    """The part of a route that watches over its writes."""

    opened: ExitStack | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """DRF's way; what a call preferred ends with it."""
        with ExitStack() as self.opened:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once permitted: see how the caller wants it, and put the deed and its row in the log into one transaction."""
        super().initial(request, *args, **kwargs)
        if request.method not in WRITES:
            return
        if self.opened is not None and lenient.is_asked(request):
            self.opened.enter_context(lenient.taken())
        name = request.method.lower()
        work = getattr(self, name, None)
        if request.auth is not None and work is not None:
            setattr(self, name, partial(self._noted, work))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Name what was left out, and say when the route goes away."""
        if lenient.is_on() and response.status_code < 300:
            response["Preference-Applied"] = lenient.APPLIED
            data = getattr(response, "data", None)
            if isinstance(data, dict) and "items" not in data:
                data["ignored_fields"] = lenient.ignored()
        match = getattr(request, "resolver_match", None)
        for name, value in headers_of(match.view_name if match else "").items():
            response[name] = value
        return super().finalize_response(request, response, *args, **kwargs)

    def _noted(self, work: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        """The deed with its row in the sync log: both or neither."""
        began = time.monotonic()
        with transaction.atomic():
            response = work(request, *args, **kwargs)
            if isinstance(response, Response) and not _is_trial(request):
                machine = cast("Machine", request.auth)
                ms = int((time.monotonic() - began) * 1000)
                counts, ignored = _counts(response), _ignored(response)
                match = request.resolver_match
                machine.note_call((match.url_name if match else "") or "", counts, ignored, ms, timezone.now())
        return response


def _is_trial(request: Request) -> bool:
    return isinstance(request.data, Mapping) and bool(request.data.get("dry_run"))


def _rows(response: Response) -> list[Any] | None:
    items = response.data.get("items") if isinstance(response.data, dict) else None
    return items if isinstance(items, list) else None


def _counts(response: Response) -> Counter[str]:
    """How many rows came to what; a call without rows brings one."""
    rows = _rows(response)
    if rows is not None:
        states = Counter(row.get("status", "") for row in rows if isinstance(row, dict))
        if response.status_code == 422:  # all or nothing: nothing
            states = Counter({"failed": states["failed"]})
        found = Counter({name: states[name] for name in STATES})
        found["rows"] = len(rows)
    else:
        state = response.data.get("status") if isinstance(response.data, dict) else None
        if state not in STATES:
            state = "created" if response.status_code == 201 else "updated"
        found = Counter({state: 1, "rows": 1})
    if response.headers.get("Idempotency-Replayed"):
        found = Counter({"rows": found["rows"], "unchanged": found["rows"]})
    return found


def _ignored(response: Response) -> list[str]:
    names = dict.fromkeys(lenient.ignored())
    for row in _rows(response) or ():
        if isinstance(row, dict):
            names |= dict.fromkeys(row.get("ignored_fields", ()))
    return list(names)
