"""One error format for the whole API: RFC 9457 problem+json with request id and `errors[]` (sync-api)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from crm.core import access_log
from crm.core.errors import DomainError, FieldProblem, NotAllowed
from crm.core.pages import BadCursor

MEDIA_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """An error that an API view raises by itself, with its own code and problems."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Iterable[FieldProblem] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.code = code
        self.errors = list(errors)
        self.extra = dict(extra or {})


def pointer(path: str | Iterable[str | int]) -> str:
    """A field path as JSON pointer: "address.city" -> "/address/city"; "" is the whole body."""
    parts = path.split(".") if isinstance(path, str) else [str(part) for part in path]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts if part != "")


def body(
    request: HttpRequest | None,
    status: int,
    code: str,
    detail: str,
    problems: Iterable[FieldProblem] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The problem document."""
    return {
        "type": f"urn:crm:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "id", ""),
        "errors": [
            {"pointer": pointer(problem.field), "code": problem.code, "detail": str(problem.message)}
            for problem in problems
        ],
        **(extra or {}),
    }


def response(
    request: Any,
    status: int,
    code: str,
    detail: str,
    problems: Iterable[FieldProblem] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The same as an answer."""
    http = getattr(request, "_request", request)
    return Response(
        body(http, status, code, detail, problems, extra),
        status=status,
        content_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def handle(fault: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in the one format; a real fault stays a 500 for the log."""
    request = context.get("request")
    if isinstance(fault, Problem):
        return response(request, fault.status_code, fault.code, str(fault.detail), fault.errors, fault.extra)
    if isinstance(fault, DomainError):
        if isinstance(fault, NotAllowed):
            _log_denied(request)
        current = getattr(fault, "current", None)
        extra = {"current": current} if current else getattr(fault, "extra", None)
        return response(
            request, fault.status, fault.code, str(fault), fault.problems if _has_field(fault) else (), extra
        )
    if isinstance(fault, exceptions.ValidationError):
        problems = list(flatten(fault.get_full_details()))
        return response(request, 400, "invalid", _("Some values are not right."), problems)
    if isinstance(fault, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers = {"WWW-Authenticate": getattr(fault, "auth_header", "") or "Bearer"}
        is_wrong = isinstance(fault, exceptions.AuthenticationFailed)
        return response(
            request, 401, _code(fault), str(fault.detail) if is_wrong else _("Sign in first."), headers=headers
        )
    if isinstance(fault, exceptions.PermissionDenied | PermissionDenied):
        return _denied(request, fault)
    if isinstance(fault, Http404 | exceptions.NotFound):
        return response(request, 404, "not_found", _("There is nothing here."))
    if isinstance(fault, RequestDataTooBig):
        return response(request, 413, "too_large", _("The request is too large."))
    if isinstance(fault, BadCursor):
        detail = _("This cursor is not one of ours.")
        return response(request, 400, fault.code, detail, [FieldProblem("?cursor", fault.code, detail)])
    if isinstance(fault, BadRequest | SuspiciousOperation):
        return response(request, 400, getattr(fault, "code", "bad_request"), str(fault))
    if isinstance(fault, exceptions.Throttled):
        wait = str(max(1, int(getattr(fault, "wait", None) or 1)))
        return response(request, 429, "throttled", _("Too many requests."), headers={"Retry-After": wait})
    if isinstance(fault, exceptions.APIException):
        return response(request, fault.status_code, _code(fault), str(fault.detail))
    if isinstance(fault, DataError):
        return response(request, 400, "out_of_range", _("A value is outside what can be stored."))
    if isinstance(fault, OperationalError):
        return response(
            request, 503, "busy", _("The database is busy. Please try again."), headers={"Retry-After": "2"}
        )
    return None


def _has_field(fault: DomainError) -> bool:
    return any(problem.field for problem in fault.problems) or len(fault.problems) > 1


def _code(fault: exceptions.APIException) -> str:
    codes = fault.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _denied(request: Any, fault: Exception) -> Response:
    """403, and the row in the access log: the only thing a denied call writes (decisions 13)."""
    _log_denied(request)
    code = fault.get_codes() if isinstance(fault, exceptions.APIException) else "permission_denied"
    detail = str(fault) if code == "csrf_failed" else _("You may not do this.")
    return response(request, 403, str(code), detail)


def _log_denied(request: Any) -> None:
    http = getattr(request, "_request", None)
    if http is not None and request.user.is_authenticated:
        access_log.record(
            "denied",
            request.user,
            at=timezone.now(),
            detail={"route": http.resolver_match.view_name if http.resolver_match else "", "method": http.method},
        )


def flatten(details: Any, path: tuple[str, ...] = ()) -> Iterator[FieldProblem]:
    """DRF's nested error details as a flat list of field problems."""
    if isinstance(details, Mapping):
        if set(details) == {"message", "code"} and not isinstance(details["message"], Mapping | list):
            yield FieldProblem(".".join(path), str(details["code"]), str(details["message"]))
            return
        for key, inner in details.items():
            name = str(key)
            yield from flatten(inner, path if name == "non_field_errors" else (*path, name))
    elif isinstance(details, list):
        for position, inner in enumerate(details):
            is_error = isinstance(inner, Mapping) and set(inner) == {"message", "code"}
            yield from flatten(inner, path if is_error else (*path, str(position)))
