"""What the tab of a customer's lines and events is given (RET-9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from accounts.actions.leaving import NOTES
from accounts.choices import CustomerKind, LineState
from accounts.queries import customer_for
from accounts.queries import lines as queries
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.pages import place_of

FILTERS = ("state", "before")
LOOKS = {"active": "met", "suspended": "soon", "closed": "quiet"}
ICONS = {"active": "circle-check", "suspended": "player-pause", "closed": "circle-x"}  # ti-player-pause


def lines_context(request: HttpRequest, customer_id: int, *, today: date) -> dict[str, Any]:
    """Five statements at most: the customer, lines by state, a page of lines, what happened, the months of a group."""
    access: Access = request.access  # type: ignore[attr-defined]
    customer = customer_for(access.scope, customer_id)
    state = dict(given_of(request.GET, FILTERS)).get("state", "")
    if state and state not in LineState.values:
        raise unknown_value("state")
    counts = queries.line_counts(customer_id)
    rows = queries.lines_of(customer_id, state=state, after=place_of(request) or 0)
    shown = rows[: queries.LIMIT]
    where = {"unit_id": customer.unit_id, "manager_id": customer.manager_id}
    is_group = customer.kind == CustomerKind.GROUP and bool(counts)
    months = queries.net_movement(customer_id, today) if is_group else []
    return {
        "customer": customer,
        "lines": [{"row": row, "look": LOOKS[row.state], "icon": ICONS[row.state]} for row in shown],
        "total": sum(counts.values()),
        "chips": _chips(request, counts, state),
        "state": state,
        "more_url": with_values(request.GET, before=str(shown[-1].id)) if len(rows) > queries.LIMIT else "",
        "happenings": queries.happenings_of(customer_id),
        "is_group": is_group,
        "months": [month for month in months if month.is_moved],
        "can_note": access.scope_for(NOTES).allows(**where),
    }


def _chips(request: HttpRequest, counts: dict[str, int], state: str) -> list[dict[str, Any]]:
    """Lines by state, each a filter."""
    return [
        {
            "label": str(LineState(value).label),
            "count": counts[value],
            "url": without(request.GET, "state", "before")
            if value == state
            else with_values(request.GET, state=value, before=""),
            "is_on": value == state,
        }
        for value in LineState.values
        if counts.get(value)
    ]
