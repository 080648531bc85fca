"""JSON out: orjson, moments as RFC 3339 with offset (UTC), money as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from crm.core.api.problem import MEDIA_TYPE

OPTIONS = orjson.OPT_NON_STR_KEYS
NDJSON = "application/x-ndjson"


def wants_lines(request: Request) -> bool:
    """Whether the caller asked for a stream of lines."""
    return NDJSON in request.META.get("HTTP_ACCEPT", "")


def default(item: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(item, Decimal | UUID | Promise):
        return str(item)
    if isinstance(item, Mapping):
        return dict(item)
    if isinstance(item, set | frozenset | tuple):
        return list(item)
    raise TypeError(type(item))


class JsonRenderer(BaseRenderer):
    """Compact UTF-8 JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The body."""
        return b"" if data is None else orjson.dumps(data, default=default, option=OPTIONS)


class ProblemRenderer(JsonRenderer):
    """The same under its own name, for callers that ask for problem documents only."""

    media_type = MEDIA_TYPE
    format = "problem"


class LinesRenderer(JsonRenderer):
    """Lists as lines are streamed (crm.core.api.lists); what refuses them is a problem document as ever."""

    media_type = NDJSON
    format = "ndjson"
