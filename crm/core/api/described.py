"""How every operation describes itself in OpenAPI: what all writes take, and which routes go away."""

from __future__ import annotations

import re
from typing import Any

from django.urls import Resolver404, resolve
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from crm.core.api import lenient
from crm.core.api.deprecation import DEPRECATED
from crm.core.api.writing import WRITES

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description=f"`{lenient.APPLIED}`: leave unknown fields out and name them in `ignored_fields`, instead of refusing"
    " them (RFC 7240: a preference that nobody knows is ignored).",
)
_HOLE = re.compile(r"\{[^}]*\}")


class Described(AutoSchema):
    """The description of one operation."""

    def get_override_parameters(self) -> list[Any]:
        """What every write takes."""
        return [*super().get_override_parameters(), *([PREFER] if self.method in WRITES - {"DELETE"} else [])]

    def is_deprecated(self) -> bool:
        """Whether the route goes away."""
        return (bool(DEPRECATED) and self._view_name() in DEPRECATED) or super().is_deprecated()

    def _view_name(self) -> str:
        try:
            return resolve(_HOLE.sub("1", self.path)).view_name
        except Resolver404:
            return ""
