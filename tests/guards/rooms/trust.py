"""Trust between two systems: owners of fields, what came in and when, reconciliation, the directory."""

from __future__ import annotations

from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("accounts:field_owner_list", "", get(SETTERS), post(SETTERS)),
]
BODIES = {"accounts:field_owner_list": lambda w: {"field": "email", "source": "billing", "seen": ""}}
NEVER_EMPTY = frozenset({"accounts:field_owner_list"})
LISTS = frozenset({"accounts:field_owner_list"})
