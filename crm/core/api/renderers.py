"""JSON out: orjson, moments as RFC 3339 with offset (UTC), money as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from crm.core.api.problem import MEDIA_TYPE

OPTIONS = orjson.OPT_NON_STR_KEYS


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
