"""Early warning (issue 5): who will miss a target hears of it once, while something can still be done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from accounts.queries.names import StaffCard
from accounts.queries.portfolio import covered_today
from crm.core import parameters, working_days
from crm.core.models import Notice
from crm.core.notices import NoticeRow, languages_of, notify
from crm.core.scope import Scope
from crm.core.sweeps import sweep
from kpi.choices import ResultSource
from kpi.faces import Face, Subject, face_of
from kpi.notices import KPI_TEAM_WARNING, KPI_WARNING
from kpi.queries.results import Cell, merged, results_of
from kpi.rules.periods import period_of
from kpi.rules.projection import pace_of

SUBJECT = "kpi_indicator"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A figure of one manager that will miss its target."""

    card: StaffCard
    cell: Cell

    @property
    def key(self) -> tuple[int, int, str]:
        """What is told once: to whom, of which indicator, of which period."""
        return self.card.user_id, self.cell.indicator_id, self.cell.period_on.isoformat()


@sweep("warn_of_targets", label=_("Warn of targets that will be missed"))
def warn_of_targets(*, today: date, now: datetime) -> int:
    """Once per manager, indicator and period, with the rows that would mend it; one digest to who supervises them.

    Twice is as once; a night that is made up for on a later day says nothing: tonight's knows more.
    """
    if today < timezone.localdate(now):
        return 0
    new = _untold(foreseen(today))
    written = notify(_own(new, today), now)
    notify(_digests(new, today), now)
    return written


def foreseen(today: date) -> list[Foreseen]:
    """Every running figure of an active manager that will be missed unless something is done.

    At the present pace it is told when enough of the period is over; out of reach, at once (kpi.rules.values.light).
    """
    cells: dict[int, list[Cell]] = defaultdict(list)
    for cell in results_of(Scope.ALL, today, is_unit=False):
        if cell.manager_id is not None and _can_warn(cell, today):
            cells[cell.manager_id].append(cell)
    is_early = _early(today, {cell.indicator.period for found in cells.values() for cell in found})
    found = []
    for manager_id, own in cells.items():
        card = names.staff_card(manager_id)
        if card is None or not card.is_active:
            continue
        for cell in merged(own).values():
            face = face_of(cell, today)
            if face.warns and (face.is_out_of_reach or not is_early[cell.indicator.period]):
                found.append(Foreseen(card, cell))
    return found


def _can_warn(cell: Cell, today: date) -> bool:
    """What is counted, runs, and has something to reach."""
    return (
        cell.target is not None
        and cell.source == ResultSource.COMPUTED
        and cell.frozen_at is None
        and cell.is_running(today)
    )


def _early(today: date, kinds: Iterable[str]) -> dict[str, bool]:
    """Whether it is too early in the period of each kind to go by the pace."""
    least, calendar = int(parameters.value("kpi_warning_after", today)), working_days.calendar()
    paces = {kind: pace_of(period_of(kind, today), today, calendar) for kind in kinds}
    return {kind: not pace.is_known or 100 * pace.gone < least * pace.of for kind, pace in paces.items()}


def _untold(found: Sequence[Foreseen]) -> list[Foreseen]:
    """Those nobody has been told of."""
    told = set(
        Notice.objects.filter(
            kind=KPI_WARNING.kind, subject_table=SUBJECT, occasion__in={one.key[2] for one in found}
        ).values_list("user_id", "subject_id", "occasion")
    )
    return [one for one in found if one.key not in told]


def _own(found: Sequence[Foreseen], today: date) -> list[NoticeRow]:
    """What each manager reads: the figure, what is foreseen, and the list that would mend it."""
    languages = languages_of(one.card.user_id for one in found)
    rows = []
    for one in found:
        user_id, indicator_id, occasion = one.key
        if user_id not in languages:
            continue
        with translation.override(languages[user_id]):
            face = face_of(one.cell, today)
            params = {"indicator": face.label, "text": face.warning}
        rows.append(
            NoticeRow(user_id, KPI_WARNING.kind, SUBJECT, indicator_id, occasion, params, _rows_url(one, face, today))
        )
    return rows


def _rows_url(one: Foreseen, face: Face, today: date) -> str:
    """The rows that can still be mended; all of them when none can."""
    subject = Subject(today.replace(day=1), manager_id=one.card.id)
    return subject.rows(face.code, "mendable" if one.cell.mendable else "")


def _digests(found: Sequence[Foreseen], today: date) -> list[NoticeRow]:
    """One to each supervisor (and to who stands in for him) about all his people of tonight."""
    teams: dict[int, list[Foreseen]] = defaultdict(list)
    for one in found:
        if one.card.supervisor_id is not None:
            teams[one.card.supervisor_id].append(one)
    readers = _readers(teams, today)
    url = f"{reverse('kpi:dashboard')}?month={today:%Y-%m}"
    return [
        NoticeRow(
            user_id, KPI_TEAM_WARNING.kind, "accounts_staff", staff_id, today.isoformat(),
            {"figures": len(teams[staff_id]), "managers": len({one.card.id for one in teams[staff_id]})}, url,
        )
        for staff_id, user_id in readers
    ]  # fmt: skip


def _readers(teams: Mapping[int, object], today: date) -> list[tuple[int, int]]:
    """(supervisor, user who reads it): he himself, or who covers him today."""
    covers = covered_today(list(teams), today)
    found = []
    for staff_id in sorted(teams):
        card = names.staff_card(covers.get(staff_id, staff_id))
        if card is not None and card.is_active:
            found.append((staff_id, card.user_id))
    return found
