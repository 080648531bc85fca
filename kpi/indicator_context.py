"""The page of one indicator: its way with the target, the days of the period, the ranking of those below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import names
from kpi.asking import Asking, asking_of, one_of
from kpi.board_context import CUTS, above_of, children_of, frame_context
from kpi.choices import Category, Direction, Display, Period
from kpi.faces import Face, Subject, face_of, owners_of, sentence_html
from kpi.queries import results
from kpi.queries.boards import own_ranks, seen_manager
from kpi.queries.indicators import IndicatorRow, indicator_of
from kpi.queries.results import Cell, DayFact
from kpi.rules.charts import Columns, Trend, columns_of, trend_of
from kpi.rules.values import exact, rounded
from kpi.value_words import rank_words, short_number, with_unit

MONTHS_BACK = {Period.MONTH.value: 13, Period.QUARTER.value: 24, Period.YEAR.value: 60}
MOST_RANKED = 200


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One period of the trend: its words, its figure, its rows."""

    label: str
    face: Face
    rows_url: str


@dataclass(frozen=True, slots=True)
class RankLine:
    """One manager or unit; `bar` is the length of its bar, `bar_target` where the target stands, of 100."""

    rank: int | None
    name: str
    face: Face
    url: str
    rows_url: str
    missing_url: str
    bar: float


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the period."""

    day: date
    part: str
    whole: str
    so_far: str


def indicator_context(request: HttpRequest, code: str, *, now: datetime) -> dict[str, Any]:
    """The whole page: of a unit with those below it, or one's own figures and place."""
    asking = asking_of(request, now=now, also=("by",))
    row = indicator_of(code)
    manager_id = asking.manager_id
    if asking.unit_id is None and manager_id is None:
        manager_id = asking.access.staff_id or 0
    unit_id = None if manager_id is not None else asking.unit_id
    if manager_id is not None:
        seen_manager(asking.scope, manager_id)
    past = results.history(
        asking.access, asking.first, unit_id=unit_id, manager_id=manager_id, indicators=(code,),
        months=MONTHS_BACK[row.period],
    ).get(code, [])  # fmt: skip
    shown = row.bounds(asking.first)
    current = next((cell for cell in past if cell.period_on == shown.first), None)
    days = results.day_facts(asking.access, code, asking.first, unit_id=unit_id, manager_id=manager_id)
    subject = Subject(asking.first, unit_id, manager_id)
    ranking = _ranking(asking, row, unit_id, manager_id)
    return {
        **frame_context(asking, unit_id=unit_id, manager_id=manager_id),
        "indicator": row,
        "category": row_category(row),
        "label": row.label(),
        "period_text": period_words(row.period, shown.first),
        "subject": names.staff_name(manager_id) if manager_id is not None else names.unit_name(unit_id),
        "manager_id": manager_id,
        "unit_id": unit_id,
        "above": above_of(asking, unit_id) if unit_id is not None else [],
        **_trend(row, past, subject, asking),
        **_days(row, days),
        **ranking,
        **_face(current, subject, asking, ranking),
    }


def row_category(row: IndicatorRow) -> str:
    """The category in words."""
    return str(Category(row.category).label)


def period_words(kind: str, first: date) -> str:
    """「2026年11月」「2026年第4季度」「2026年」."""
    if kind == Period.QUARTER:
        return _("%(year)d, quarter %(quarter)d") % {"year": first.year, "quarter": (first.month + 2) // 3}
    if kind == Period.YEAR:
        return _("year %(year)d") % {"year": first.year}
    return date_format(first, "YEAR_MONTH_FORMAT")


def short_period(kind: str, first: date) -> str:
    """The same under a chart."""
    if kind == Period.QUARTER:
        return f"{first:%y}Q{(first.month + 2) // 3}"
    return f"{first.year}" if kind == Period.YEAR else f"{first:%y-%m}"


def _face(cell: Cell | None, subject: Subject, asking: Asking, ranking: Mapping[str, Any]) -> dict[str, Any]:
    if cell is None:
        return {"face": None}
    face = face_of(cell, asking.today)
    return {
        "face": face,
        "sentence": sentence_html(
            face, subject, owners=ranking.get("owners", 0), by_unit=ranking.get("is_by_unit", False)
        ),
        "rows_url": subject.rows(face.code),
        "missing_url": subject.rows(face.code, "missing"),
        "mendable_url": subject.rows(face.code, "mendable"),
        "excused_url": subject.rows(face.code, "excused"),
    }


def _trend(row: IndicatorRow, past: Sequence[Cell], subject: Subject, asking: Asking) -> dict[str, Any]:
    """The chart and its table; each point opens the rows of its period."""
    cap = Decimal(100) if row.display in (Display.PERCENT, Display.SCORE) else None
    chart: Trend = trend_of([cell.value for cell in past], [cell.target for cell in past], cap=cap)
    lines = [
        TrendLine(
            short_period(row.period, cell.period_on),
            face_of(cell, asking.today),
            Subject(cell.period_on, subject.unit_id, subject.manager_id).rows(row.code),
        )
        for cell in past
    ]
    ticks = [(tick.y, with_unit(short_number(tick.value), row.display)) for tick in chart.ticks]
    return {
        "trend": chart if len(chart.points) > 1 else None,
        "trend_lines": lines,
        "trend_points": [(point, lines[point.place]) for point in chart.points],
        "trend_labels": [(x, lines[place].label) for x, place in chart.labels],
        "trend_ticks": ticks,
    }


def _days(row: IndicatorRow, days: Sequence[DayFact]) -> dict[str, Any]:
    """What each day came to, and where the figure stood after it; a stock has no days."""
    if len(days) < 2:
        return {"days": None}
    n = d = Decimal(0)
    lines = []
    for fact in days:
        n, d = n + fact.numerator, d + fact.denominator
        value = rounded(exact(row.display, n, d))
        lines.append(
            DayLine(
                fact.day, short_number(fact.numerator), short_number(fact.denominator),
                "–" if value is None else with_unit(short_number(round(value, 1)), row.display),
            )
        )  # fmt: skip
    chart: Columns = columns_of([fact.numerator for fact in days], [fact.denominator for fact in days])
    return {
        "days": chart,
        "day_lines": lines,
        "day_columns": [(column, lines[column.place]) for column in chart.columns],
        "day_labels": [(x, f"{lines[place].day.day}") for x, place in chart.labels],
        "day_ticks": [(tick.y, short_number(tick.value)) for tick in chart.ticks],
    }


def _ranking(asking: Asking, row: IndicatorRow, unit_id: int | None, manager_id: int | None) -> dict[str, Any]:
    """KPI-12: those who lead see the order; a manager sees his own place and nobody else's figure."""
    if unit_id is None:
        card = seen_manager(asking.scope, manager_id or 0)
        ranks = own_ranks(card.unit_id, card.id, asking.first)
        return {"ranking": [], "own_rank": rank_words(*ranks[row.code]) if row.code in ranks else ""}
    below = children_of(unit_id)
    by = one_of(asking, "by", CUTS, "") or ("units" if len(below) > 1 else "managers")
    cells = results.results_of(
        asking.scope, asking.first, (row.code,), unit_ids=below if by == "units" else names.subtree(unit_id),
        is_unit=by == "units",
    )  # fmt: skip
    lines = rank_lines(cells, asking, unit_id, by_unit=by == "units")
    return {
        "ranking": lines[:MOST_RANKED],
        "own_rank": "",
        "is_by_unit": by == "units",
        "owners": owners_of(cells).get(row.code, 0),
        "cuts": [
            (_("By unit"), asking.address(by="units"), by == "units"),
            (_("By account manager"), asking.address(by="managers"), by != "units"),
        ]
        if below
        else [],
    }


def rank_lines(cells: Sequence[Cell], asking: Asking, unit_id: int, *, by_unit: bool) -> list[RankLine]:
    """The best first; equal values share a place (1, 2, 2, 4); who has no value comes last."""
    groups: dict[int | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.unit_id if by_unit else cell.manager_id, []).append(cell)
    found = [(key, next(iter(results.merged(group).values()))) for key, group in groups.items()]
    sign = -1 if cells and cells[0].indicator.direction == Direction.DOWN else 1
    found.sort(key=lambda pair: (pair[1].value is None, -sign * (pair[1].value or 0), str(pair[0])))
    highest = max((abs(cell.value) for _key, cell in found if cell.value is not None), default=Decimal(1)) or Decimal(1)
    lines: list[RankLine] = []
    rank, last = 0, None
    for place, (key, cell) in enumerate(found, 1):
        if cell.value is None:
            shown = None
        else:
            rank = rank if cell.value == last else place
            shown, last = rank, cell.value
        lines.append(_rank_line(shown, key, cell, highest, asking, unit_id, by_unit))
    return lines


def _rank_line(
    rank: int | None, key: int | None, cell: Cell, highest: Decimal, asking: Asking, unit_id: int, by_unit: bool
) -> RankLine:
    subject = Subject(asking.first, key) if by_unit else Subject(asking.first, unit_id, key if key is not None else 0)
    name = names.unit_name(key) if by_unit else names.staff_name(key) or _("nobody responsible")
    whole = max(highest, Decimal(100)) if cell.indicator.display == Display.PERCENT else highest
    url = asking.address(unit=str(key)) if by_unit else asking.address(manager=str(key)) if key else ""
    return RankLine(
        rank if key is not None else None,
        name,
        face_of(cell, asking.today),
        url,
        subject.rows(cell.code),
        subject.rows(cell.code, "missing"),
        float(round(100 * max(cell.value or Decimal(0), Decimal(0)) / whole, 1)),
    )
