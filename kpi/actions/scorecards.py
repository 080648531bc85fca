"""Versions of scorecards are written, put into force and followed by others (KPI-9, KPI-10, KPI-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from kpi.choices import ASSESSED, Audience, Scoring, VersionState
from kpi.models import Indicator, ScorecardLine, ScorecardVersion
from kpi.queries.results import targets_on
from kpi.queries.versions import holding_in, may_set, version_for

if TYPE_CHECKING:
    from crm.core.models import User

WHOLE = Decimal(100)
YEARS_AHEAD = 1
COPIED = ("indicator_id", "weight", "scoring", "target", "floor", "steps", "each", "takes")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as somebody enters it."""

    indicator_id: int
    weight: Decimal
    scoring: str
    target: Decimal | None = None
    floor: Decimal | None = None
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    each: Decimal | None = None
    takes: Decimal | None = None


def begin_version(
    *, year: int, audience: str, unit_id: int | None = None, title: str, base_id: int | None = None, by: User,
    now: datetime,
) -> ScorecardVersion:  # fmt: skip
    """KPI-9, KPI-10: a draft with the lines of another version; without one, of what holds there today."""
    today = timezone.localdate(now)
    title = clean_text(title, field="title", max_length=80, blank=False)
    if not today.year <= year <= today.year + YEARS_AHEAD:
        raise Invalid(_("A scorecard is made for this year or the next."), code="out_of_range", field="year")
    if unit_id is not None and audience != Audience.MANAGER:
        raise Invalid(
            _("Units are assessed by headquarters: a unit's own scorecard is for its managers."),
            code="invalid_choice", field="audience",
        )  # fmt: skip
    with write(by=by):
        if not may_set(by.access, unit_id):
            raise NotAllowed
        base = version_for(by.access, base_id) if base_id else _usual(audience, unit_id, today)
        made = ScorecardVersion.unscoped.create(
            year=year, audience=audience, unit_id=unit_id, title=title, made_at=now, made_by=by
        )
        if base is not None:
            _copy_lines(base, made)
    return made


def _usual(audience: str, unit_id: int | None, today: date) -> ScorecardVersion | None:
    holding = holding_in(today.replace(day=1))
    if audience == Audience.UNIT:
        return holding.for_unit()
    return holding.for_manager(names.units_above(unit_id) if unit_id else ())


def _copy_lines(base: ScorecardVersion, made: ScorecardVersion) -> None:
    lines = ScorecardLine.unscoped.filter(version=base, indicator__is_active=True).order_by("pk").values(*COPIED)
    ScorecardLine.unscoped.bulk_create(ScorecardLine(version=made, **line) for line in lines)


def save_version(
    *, version_id: int, title: str, note: str = "", entries: Sequence[Entry], version: int, by: User
) -> ScorecardVersion:
    """Mend a draft. What is in force is locked: another version follows it (KPI-9)."""
    title = clean_text(title, field="title", max_length=80, blank=False)
    note = clean_text(note, field="note", max_length=300)
    with write(by=by):
        row = _draft(version_id, by)
        if row.version != version:
            raise Conflict
        _check_entries(entries)
        row.title, row.note, row.version = title, note, row.version + 1
        row.save(update_fields=["title", "note", "version"])
        _keep_lines(row, [entry for entry in entries if entry.weight])
    return row


def _keep_lines(row: ScorecardVersion, entries: Sequence[Entry]) -> None:
    """Lines without weight fall away."""
    wanted = {entry.indicator_id: entry for entry in entries}
    there = {line.indicator_id: line for line in ScorecardLine.unscoped.filter(version=row)}
    gone = [line.pk for indicator_id, line in there.items() if indicator_id not in wanted]
    ScorecardLine.unscoped.filter(pk__in=gone).delete()
    for indicator_id, entry in wanted.items():
        line = there.get(indicator_id) or ScorecardLine(version=row, indicator_id=indicator_id)
        values = {name: getattr(entry, name) for name in COPIED[1:]}
        values["steps"] = [[str(limit), str(share)] for limit, share in entry.steps]
        if line.pk is None or any(getattr(line, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(line, name, value)
            line.save()


def _check_entries(entries: Sequence[Entry]) -> None:
    """KPI-10: within the six categories; a scoring has what it needs."""
    known = set(Indicator.objects.filter(category__in=ASSESSED, is_active=True).values_list("pk", flat=True))
    problems = []
    for entry in entries:
        if entry.indicator_id not in known:
            raise NotFound
        if not 0 <= entry.weight <= WHOLE:
            problems.append(FieldProblem(f"w{entry.indicator_id}", "out_of_range", _("A weight is between 0 and 100.")))
        if entry.scoring not in Scoring.values:
            problems.append(
                FieldProblem(f"s{entry.indicator_id}", "invalid_choice", _("This is not one of the choices."))
            )
    if problems:
        raise Invalid(errors=problems)


def discard_version(*, version_id: int, by: User) -> None:
    """A draft that is not wanted."""
    with write(by=by):
        _draft(version_id, by).delete()


def publish_version(*, version_id: int, by: User, now: datetime) -> ScorecardVersion:
    """KPI-9: put a draft into force from this month on (for next year: from its January); weights sum to 100.

    The version before it stays what it is for the months it held: new rules never change old results.
    """
    today = timezone.localdate(now)
    with write(by=by):
        row = _draft(version_id, by)
        _check_whole(row, today)
        before = ScorecardVersion.unscoped.select_for_update().filter(
            year=row.year, unit=row.unit, audience=row.audience, state=VersionState.IN_FORCE
        )
        before.update(state=VersionState.RETIRED)
        row.holds_from = _holds_from(row.year, today)
        row.state, row.published_at, row.published_by = VersionState.IN_FORCE, now, by
        row.save(update_fields=["state", "holds_from", "published_at", "published_by"])
    return row


def _holds_from(year: int, today: date) -> date:
    """Next year's from January; of this year from this month on, for the months before had their rules."""
    return date(year, 1, 1) if year > today.year else today.replace(day=1)


def _check_whole(row: ScorecardVersion, today: date) -> None:
    lines = list(ScorecardLine.unscoped.filter(version=row).select_related("indicator"))
    whole = sum((line.weight for line in lines), Decimal(0))
    if whole != WHOLE:
        raise Invalid(
            _("The weights sum to %(sum)s, not to 100."), code="weights", params={"sum": f"{whole.normalize():f}"}
        )
    usual = targets_on(today)
    without = [
        line.indicator.code for line in lines
        if line.scoring != Scoring.STEP and line.target is None and usual.get(line.indicator_id, (None,))[0] is None
    ]  # fmt: skip
    if without:
        raise Invalid(
            _("These lines have no target to be measured against: %(codes)s."),
            code="no_target", params={"codes": ", ".join(sorted(without))},
        )  # fmt: skip


def _draft(version_id: int, by: User) -> ScorecardVersion:
    version_for(by.access, version_id)
    row = ScorecardVersion.unscoped.select_for_update().get(pk=version_id)
    if not may_set(by.access, row.unit_id):
        raise NotAllowed
    if row.state != VersionState.DRAFT:
        raise Conflict(_("This version is in force and locked. Copy it to change it."), code="locked")
    return row
