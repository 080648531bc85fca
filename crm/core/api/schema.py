"""What the OpenAPI description says everywhere: query parameters of lists, problems, headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class ProblemErrorOut(serializers.Serializer[Any]):
    """One wrong field of a problem."""

    pointer = serializers.CharField(help_text="JSON pointer into the request body; empty for the whole.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457 problem."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemErrorOut(many=True)


MEANINGS = {
    400: "The input is not valid; `errors` names each field.",
    401: "Sign-in is missing or no longer valid.",
    403: "Visible, but not allowed.",
    404: "There is no such record, or the caller may not see it.",
    405: "This address does not know the method.",
    409: "In conflict with what is stored, or a twin request is running.",
    412: "The record is newer than `If-Match` says; the current one is in `current`.",
    413: "The body is larger than 16 MB.",
    415: "The body is not JSON.",
    422: "Understood, but the business refuses it; nothing was written.",
    429: "Too many requests in this minute.",
}
ALWAYS = (405, 429)


def problems(*statuses: int) -> dict[tuple[int, str], Any]:
    """The documented problems of an operation."""
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemOut, description=MEANINGS[status])
        for status in sorted({*statuses, *ALWAYS})
    }


def list_parameters(filters: Iterable[str], sorts: Iterable[str] = (), *, slim: bool = False) -> list[OpenApiParameter]:
    """Query parameters of a list."""
    found = [
        OpenApiParameter("limit", int, description="Rows a page, 1 to 1000; 100 without it."),
        OpenApiParameter("cursor", str, description="Opaque marker of the next page, from `next`."),
    ]
    found += [OpenApiParameter(name, OpenApiTypes.STR) for name in filters]
    if sorts:
        found.append(OpenApiParameter("sort", str, enum=list(sorts)))
    if slim:
        found.append(OpenApiParameter("fields", str, description="Comma-separated fields to return."))
        found.append(OpenApiParameter("count", str, enum=["capped"], description="Count the rows, at most 10,000."))
    return found


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Version the caller read; otherwise 412."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, enum=["*"], description="Only create, never change."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Same key and body: same answer, done once."
)
