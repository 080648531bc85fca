"""JSON by orjson: lists are value rows, rendered at once (decisions 35)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def _default(value: Any) -> Any:
    if isinstance(value, (Decimal, Promise)):
        return str(value)  # money is a decimal string
    raise TypeError(type(value).__name__)


def dumps(value: Any) -> bytes:
    """Bytes of a JSON value; dates ISO, moments RFC 3339, money as strings."""
    return orjson.dumps(value, default=_default)


class JSONRenderer(BaseRenderer):
    """`application/json`."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Render the body; nothing for 204."""
        return b"" if data is None else dumps(data)
