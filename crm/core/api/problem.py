"""Errors as RFC 9457 `application/problem+json`, with one row per wrong field and the request id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from crm.core.db import origin
from crm.core.errors import DomainError, FieldProblem

CONTENT_TYPE = "application/problem+json"


def pointer_of(field: str) -> str:
    """JSON pointer of a dotted field name: `met.0.name` → `/met/0/name`; "" is the whole body."""
    return "/" + field.replace(".", "/") if field else ""


def body_of(status: int, code: str, detail: str, problems: Iterable[FieldProblem] = (), **more: Any) -> dict[str, Any]:
    """The body of a problem."""
    body: dict[str, Any] = {
        "type": f"about:blank#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": origin().request_id,
        "errors": [
            {"pointer": pointer_of(problem.field), "code": problem.code, "detail": str(problem)} for problem in problems
        ],
    }
    return body | more


def plain_response(status: int, code: str, detail: str) -> HttpResponse:
    """A problem from outside DRF: an unknown address below /api/, a refused request line."""
    return HttpResponse(orjson.dumps(body_of(status, code, detail)), status=status, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer for every address below /api/ that leads nowhere."""
    return plain_response(404, "not_found", "There is nothing at this address.")


not_found.access_rule = "public"  # type: ignore[attr-defined]


def _flatten(detail: Any, path: str = "") -> list[FieldProblem]:
    """DRF's nested error detail as field problems."""
    if isinstance(detail, Mapping):
        found: list[FieldProblem] = []
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            found += _flatten(value, f"{path}.{name}".strip("."))
        return found
    if isinstance(detail, list):
        found = []
        for index, value in enumerate(detail):
            nested = isinstance(value, (Mapping, list))
            found += _flatten(value, f"{path}.{index}".strip(".") if nested else path)
        return found
    return [FieldProblem(path, getattr(detail, "code", "invalid"), str(detail))]


def _from_domain(error: DomainError) -> Response:
    current = getattr(error, "current", None)
    extra: dict[str, Any] = {"current": current} if current else {}
    body = body_of(error.status, error.code, error.text, error.problems if error.field or error.status == 400 else ())
    return Response(body | extra, status=error.status)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: everything that is somebody's mistake becomes a problem, the rest stays a 500."""
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        response = _from_domain(error)
    elif isinstance(error, Http404):
        response = Response(body_of(404, "not_found", "There is no such record."), status=404)
    elif isinstance(error, PermissionDenied):
        response = Response(body_of(403, "permission_denied", "You may not do this."), status=403)
    elif isinstance(error, exceptions.ValidationError):
        problems = _flatten(error.detail)
        response = Response(body_of(400, "invalid", "The input is not valid.", problems), status=400)
    elif isinstance(error, exceptions.APIException):
        for name, value in (("WWW-Authenticate", "auth_header"), ("Retry-After", "wait")):
            if getattr(error, value, None):
                headers[name] = f"{getattr(error, value)}"
        code = getattr(error.detail, "code", error.default_code)
        response = Response(body_of(error.status_code, code, str(error.detail)), status=error.status_code)
    else:
        return None
    set_rollback()
    for name, value in headers.items():
        response[name] = value
    response.content_type = CONTENT_TYPE
    return response
