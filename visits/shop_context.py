"""What the page of a visit shows of its checklist, and the list of prices under the minimum."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.list_rows import cut
from crm.core.pages import place_of
from visits.choices import ViolationState
from visits.queries.shop import check_of, found_in, violation_list

SHOWN = 50


def shop_of(visit_id: int) -> dict[str, Any] | None:
    """Checklist, stock and prices; None when the visit has none. The caller has reached the visit."""
    check = check_of(visit_id)
    if check is None:
        return None
    return {"check": check, "found": found_in(visit_id), "words": f"{_('yes')},{_('no')},–"}


def violation_list_context(request: Asked) -> dict[str, Any]:
    """SAL-33: what was found under the minimum price, newest first, by state."""
    state = dict(given_of(request.GET, ("state", "before"))).get("state", "")
    if state and state not in ViolationState.values:
        raise unknown_value("state")
    rows = violation_list(request.access.scope, state=state, before=place_of(request), limit=SHOWN)
    return cut(request, rows, SHOWN) | {"state": state, "states": ViolationState.choices}
