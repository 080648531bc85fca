"""What the wall shows: figures of a unit and of the units below it, no person and no customer (screens 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.queries import names
from crm.core.errors import NotFound
from kpi.asking import asking_of
from kpi.board_context import children_of, frame_context
from kpi.choices import ASSESSED, Category, Light
from kpi.faces import Subject, owners_of
from kpi.queries import results
from kpi.tiles import Tile, lights_of, tiles_of

MOST_TILES = 12
SHOWN = (*ASSESSED, Category.SALES.value)
RANKED = {Light.RED: 0, Light.AMBER: 1, Light.GREEN: 2, Light.NONE: 3}
EVERY_SECONDS = 60


def wall_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The twelve that need most attention, and each light counted; only who sees a unit has a wall."""
    asking = asking_of(request, now=now)
    if asking.unit_id is None:
        raise NotFound
    subject = Subject(asking.first, asking.unit_id)
    below = children_of(asking.unit_id)
    cells = results.units_below(asking.access, asking.unit_id, asking.first) if below else []
    past = results.history(asking.access, asking.first, unit_id=asking.unit_id)
    tiles = tiles_of(past, subject, asking.today, owners=owners_of(cells), by_unit=True)
    tiles = [tile for tile in tiles if tile.face.indicator.category in SHOWN]
    lights = lights_of(tiles)
    return {
        **frame_context(asking),
        "subject": names.unit_name(asking.unit_id),
        "unit_id": asking.unit_id,
        "tiles": sorted(tiles, key=_attention)[:MOST_TILES],
        "red": lights[Light.RED],
        "amber": lights[Light.AMBER],
        "green": lights[Light.GREEN],
        "at": timezone.localtime(now),
        "here": request.get_full_path(),
        "every": EVERY_SECONDS,
    }


def _attention(tile: Tile) -> tuple[int, int]:
    return RANKED[tile.face.light], tile.face.indicator.position
