"""What an address of the dashboards asks for: read strictly, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value
from crm.core.scope import Scope
from kpi.queries.boards import seen_unit, top_unit
from kpi.queries.results import ABILITY
from visits.filters import read_id
from visits.page_context import Month, month_of


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which month and unit; `unit_id` None: his own figures only."""

    access: Access
    now: datetime
    month: Month
    unit_id: int | None
    manager_id: int | None
    given: Mapping[str, str]

    @property
    def scope(self) -> Scope:
        """The figures he may see."""
        return self.access.scope_for(ABILITY)

    @property
    def today(self) -> date:
        """The day he asks on."""
        return timezone.localdate(self.now)

    @property
    def first(self) -> date:
        """First day of the month."""
        return self.month.first

    def address(self, **changed: str) -> str:
        """The same page with something else asked for; an empty value is left out."""
        asked = dict(self.given) | changed
        kept = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"


def asking_of(request: HttpRequest, *, now: datetime, also: Collection[str] = (), raw_month: str = "") -> Asking:
    """Read the address; without a unit the highest one in sight, without a month the present one."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(ABILITY)
    given = dict(given_of(request.GET, ("month", "unit", "manager", *also)))
    month = month_of(raw_month or given.get("month", ""), timezone.localdate(now))
    unit_id = seen_unit(scope, read_id(given["unit"], "unit")) if "unit" in given else top_unit(scope)
    manager_id = read_id(given["manager"], "manager") if "manager" in given else None
    return Asking(access, now, month, unit_id, manager_id, given)


def one_of(asking: Asking, name: str, choices: Collection[str], default: str) -> str:
    """A value of a short list."""
    value = asking.given.get(name, default)
    if value not in choices:
        raise unknown_value(name)
    return value
