"""What the pages of the register of printed call details are given (SEC-6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer
from accounts.queries.lines import lines_of
from conduct import queries
from conduct.choices import PrintState
from conduct.forms import CallDetailForm
from conduct.page_context import tabs
from conduct.queries import PrintRow
from conduct.queries.call_details import ASKS, CONFIRMS
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.pages import place_of
from visits.filters import read_id

LOOKS = {
    PrintState.REQUESTED: ("soon", "ti-hourglass"),
    PrintState.REGISTERED: ("info", "ti-printer"),
    PrintState.REFUSED: ("late", "ti-printer-off"),
    PrintState.PRINTED: ("met", "ti-circle-check"),
    PrintState.EXPIRED: ("quiet", "ti-clock-off"),
}


def shown(row: PrintRow) -> dict[str, Any]:
    """A row with the look of its state."""
    look, icon = LOOKS[PrintState(row.state)]
    return {"row": row, "look": look, "icon": icon}


def list_context(request: Asked, *, now: datetime) -> dict[str, Any]:
    """The register with its filters."""
    given = dict(given_of(request.GET, ("state", "customer", "before")))
    if given.get("state", PrintState.PRINTED) not in PrintState.values:
        raise unknown_value("state")
    customer_id = read_id(given["customer"], "customer") if "customer" in given else None
    rows, following = queries.print_rows(
        request.access, state=given.get("state", ""), customer_id=customer_id, before=place_of(request), now=now
    )
    return {
        "tabs": tabs(request.access, "call_details"),
        "rows": [shown(row) for row in rows],
        "chips": [
            {
                "label": state.label, "is_on": given.get("state") == state.value,
                "url": without(request.GET, "state", "before")
                if given.get("state") == state.value
                else with_values(request.GET, state=state.value),
            }
            for state in PrintState
        ],
        "is_narrowed": bool(given.keys() - {"before"}),
        "can_ask": request.access.can(ASKS),
        "more_url": with_values(request.GET, before=str(following)) if following else "",
    }  # fmt: skip


def customer_of(access: Access, customer_id: int) -> Customer:
    """The customer; 404 where one may not ask for his details."""
    found = Customer.visible_to(access.scope_for(ASKS)).filter(pk=customer_id).first()
    if found is None:
        raise NotFound
    return found


def form_of(request: Asked, customer: Customer, *, now: datetime) -> CallDetailForm:
    """The request form with the customer's lines and the months there are."""
    lines = lines_of(customer.pk, limit=200)
    months = queries.months_back(timezone.localdate(now))
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return CallDetailForm(lines, months, *sent, initial={"month": months[1].isoformat(), "authorised_by": ""})


def detail_context(request: Asked, print_id: int, *, now: datetime) -> dict[str, Any]:
    """One row with what this person may do about it."""
    row = queries.print_row(request.access, print_id, now)
    mine = row.asker_id == request.access.user_id
    return shown(row) | {
        "is_mine": mine,
        "can_decide": row.state == PrintState.REQUESTED and request.access.can(CONFIRMS),
        "can_print": row.state == PrintState.REGISTERED and mine and request.access.can(ASKS),
        "print_url": reverse("workbench:call_detail_sheet", args=[row.id]),
        "customer_url": reverse("workbench:customer", args=[row.customer_id]),
    }
