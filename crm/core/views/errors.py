"""Pages of things gone wrong: one sentence, what to do next, the request id; problem documents for machines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from crm.core.api.problem import MEDIA_TYPE, body
from crm.core.errors import DomainError
from crm.core.middleware import is_htmx, wants_json

TEMPLATES = {400: "400.html", 403: "403.html", 404: "404.html", 409: "409.html", 429: "429.html"}


def answer(
    request: HttpRequest,
    status: int,
    text: str,
    *,
    code: str,
    template: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The same refusal as page or as problem document."""
    if wants_json(request) or is_htmx(request):
        # htmx too: the frame's script shows `detail` in its banner and swaps nothing
        return JsonResponse(body(request, status, code, text, extra=extra), status=status, content_type=MEDIA_TYPE)
    context = {"status": status, "detail": text, "code": code, **(extra or {})}
    return render(request, template or TEMPLATES.get(status, "400.html"), context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; our own sentence when the fault is one of ours, none of Django's."""
    ours = type(exception).__module__.startswith("crm.")
    return answer(request, 400, str(exception) if ours else "", code="bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return answer(request, 403, _("You may not do this."), code="not_allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: gone, never there, or not visible to this person; the answer is the same."""
    return answer(request, 404, _("There is no such record."), code="not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: must work when nothing else does."""
    text = _("Something went wrong on our side. Please try again.")
    if wants_json(request) or is_htmx(request):
        return JsonResponse(body(request, 500, "internal", text), status=500, content_type=MEDIA_TYPE)
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for an old or foreign form token: nothing typed is lost, the browser's back key has it."""
    text = _("The page is out of date, reload.")
    return answer(request, 403, text, code="csrf_failed", template="403_csrf.html")


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """What an action would not do and no form showed: by its own status (decisions 13)."""
    current = getattr(refusal, "current", None)
    return answer(
        request, refusal.status, str(refusal), code=refusal.code, extra={"current": current} if current else None
    )
