"""Settings → Lists of choices."""

from __future__ import annotations

from typing import Any

from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("core:reference_list", "", get(SETTERS)),
    page("core:reference_edit", "reference_key", get(SETTERS), post(SETTERS)),
]
BODIES: dict[str, Any] = {
    "core:reference_edit": lambda w: {"label_zh": "云", "label_en": "Cloud", "position": "1", "is_active": "on"},
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """The lists are there from the start."""
    rows["reference_key"] = "need-types"


NEVER_EMPTY = {"core:reference_list"}
