"""What the list of opinions to be fed back is given."""

from __future__ import annotations

from datetime import date
from typing import Any

from complaints.queries import instructions as queries
from complaints.rules.instructions import FED_BACK_KINDS
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.list_rows import cut
from crm.core.pages import place_of
from visits.choices import VoiceKind


def opinion_list_context(request: Asked, today: date) -> dict[str, Any]:
    """CMP-33: without a result told to the customer, or with one; newest first."""
    given = dict(given_of(request.GET, ("state", "kind", "before")))
    state, kind = given.get("state", "waiting"), given.get("kind", "")
    for name, value, known in (("state", state, queries.OPINION_STATES), ("kind", kind, ("", *FED_BACK_KINDS))):
        if value not in known:
            raise unknown_value(name)
    scope = request.access.scope
    page = cut(request, queries.opinion_list(scope, state=state, kind=kind, before=place_of(request)), queries.LIMIT)
    waiting = queries.waiting_by_kind(scope)
    return page | {
        "rows": [(row, row.days(today)) for row in page["rows"]],
        "sees_cases": request.access.can("view_cases"),
        "state": state,
        "kind": kind,
        "kinds": [(code, VoiceKind(code).label, waiting[code]) for code in FED_BACK_KINDS],
    }
