"""The change feed: everybody who may read one of its types may ask; without a cursor it begins now."""

from __future__ import annotations

from tests.guards.route_rows import READERS, api, get

READS = "customers:read"
ROUTES = [api("api:changes", "", READS, get(READERS))]
PROBES = {"api:changes": ("types=customer", "include=record", "skip_own=true")}
LISTS = frozenset({"api:changes"})
MADE_ANEW = frozenset({"api:changes"})
NEVER_EMPTY = {"api:changes"}
FLAGS = frozenset({"skip_own"})
