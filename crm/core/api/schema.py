"""What the OpenAPI description says everywhere: query parameters of lists, problems, headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from crm.core.api import filters
from crm.core.api.pagination import MAX_LIMIT


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
    errors = ProblemErrorOut(many=True)  # type: ignore[assignment] # declared fields are taken off the class


MEANINGS = {
    400: "The input is not valid; `errors` names each field.",
    401: "Sign-in is missing or no longer valid.",
    403: "Visible, but not allowed.",
    404: "There is no such record, or the caller may not see it.",
    406: "The answer has none of the forms that `Accept` names; only lists are given as lines.",
    405: "This address does not know the method.",
    409: "In conflict with what is stored, or a twin request is running.",
    410: "What this stands on is gone; `detail` says how to start again.",
    412: "The record is newer than `If-Match` says; the current one is in `current`.",
    413: "The body is larger than 16 MB.",
    415: "The body is not JSON.",
    422: "Understood, but the business refuses it; nothing was written.",
    429: "Too many requests in this minute.",
}
ALWAYS = (405, 406, 429)


def problems(*statuses: int) -> dict[tuple[int, str], Any]:
    """The documented problems of an operation."""
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemOut, description=MEANINGS[status])
        for status in sorted({*statuses, *ALWAYS})
    }


TYPES: dict[Any, OpenApiTypes] = {
    filters.text: OpenApiTypes.STR,
    filters.number: OpenApiTypes.INT,
    filters.decimal: OpenApiTypes.DECIMAL,
    filters.day: OpenApiTypes.DATE,
    filters.moment: OpenApiTypes.DATETIME,
    filters.flag: OpenApiTypes.BOOL,
}


LIMIT = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}


def _filter(name: str, reader: filters.Reader) -> OpenApiParameter:
    if isinstance(reader, filters.OneOf):
        return OpenApiParameter(name, str, enum=list(reader.allowed))
    return OpenApiParameter(name, TYPES[reader])


def list_parameters(readers: Mapping[str, filters.Reader], sorts: Iterable[str] = ()) -> list[OpenApiParameter]:
    """Query parameters of a list: its filters by type, and those of the page."""
    found = [
        OpenApiParameter("limit", LIMIT, description="Rows a page; 100 without it."),
        OpenApiParameter("cursor", str, description="Opaque marker of the next page, from `next`."),
    ]
    found += [_filter(name, reader) for name, reader in readers.items()]
    if sorts:
        found.append(OpenApiParameter("sort", str, enum=list(sorts)))
    found.append(OpenApiParameter("fields", str, description="Comma-separated fields to return; the id always is."))
    found.append(OpenApiParameter("count", str, enum=["capped"], description="Count the rows, at most 10,000."))
    return found


class CountOut(serializers.Serializer[Any]):
    """How many there are; `capped` when there are more than `value`."""

    value = serializers.IntegerField()
    capped = serializers.BooleanField()


@lru_cache
def page_of(item: type[serializers.Serializer[Any]]) -> Any:
    """The body of a list of such items."""
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "items": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Cursor of the next page; null at the end."),
        "changes_cursor": serializers.CharField(
            required=False, help_text="On the first page: `GET /changes` goes on from here, nothing falls between."
        ),
        "count": CountOut(required=False, help_text="Only with `count=capped`."),
    }
    return inline_serializer(item.__name__.removesuffix("Out") + "Page", fields)


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Version the caller read; otherwise 412."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, enum=["*"], description="Only create, never change."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Same key and body: same answer, done once."
)


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # the library registers subclasses
    """A person's browser session."""

    target_class = "crm.core.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """How it is sent."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a signed-in person; writes need the `X-CSRFToken` header as well.",
        }


class StrictScheme(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # the library registers subclasses
    """What is sent in has no fields but those named."""

    target_class = "crm.core.api.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """As the library describes it, closed."""
        described = cast("Any", auto_schema)._map_serializer(self.target, direction, bypass_extensions=True)
        shape: dict[str, Any] = described
        if direction == "request" and "properties" in shape:
            shape["additionalProperties"] = False
        return shape
