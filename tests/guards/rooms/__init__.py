"""What later parts of the product bring to the guards, one module each; every name in it is optional.

``ROUTES``: rows of the route table (tests/guards/route_rows.py); ``BODIES``: a body for each unsafe route;
``PROBES``: query strings that ask about the other side; ``furnish(cast, rows, who)``: its rows on a side of the world;
``connect(world)``: what joins the sides and the machines; ``gather(world, rows, number)``: so many more of them;
``LISTS`` and ``MOST``: names for the query budget;
``EMPTY``, ``NOTHING_FOUND``, ``NEVER_EMPTY``: for the empty states; ``MADE_ANEW``: routes whose answer always differs;
``QUIET``: POSTs that write nothing but the access log; ``BODILESS``: API routes that ask for no body;
``FILES``: those that take a file;
``FLAGS``: fields that are ticks, whatever they hold.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


@cache
def rooms() -> tuple[ModuleType, ...]:
    """Every room, in the order of their names."""
    return tuple(import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))


def merged(name: str) -> dict[str, Any]:
    """A mapping that the rooms share."""
    found: dict[str, Any] = {}
    for room in rooms():
        found |= getattr(room, name, {})
    return found


def united(name: str) -> frozenset[str]:
    """A set of names that the rooms share."""
    return frozenset().union(*(getattr(room, name, ()) for room in rooms()))
