"""What the list of customer voice is given beside its rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import QueryDict

from accounts.queries import names
from crm.core.addresses import with_values
from crm.core.scope import Scope
from visits.choices import VoiceKind
from visits.queries import voices as queries
from visits.queries.voices import VoiceFilters

WEEK = timedelta(days=6)


def list_context(params: QueryDict, filters: VoiceFilters, scope: Scope, today: date) -> dict[str, Any]:
    """The numbers of each kind with their addresses, the last seven days, this month's delay of key changes."""
    counts = [
        (str(VoiceKind(kind).label), with_values(params, kind=kind, cursor=""), number, kind)
        for kind, number in queries.voice_counts(scope, filters)
    ]
    return {
        "filters": filters,
        "counts": counts,
        "all_url": with_values(params, kind="", cursor=""),
        "week_url": with_values(params, first=str(today - WEEK), last=str(today), cursor=""),
        "any_day_url": with_values(params, first="", last="", cursor=""),
        "who": names.staff_name(filters.staff_id) if filters.staff_id else "",
        "anybody_url": with_values(params, staff="", cursor=""),
        "any_month_url": with_values(params, reported="", cursor=""),
        "month_url": with_values(params, kind="key_change", reported=f"{today:%Y-%m}", cursor=""),
        "delay": queries.key_change_delay(scope, today.replace(day=1), today),
    }
