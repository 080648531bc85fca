"""Which version of a scorecard holds for whom in which month (KPI-9, KPI-10), and who may read which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.choices import Audience, VersionState
from kpi.models import ScorecardLine, ScorecardVersion
from kpi.rules.scoring import Line

SEES = "view_kpi"
SETS_ALL = "set_standards"
SETS_OWN = "set_unit_rules"


@dataclass(frozen=True, slots=True)
class Holding:
    """The versions that hold in a month, by audience and unit (None: headquarters)."""

    month: date
    chosen: Mapping[tuple[str, int | None], ScorecardVersion] = field(default_factory=dict)

    def for_unit(self) -> ScorecardVersion | None:
        """What headquarters assesses units by (KPI-1)."""
        return self.chosen.get((Audience.UNIT, None))

    def for_manager(self, units_above: Sequence[int]) -> ScorecardVersion | None:
        """The version of the nearest unit above him that has one of the latest year, else headquarters' (KPI-10)."""
        nearest = [*reversed(units_above), None]
        found = [self.chosen[key] for unit in nearest if (key := (Audience.MANAGER.value, unit)) in self.chosen]
        latest = max((version.year for version in found), default=0)
        return next((version for version in found if version.year == latest), None)


def holding_in(month: date) -> Holding:
    """Per audience and unit the version of the latest year, and of that year the last one up to the month."""
    rows = ScorecardVersion.unscoped.exclude(state=VersionState.DRAFT).filter(
        holds_from__lte=month, year__lte=month.year
    )
    return Holding(
        month, {(row.audience, row.unit_id): row for row in rows.order_by("year", "holds_from", "published_at", "pk")}
    )


def lines_of(version_ids: Iterable[int]) -> dict[int, list[ScorecardLine]]:
    """The lines of versions with their indicators, in the order of the card."""
    found: dict[int, list[ScorecardLine]] = {version_id: [] for version_id in version_ids}
    rows = ScorecardLine.unscoped.filter(version_id__in=list(found)).select_related("indicator")
    for line in rows.order_by("indicator__category", "indicator__sub_no", "indicator__position"):
        found[line.version_id].append(line)
    return found


def rule_of(line: ScorecardLine, usual: tuple[Decimal | None, bool] = (None, False)) -> Line:
    """A line as the rules take it; `usual` is the indicator's own target, which a line may replace."""
    indicator, own = line.indicator, line.target is not None
    return Line(
        code=indicator.code, category=indicator.category, sub_no=indicator.sub_no, weight=line.weight,
        scoring=line.scoring, direction=indicator.direction, target=line.target if own else usual[0],
        is_strict=False if own else usual[1], floor=line.floor,
        steps=tuple((Decimal(limit), Decimal(share)) for limit, share in line.steps),
        each=line.each, takes=line.takes, display=indicator.display,
    )  # fmt: skip


# --- Reading


def units_near(access: Access) -> tuple[int, ...]:
    """The units whose rules concern somebody: those he leads, and every unit he belongs to."""
    scope = access.scope_for(SEES)
    card = names.staff_card(access.staff_id)
    return tuple({*scope.unit_ids, *(names.units_above(card.unit_id) if card else ())})


def versions_for(access: Access) -> QuerySet[ScorecardVersion]:
    """Headquarters' versions are everybody's to read; a unit's are read in the unit and above it (KPI-1)."""
    if access.scope_for(SEES).everything:
        return ScorecardVersion.visible_to(Scope.ALL).select_related("unit")
    near = ScorecardVersion.unscoped.filter(Q(unit=None) | Q(unit_id__in=units_near(access)))
    return near.select_related("unit")


def version_for(access: Access, version_id: int) -> ScorecardVersion:
    """One of them, or 404. A draft is there only for who may write it."""
    found = versions_for(access).filter(pk=version_id).first()
    if found is None or (found.state == VersionState.DRAFT and not may_set(access, found.unit_id)):
        raise NotFound
    return found


def version_list(access: Access) -> list[ScorecardVersion]:
    """All versions that somebody may read, newest year first, headquarters before units."""
    rows = versions_for(access).order_by("-year", "audience", "unit__path", "-holds_from", "-pk")
    return [row for row in rows if row.state != VersionState.DRAFT or may_set(access, row.unit_id)]


def may_set(access: Access, unit_id: int | None) -> bool:
    """Headquarters sets its own rules and any unit's; a unit's supervisor his unit's (KPI-9, KPI-10)."""
    if access.can(SETS_ALL):
        return True
    return unit_id is not None and access.scope_for(SETS_OWN).allows(unit_id=unit_id)


def weights_by_category(lines: Iterable[Any]) -> dict[int, Decimal]:
    """What the lines of each category add up to."""
    found: dict[int, Decimal] = {}
    for line in lines:
        found[line.indicator.category] = found.get(line.indicator.category, Decimal(0)) + line.weight
    return found
