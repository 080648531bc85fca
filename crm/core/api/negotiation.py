"""Which form an answer takes. This module imports no DRF views: DRF loads it while it loads its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from crm.core.api.renderers import NDJSON, LinesRenderer, wants_lines


class Negotiation(DefaultContentNegotiation):
    """DRF's rules; what nearly every machine says ("anything", or just our JSON) is answered without parsing it."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[Any, Any]:
        """The renderer and the media type it answers with."""
        first = next(iter(renderers))
        if format_suffix is None and request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", first.media_type):
            return first, first.media_type
        if wants_lines(request):
            return LinesRenderer(), NDJSON
        return super().select_renderer(request, renderers, format_suffix)  # type: ignore[no-any-return]
