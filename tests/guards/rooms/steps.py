"""Stepping through the records of a list: whoever may open the list."""

from __future__ import annotations

from tests.guards.route_rows import READERS, get, page

ROUTES = [page("core:step", "", get(READERS, status=302), query="?in=customers&at=1")]
