"""The rows behind a figure (KPI-49): of a running period those that count now, of a frozen one those that were kept.

Sums of rows and signed corrections are the figure. A row that somebody may no longer see is listed without name or
link and counts all the same (decisions 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.core.abilities import Access
from crm.core.errors import Invalid, NotFound
from crm.core.measures import Nature
from kpi.queries.indicators import IndicatorRow, indicator_of, run
from kpi.queries.results import ABILITY, SUBTREE, Cell, is_frozen, may_see_unit, results_of, scope_marks
from kpi.queries.rows import UNPACKED
from kpi.rules.periods import Bounds, period_of

PAGE = 100
Place = tuple[date, int]

FILTERS: dict[str, str] = {
    "": "NOT (r.ref < 0 AND r.numerator = 0)",
    "all": "TRUE",
    "missing": "r.excused = 0 AND r.numerator < r.denominator",
    "met": "r.numerator <> 0",
    "excused": "r.excused = 1",
    "mendable": "r.mendable > 0",
}
"""Which rows are listed. Without a choice those that are only there to divide by (customers of a rate per hundred,
whose ref is negative) are left out; "met" is in the numerator, which is bad where less is better."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose rows: of a unit and all below it, of a manager, of a manager within a unit; or what nobody is credited
    with in a unit."""

    unit_id: int | None = None
    manager_id: int | None = None
    is_nobody: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """What rows come to."""

    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    excused: int = 0
    mendable: int = 0

    def plus(self, other: Sums) -> Sums:
        """Both."""
        return Sums(
            self.numerator + other.numerator, self.denominator + other.denominator,
            self.excused + other.excused, self.mendable + other.mendable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row that was counted. `is_hidden`: its customer is out of sight, and has neither id nor name here;
    `left_on` says since when the credited manager has him no more."""

    ref: int
    day: date
    unit_id: int
    manager_id: int | None
    numerator: Decimal
    denominator: Decimal
    is_excused: bool
    mendable: int
    customer_id: int | None
    customer_name: str = ""
    customer_number: str = ""
    left_on: date | None = None
    is_hidden: bool = False

    @property
    def place(self) -> Place:
        """Where the next page begins."""
        return self.day, self.ref


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A signed correction, a row of its own."""

    id: int
    unit_id: int
    manager_id: int | None
    numerator: Decimal
    denominator: Decimal
    ref: int | None
    reason: str
    requested_by: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows of one figure, a page of them, with what they come to. `counts`: how many rows each filter leaves.

    `figure`: the results as they were last counted; `total`: rows and corrections of now. In a running period they
    differ by what happened since; `moved` says so.
    """

    indicator: IndicatorRow
    bounds: Bounds
    subject: Subject
    is_frozen: bool
    rows: Sequence[EvidenceRow]
    corrections: Sequence[CorrectionRow]
    total: Sums
    figure: Sums
    cells: Sequence[Cell]
    counts: dict[str, int] = field(default_factory=dict)
    next_after: Place | None = None

    @property
    def table(self) -> str:
        """The table that `ref` is an id of."""
        return self.indicator.measure.table if self.indicator.measure else ""

    @property
    def moved(self) -> Sums | None:
        """What happened since the figures were counted; None when nothing did."""
        total, figure = self.total, self.figure
        if (total.numerator, total.denominator) == (figure.numerator, figure.denominator):
            return None
        return Sums(total.numerator - figure.numerator, total.denominator - figure.denominator)


def rows_behind(
    access: Access,
    indicator: str,
    period_on: date,
    *,
    unit_id: int | None = None,
    manager_id: int | None = None,
    is_nobody: bool = False,
    only: str = "",
    after: Place | None = None,
    limit: int | None = PAGE,
    today: date,
    now: datetime,
) -> Behind:
    """The rows behind a figure, in the order of their day; `limit` None: all of them (export)."""
    if only not in FILTERS:
        raise Invalid(code="invalid_choice", field="only")
    row = indicator_of(indicator)
    subject = Subject(unit_id, manager_id, is_nobody)
    if manager_id is None and (unit_id is None or not may_see_unit(access, unit_id)):
        raise NotFound
    bounds = period_of(row.period, period_on)
    cells = _cells(access, row, bounds, subject)
    frozen = is_frozen(bounds.last)
    source = _source(access, row, bounds, subject, is_frozen=frozen, today=today, now=now)
    listed, total, counts = _listed(source, only, after, limit) if source else ((), Sums(), {})
    corrections = _corrections(access, row, bounds, subject)
    for correction in corrections:
        total = total.plus(Sums(correction.numerator, correction.denominator))
    figure = Sums()
    for cell in cells:
        figure = figure.plus(Sums(cell.numerator, cell.denominator, cell.excused, cell.mendable))
    more = limit is not None and len(listed) > limit
    shown = list(listed[:limit]) if more else list(listed)
    return Behind(
        indicator=row, bounds=bounds, subject=subject, is_frozen=frozen,
        rows=_named(access, shown), corrections=corrections, total=total if source or corrections else figure,
        figure=figure, cells=cells, counts=counts, next_after=shown[-1].place if more else None,
    )  # fmt: skip


def _cells(access: Access, row: IndicatorRow, bounds: Bounds, subject: Subject) -> list[Cell]:
    """The results that the figure is: a unit's own, or those of a manager that are in sight, within the unit."""
    scope = access.scope_for(ABILITY)
    units = [subject.unit_id] if subject.unit_id is not None else []
    if subject.is_nobody:
        found = results_of(scope, bounds.first, [row.code], unit_ids=units, is_unit=False)
        return [cell for cell in found if cell.manager_id is None]
    if subject.manager_id is None:
        return results_of(scope, bounds.first, [row.code], unit_ids=units, is_unit=True)
    found = results_of(scope, bounds.first, [row.code], manager_ids=[subject.manager_id], is_unit=False)
    if not units:
        return found
    inside = {unit[0] for unit in run(f"SELECT d.id FROM {SUBTREE} d", {"unit": subject.unit_id})}
    return [cell for cell in found if cell.unit_id in inside]


@dataclass(frozen=True, slots=True)
class _Source:
    """A statement of rows with the condition of the subject, and its values."""

    sql: str
    where: str
    marks: dict[str, Any]


_KEPT = "SELECT 1 FROM kpi_evidence WHERE indicator_id = %(_indicator)s AND period_on = %(_period_on)s LIMIT 1"


def _source(
    access: Access, row: IndicatorRow, bounds: Bounds, subject: Subject, *, is_frozen: bool, today: date, now: datetime
) -> _Source | None:
    """Where the rows are: kept by the freeze, or counted now; None: there are none to list."""
    named: dict[str, Any] = {"_indicator": row.id, "_period_on": bounds.first}
    is_kept = is_frozen or bool(run(_KEPT, named))
    measure = row.measure
    if not is_kept and (measure is None or (measure.is_of_today and bounds.last < today)):
        return None
    own = measure is not None and measure.nature == Nature.UNIT
    where, marks = _of_subject(access, subject, is_kept=is_kept, is_own=own)
    if is_kept or measure is None:
        return _Source(UNPACKED, where, named | marks)
    rows = f"SELECT m.*, ''::text AS path FROM ({measure.sql}) m"
    return _Source(rows, where, measure.bound(bounds.time(today=today, now=now)) | marks)


def _of_subject(access: Access, subject: Subject, *, is_kept: bool, is_own: bool) -> tuple[str, dict[str, Any]]:
    """The condition over a row r: inside the scope, and the subject's. What was kept knows the tree of its time."""
    where, marks = scope_marks(access.scope_for(ABILITY))
    parts = [where]
    if subject.unit_id is not None:
        marks |= {"unit": subject.unit_id, "within": f"%/{subject.unit_id}/%"}
        below = "r.path LIKE %(within)s" if is_kept else f"r.unit_id IN {SUBTREE}"
        parts.append("r.unit_id = %(unit)s" if is_own or subject.is_nobody else below)
        if subject.manager_id is None:
            parts[0] = "TRUE"  # a whole unit is in sight, with what has left it since
    if subject.is_nobody:
        parts.append("r.manager_id IS NULL")
    elif subject.manager_id is not None:
        marks["manager"] = subject.manager_id
        parts.append("r.manager_id = %(manager)s")
    return " AND ".join(parts), marks


_TOTALS = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in FILTERS.values())


def _listed(
    source: _Source, only: str, after: Place | None, limit: int | None
) -> tuple[list[EvidenceRow], Sums, dict[str, int]]:
    """One page and one row more, what all rows come to, and how many each filter leaves."""
    totals = run(
        "SELECT coalesce(sum(round(r.numerator::numeric, 2)), 0), coalesce(sum(round(r.denominator::numeric, 2)), 0),"
        f" coalesce(sum(r.excused), 0), coalesce(sum(r.mendable), 0), {_TOTALS}"
        f" FROM ({source.sql}) r WHERE {source.where}",
        source.marks,
    )[0]
    marks = source.marks | {"limit": None if limit is None else limit + 1}
    parts = [source.where, FILTERS[only]]
    if after is not None:
        parts.append("(r.day, r.ref) > (%(after_day)s, %(after_ref)s)")
        marks |= {"after_day": after[0], "after_ref": after[1]}
    rows = run(
        "SELECT r.ref, r.day, r.unit_id, r.manager_id, round(r.numerator::numeric, 2),"
        f" round(r.denominator::numeric, 2), r.excused, r.mendable, r.customer_id FROM ({source.sql}) r"
        f" WHERE {' AND '.join(parts)} ORDER BY r.day, r.ref LIMIT %(limit)s",
        marks,
    )
    found = [
        EvidenceRow(row[0], row[1], row[2], row[3], Decimal(row[4]), Decimal(row[5]), bool(row[6]), row[7], row[8])
        for row in rows
    ]
    sums = Sums(Decimal(totals[0]), Decimal(totals[1]), int(totals[2]), int(totals[3]))
    return found, sums, dict(zip(FILTERS, totals[4:], strict=True))


_CUSTOMERS = """
SELECT x.place, c.name, c.number, c.visible, (
  SELECT max(a.valid_to) FROM accounts_assignment a WHERE a.customer_id = x.customer_id AND a.staff_id = x.manager_id
    AND NOT EXISTS (SELECT 1 FROM accounts_assignment o WHERE o.customer_id = x.customer_id
      AND o.staff_id = x.manager_id AND o.valid_to IS NULL))
FROM unnest(%(places)s::int[], %(customers)s::bigint[], %(managers)s::bigint[]) AS x(place, customer_id, manager_id)
JOIN (SELECT r.id, r.name, r.number, {visible} AS visible FROM accounts_customer r WHERE r.id = ANY(%(customers)s)) c
  ON c.id = x.customer_id
"""


def _named(access: Access, rows: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """The same rows with the names of the customers that are in sight."""
    visible, marks = scope_marks(access.scope)
    about = [(place, row.customer_id, row.manager_id) for place, row in enumerate(rows) if row.customer_id]
    marks |= {
        "places": [found[0] for found in about], "customers": [found[1] for found in about],
        "managers": [found[2] for found in about],
    }  # fmt: skip
    names = {found[0]: found[1:] for found in run(_CUSTOMERS.format(visible=visible), marks)}
    named = []
    for place, row in enumerate(rows):
        name, number, is_visible, left_on = names.get(place, ("", "", False, None))
        named.append(
            EvidenceRow(
                row.ref, row.day, row.unit_id, row.manager_id, row.numerator, row.denominator, row.is_excused,
                row.mendable, row.customer_id if is_visible else None, name if is_visible else "",
                number if is_visible else "", left_on, row.customer_id is not None and not is_visible,
            )
        )  # fmt: skip
    return named


_CORRECTIONS = """
SELECT r.id, r.unit_id, r.manager_id, r.numerator, r.denominator, r.ref, r.reason, a.name, s.name, r.decided_at
FROM kpi_correction r JOIN core_user a ON a.id = r.requested_by_id JOIN core_user s ON s.id = r.decided_by_id
WHERE r.indicator_id = %(_indicator)s AND r.period_on = %(_period_on)s AND r.state = 'signed' AND {where}
ORDER BY r.decided_at, r.id
"""


def _corrections(access: Access, row: IndicatorRow, bounds: Bounds, subject: Subject) -> list[CorrectionRow]:
    """What was signed after the freeze, of the same subject."""
    is_own = row.measure is not None and row.measure.nature == Nature.UNIT
    where, marks = _of_subject(access, subject, is_kept=True, is_own=is_own)
    marks |= {"_indicator": row.id, "_period_on": bounds.first}
    return [CorrectionRow(*found) for found in run(_CORRECTIONS.format(where=where), marks)]
