"""What the settings pages of the ground show: values ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import parameters
from crm.core.count_words import count_word
from crm.core.models import Parameter, SweepRun, WorkDay
from crm.core.parameters import Definition
from crm.core.sweeps import STEPS
from crm.core.working_days import calendar

PAGE = 100
FIRST_YEAR, LAST_YEAR = 2004, 2100
GROUPS: dict[str, str | Promise] = {
    "ledger": gettext_lazy("Keeping in touch"),
    "logging": gettext_lazy("Logging visits"),
    "journal": gettext_lazy("Journal and review"),
    "portfolio": gettext_lazy("Portfolios"),
    "dispatch": gettext_lazy("Dispatch and reporting up"),
    "desk": gettext_lazy("The desk"),
    "sales": gettext_lazy("Sales"),
    "engagement": gettext_lazy("Service policies"),
    "risk": gettext_lazy("Risk and alerts"),
    "churn": gettext_lazy("Churn"),
    "credit": gettext_lazy("Credit and arrears"),
    "kpi": gettext_lazy("Assessment"),
    "staff": gettext_lazy("Staff"),
    "archive": gettext_lazy("Archive"),
    "import": gettext_lazy("Import"),
    "truth": gettext_lazy("True records"),
    "registers": gettext_lazy("Registers"),
    "care": gettext_lazy("Care"),
    "delivery": gettext_lazy("Messages"),
    "night": gettext_lazy("The night"),
    "safety": gettext_lazy("Safety and sign-in"),
}


@dataclass(frozen=True)
class ShownParameter:
    """A parameter with what holds now and what will hold later."""

    key: str
    label: str
    help: str
    unit: str
    value: str
    since: date | None
    planned: tuple[tuple[date, str], ...]
    is_ours: bool
    source: str


def in_words(definition: Definition, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    names = dict(definition.choices()) if definition.choices else {}
    if isinstance(value, list):
        return "、".join(str(names.get(item, item)) for item in value) or _("none")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(names.get(value, value))


def shown(definition: Definition, today: date) -> ShownParameter:
    """One parameter as the list shows it."""
    rows = parameters.history(definition.key)
    past = [start for start, _value in rows if start <= today]
    return ShownParameter(
        key=definition.key,
        label=str(definition.label),
        help=str(definition.help),
        unit=str(definition.unit),
        value=in_words(definition, parameters.value(definition.key, on=today)),
        since=past[-1] if past else None,
        planned=tuple((start, in_words(definition, value)) for start, value in rows if start > today),
        is_ours=definition.is_ours,
        source="" if definition.is_ours else definition.source,
    )


def parameter_groups(today: date) -> list[tuple[str, list[ShownParameter]]]:
    """Every registered parameter, by group."""
    groups: dict[str, list[ShownParameter]] = {group: [] for group in GROUPS}
    for definition in parameters.REGISTRY.values():
        groups.setdefault(definition.group, []).append(shown(definition, today))
    return [(str(GROUPS.get(group, group)), rows) for group, rows in groups.items() if rows]


def parameter_history(definition: Definition) -> list[tuple[date, str, str, datetime]]:
    """Every value that was set: from when, what, by whom, at what moment; newest first."""
    rows = Parameter.objects.filter(key=definition.key).select_related("set_by").order_by("-effective_from")
    return [
        (
            row.effective_from,
            in_words(definition, parameters.parse(definition, row.value)),
            row.set_by.name if row.set_by else "",
            row.set_at,
        )
        for row in rows
    ]


def work_days_of(year: int) -> tuple[list[WorkDay], bool]:
    """The exceptions of a year, in order, and whether the year's holidays are known."""
    return list(WorkDay.objects.filter(date__year=year).order_by("date")), calendar().is_complete(year)


@dataclass(frozen=True)
class ShownRun:
    """A step of a night, as the page of runs shows it."""

    id: int
    step: str
    business_date: date
    started_at: datetime
    rows: int | None
    seconds: float | None
    detail: tuple[tuple[str, Any], ...]
    error: str
    is_running: bool
    is_late: bool

    @property
    def result(self) -> str:
        """How it went, in words."""
        if self.error:
            return f"{_('failed')}: {self.error}"
        return _("no answer") if self.is_late else _("running") if self.is_running else _("done")


def runs(*, now: datetime, day: date | None = None, before: int | None = None) -> tuple[list[ShownRun], int | None]:
    """Steps of the nights, newest first, and where the next page begins."""
    found = SweepRun.objects.order_by("-id")
    if day is not None:
        found = found.filter(business_date=day)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found[: PAGE + 1])
    following = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return [_shown_run(row, now) for row in rows[:PAGE]], following


def _shown_run(row: SweepRun, now: datetime) -> ShownRun:
    known = STEPS.get(row.step)
    return ShownRun(
        id=row.pk,
        step=str(known.label or row.step) if known else row.step,
        business_date=row.business_date,
        started_at=row.started_at,
        rows=row.rows,
        seconds=float(row.seconds) if row.seconds is not None else None,
        detail=tuple((count_word(name), value) for name, value in row.detail.items() if isinstance(value, int | str)),
        error=row.error,
        is_running=row.finished_at is None,
        is_late=row.finished_at is None and now - row.started_at > timedelta(hours=1),
    )
