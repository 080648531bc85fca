"""What counts, as a matrix for the settings page, with the effect of a change on the last months' visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from visits.choices import Direction, Party
from visits.models import CountingRule
from visits.queries.catalogue import Catalogue, ChannelEntry, OutcomeEntry, catalogue
from visits.rules.counting import Cell

PREVIEW_DAYS = 90
COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (str(direction), str(party)) for direction in Direction.values for party in Party.values
)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One tick: its name in the form, whether it counts, and whether a later change is planned."""

    name: str
    cell: Cell
    counts: bool
    is_changed: bool = False
    planned: tuple[date, bool] | None = None

    @property
    def label(self) -> str:
        """Direction and who, in words."""
        return f"{Direction(self.cell.direction).label} · {Party(self.cell.party).label}"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One channel."""

    channel: ChannelEntry
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One effective outcome; outcomes that are not effective never count (CON-8)."""

    outcome: OutcomeEntry
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change that begins later."""

    cell: Cell
    counts: bool
    effective_from: date
    channel: str
    party: str
    direction: str

    @property
    def label(self) -> str:
        """The cell in words."""
        return _words(self.channel, self.direction, self.party, self.cell.is_bulk)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would have made of the last months' visits: how many more and how many fewer would count."""

    cell: Cell
    channel: str
    direction: str
    party: str
    counts: bool
    visits: int

    @property
    def label(self) -> str:
        """The cell in words."""
        return _words(self.channel, self.direction, self.party, self.cell.is_bulk)


@dataclass(frozen=True, slots=True)
class CountingPage:
    """The settings page: ticks as they are or as somebody wants them, and what that would change."""

    matrices: Sequence[Matrix]
    # The same of what was sent to many at once; of channels without a meeting on the spot.
    bulk: Sequence[Matrix]
    planned: Sequence[PlannedChange]
    # None: nothing was asked yet.
    effects: Sequence[Effect] | None

    @property
    def affected(self) -> int:
        """Visits of the preview's days that would have been judged differently."""
        return sum(effect.visits for effect in self.effects or ())


def cell_name(cell: Cell) -> str:
    """The name of a tick in the form."""
    return f"{cell.channel}.{cell.direction}.{cell.party}.{cell.outcome}" + (".bulk" if cell.is_bulk else "")


def _words(channel: str, direction: str, party: str, is_bulk: bool) -> str:
    return " · ".join([channel, *([_("sent to many at once")] if is_bulk else []), direction, party])


def counting_page(today: date, *, on: date, wanted: Mapping[Cell, bool] | None) -> CountingPage:
    """Everything the page shows; `wanted` are ticks that somebody has sent for a preview."""
    effects = None if wanted is None else counting_preview(changed_cells(wanted, on), today)
    single, bulk = (counting_matrix(on, wanted, is_bulk=is_bulk) for is_bulk in (False, True))
    return CountingPage(single, bulk, planned_changes(today), effects)


def counting_matrix(on: date, wanted: Mapping[Cell, bool] | None = None, *, is_bulk: bool = False) -> list[Matrix]:
    """What counts on a day, one matrix per effective outcome; what was sent in bulk has its own (D7: it never does)."""
    known = catalogue()
    made = []
    for outcome in known.outcomes.values():
        if not (outcome.is_effective and outcome.is_active):
            continue
        rows = []
        for channel in known.channels.values():
            if channel.is_active and not (is_bulk and channel.is_on_site):
                cells = (Cell(channel.code, direction, party, outcome.code, is_bulk) for direction, party in COLUMNS)
                rows.append(MatrixRow(channel, tuple(_cell(known, cell, on, wanted or {}) for cell in cells)))
        made.append(Matrix(outcome, tuple(rows)))
    return made


def _cell(known: Catalogue, cell: Cell, on: date, wanted: Mapping[Cell, bool]) -> MatrixCell:
    later = sorted((row.effective_from, row.counts) for row in known.counting.get(cell, ()) if row.effective_from > on)
    now = known.counts(cell, on)
    counts = wanted.get(cell, now)
    return MatrixCell(cell_name(cell), cell, counts, counts != now, later[0] if later else None)


def planned_changes(today: date) -> list[PlannedChange]:
    """Changes that begin after today, the nearest first."""
    known = catalogue()
    rows = CountingRule.objects.filter(effective_from__gt=today).order_by("effective_from", "id")
    return [
        PlannedChange(
            Cell(channel, direction, party, outcome, is_bulk),
            counts,
            starts,
            known.channels[channel].label,
            str(Party(party).label),
            str(Direction(direction).label),
        )
        for channel, direction, party, outcome, is_bulk, counts, starts in rows.values_list(
            "channel__code", "direction", "party", "outcome__code", "is_bulk", "counts", "effective_from"
        )
    ]


def changed_cells(wanted: Mapping[Cell, bool], on: date) -> dict[Cell, bool]:
    """Of the ticks sent, those that differ from what holds on that day."""
    known = catalogue()
    return {cell: counts for cell, counts in wanted.items() if known.counts(cell, on) != counts}


def counting_preview(changes: Mapping[Cell, bool], today: date) -> list[Effect]:
    """How many visits of the last 90 days lie in each changed cell."""
    if not changes:
        return []
    known = catalogue()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, direction, party, outcome_id, is_bulk, count(*) FROM visits_visit"
            " WHERE occurred_at >= %s AND occurred_on > %s AND undone_at IS NULL GROUP BY 1, 2, 3, 4, 5",
            [today - timedelta(days=PREVIEW_DAYS + 1), today - timedelta(days=PREVIEW_DAYS)],
        )
        counts = {
            Cell(known.channels_by_id[row[0]].code, row[1], row[2], known.outcomes_by_id[row[3]].code, row[4]): row[5]
            for row in cursor.fetchall()
        }
    return [
        Effect(
            cell,
            known.channels[cell.channel].label,
            str(Direction(cell.direction).label),
            str(Party(cell.party).label),
            holds,
            counts.get(cell, 0),
        )
        for cell, holds in changes.items()
    ]


def known_cells() -> Sequence[Cell]:
    """Every tick the form may send."""
    known = catalogue()
    return [
        Cell(channel.code, direction, party, outcome.code, is_bulk)
        for outcome in known.outcomes.values()
        if outcome.is_effective
        for channel in known.channels.values()
        for direction, party in COLUMNS
        for is_bulk in (False, True)
        if not (is_bulk and channel.is_on_site)
    ]
