"""What the pages of entered results show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.asked import Asked
from crm.core.pages import place_of
from kpi import value_words as words
from kpi.actions.entry_file import COLUMNS
from kpi.choices import EntryState, Period
from kpi.forms.entries import EntryForm
from kpi.models import EnteredResult
from kpi.queries.entries import ENTERS, LIMIT, SEES, SIGNS, enterable, entries, waiting
from kpi.queries.indicators import all_indicators
from kpi.rules.entry_text import write_period
from kpi.rules.values import value

READS = (ENTERS, SIGNS)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entered result in words."""

    row: EnteredResult
    label: str
    period: str
    value: str
    can_sign: bool


def entry_list_context(request: Asked) -> dict[str, Any]:
    """A page of entered results, by state, with what the reader may do with each."""
    access: Access = request.access
    state = dict(given_of(request.GET, ("state", "before"))).get("state", "")
    if state and state not in EntryState.values:
        raise unknown_value("state")
    scope, signs = access.scope_for(SEES), access.scope_for(SIGNS)
    rows = entries(scope, state=state, before=place_of(request))
    labels = {row.id: row.label() for row in all_indicators()}
    shown = [
        ShownEntry(
            row, labels.get(row.indicator_id, row.indicator.code), write_period(row.indicator.period, row.period_on),
            words.value_words(value(row.indicator.display, row.numerator, row.denominator), row.indicator.display),
            row.state == EntryState.ENTERED and signs.allows(unit_id=row.unit_id),
        )
        for row in rows[:LIMIT]
    ]  # fmt: skip
    return {
        "rows": shown,
        "more_url": with_values(request.GET, before=str(rows[LIMIT - 1].pk)) if len(rows) > LIMIT else "",
        "state": state,
        "states": EntryState.choices,
        "waiting": waiting(scope),
        "can_enter": access.can(ENTERS),
        "user_id": request.user.pk,
    }


def entry_form(request: Asked, today: date) -> EntryForm:
    """The form of one result, for the units where somebody enters."""
    rows = {row.pk: row for row in enterable()}
    return EntryForm(
        request.POST or None, request.FILES or None, scope=request.access.scope_for(ENTERS), indicators=rows,
        initial={"period": write_period(Period.YEAR, today), "denominator": 100},
    )  # fmt: skip


def example() -> dict[str, Any]:
    """The names of the columns, what they hold, and the codes that can be entered."""
    labels = {row.id: row.label() for row in all_indicators()}
    return {
        "columns": list(COLUMNS.items()),
        "indicators": [(row.code, labels.get(row.pk, ""), row.get_period_display()) for row in enterable()],
    }
