"""The tiles of a dashboard: value, target, light, the way of a year, one sentence (screens 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.measures import Nature
from kpi.choices import Category, Light
from kpi.faces import Face, Subject, face_of, sentence_html
from kpi.queries.results import Cell
from kpi.rules.charts import Spark, spark_of
from kpi.rules.goals import is_business
from kpi.rules.periods import period_on
from kpi.value_words import change_words, rank_words


@dataclass(frozen=True, slots=True)
class Tile:
    """One indicator of a dashboard."""

    face: Face
    url: str
    rows_url: str
    sentence: SafeString
    spark: Spark
    spark_text: str
    change: str
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Tiles under one heading."""

    key: str
    title: str
    tiles: Sequence[Tile]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Warning:
    """A running figure that will not make its target at the present pace."""

    face: Face
    url: str
    rows_url: str
    text: str
    mendable: int


def tiles_of(
    past: Mapping[str, Sequence[Cell]],
    subject: Subject,
    today: date,
    *,
    owners: Mapping[str, int] | None = None,
    by_unit: bool = False,
    ranks: Mapping[str, tuple[int, int]] | None = None,
) -> list[Tile]:
    """A tile per indicator that has a figure in the month, in the order of the indicators."""
    found = []
    for cells in past.values():
        row = cells[-1].indicator
        if cells[-1].period_on != period_on(row.period, subject.month):
            continue
        tile = _tile(cells, subject, today, (owners or {}).get(row.code, 0), by_unit, (ranks or {}).get(row.code))
        found.append(tile)
    return sorted(found, key=lambda tile: (tile.face.indicator.position, tile.face.indicator.id))


def _tile(
    cells: Sequence[Cell], subject: Subject, today: date, owners: int, by_unit: bool, rank: tuple[int, int] | None
) -> Tile:
    face = face_of(cells[-1], today)
    # What is half counted is not compared with what was whole.
    is_comparable = not face.is_running or _stands(face)
    before = cells[-2].value if len(cells) > 1 and is_comparable else None
    known = [cell for cell in cells if cell.value is not None]
    text = ""
    if len(known) > 1:
        text = _("from %(first)s in %(since)s to %(last)s") % {
            "first": face_of(known[0], today).number,
            "since": f"{known[0].period_on:%Y-%m}",
            "last": face.number,
        }
    return Tile(
        face,
        subject.page(face.code),
        subject.rows(face.code),
        sentence_html(face, subject, owners=owners, by_unit=by_unit),
        spark_of([cell.value for cell in cells], cells[-1].target),
        text,
        change_words(face.value, before, face.indicator.display),
        rank_words(*rank) if rank else "",
    )


def _stands(face: Face) -> bool:
    """Whether the figure says what stands today, so that it can be compared with the end of the last period."""
    measure = face.indicator.measure
    return measure is not None and measure.nature != Nature.FLOW


def by_category(tiles: Sequence[Tile]) -> list[Group]:
    """KPI-11: the six categories, sales and information."""
    return [
        Group(f"c{category.value}", str(category.label), found)
        for category in Category
        if (found := [tile for tile in tiles if tile.face.indicator.category == category])
    ]


def by_goal(tiles: Sequence[Tile]) -> list[Group]:
    """ORG-32: both goals of the work, whatever there is of either."""
    business = [tile for tile in tiles if is_business(tile.face.indicator.category, tile.face.code)]
    relations = [tile for tile in tiles if tile not in business]
    return [
        Group("business", _("Business expansion"), business, _("sales, quality customers, growth")),
        Group("relations", _("Customer relations"), relations, _("contact, complaints, care, paper work")),
    ]


def lights_of(tiles: Sequence[Tile]) -> dict[Light, int]:
    """How many of each light."""
    found = dict.fromkeys((Light.RED, Light.AMBER, Light.GREEN), 0)
    for tile in tiles:
        if tile.face.light in found:
            found[tile.face.light] += 1
    return found


def warnings_of(tiles: Sequence[Tile], subject: Subject) -> list[Warning]:
    """What will be missed unless something is done: first what can still be reached."""
    found = [
        Warning(
            tile.face, tile.url, subject.rows(tile.face.code, "mendable"), tile.face.warning, tile.face.cell.mendable
        )
        for tile in tiles
        if tile.face.warns
    ]
    return sorted(found, key=lambda one: (one.face.is_out_of_reach, -one.mendable))
