"""Pages of things gone wrong: one sentence, what to do next, the request id; problem documents for machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from crm.core.api.problem import MEDIA_TYPE, body
from crm.core.errors import DomainError, FieldProblem
from crm.core.middleware import is_htmx, wants_json


def answer(
    request: HttpRequest,
    status: int,
    text: str,
    *,
    code: str,
    title: str = "",
    problems: Sequence[FieldProblem] = (),
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The same refusal as page or as problem document."""
    if wants_json(request) or is_htmx(request):
        # htmx too: the frame's script shows `detail` in its banner and swaps nothing
        told = body(request, status, code, text, problems, extra)
        return JsonResponse(told, status=status, content_type=MEDIA_TYPE)
    context = {"status": status, "title": title or title_of(status), "text": text, "code": code, **(extra or {})}
    context["problems"] = problems
    return render(request, "core/error.html", context, status=status)


def title_of(status: int) -> str:
    """The heading of an error page."""
    titles = {
        400: _("This address or form is not right"),
        403: _("You may not open this"),
        404: _("There is nothing here"),
        409: _("Somebody saved this before you"),
        410: _("This customer stands under another number now"),
        429: _("That was too often"),
    }
    return titles.get(status, _("This cannot be done"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; our own sentence when the fault is one of ours, none of Django's."""
    is_ours = type(exception).__module__.startswith("crm.")
    text = str(exception) if is_ours else _("Please start again from the list.")
    return answer(request, 400, text, code=getattr(exception, "code", "bad_request") if is_ours else "bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    text = _("Your role does not include it. If you need it, ask your supervisor.")
    return answer(request, 403, text, code="not_allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: gone, never there, or not visible to this person; the answer is the same."""
    text = _("The address is wrong, or what was here is not visible to you.")
    return answer(request, 404, text, code="not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: must work when nothing else does."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status, code = (503, "unavailable") if is_away else (500, "internal")
    if wants_json(request) or is_htmx(request):
        text = _("Something went wrong on our side. Please try again.")
        answered: HttpResponse = JsonResponse(body(request, status, code, text), status=status, content_type=MEDIA_TYPE)
    else:
        answered = defaults.server_error(request)
        answered.status_code = status
    if is_away:
        answered["Retry-After"] = "5"
    return answered


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for an old or foreign form token; what was typed is kept in the browser."""
    text = _("It was open for too long or you signed in again meanwhile. Go back, reload and send it again.")
    return answer(request, 403, text, code="csrf_failed", title=_("The page is out of date, reload"))


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """What an action would not do and no form showed: by its own status (decisions 13)."""
    current = getattr(refusal, "current", None)
    return answer(
        request,
        refusal.status,
        str(refusal),
        code=refusal.code,
        problems=[problem for problem in refusal.problems if problem.field],
        extra={"current": current} if current else getattr(refusal, "extra", None),
    )
