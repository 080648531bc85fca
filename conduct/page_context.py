"""What the templates of conduct are given, and how their addresses are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.queries import names
from conduct import queries
from conduct.choices import OutingState
from conduct.queries import OutingFilters, OutingRow
from conduct.queries.call_details import ASKS, AUDITS, CONFIRMS
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.asked import Asked
from visits.filters import read_day, read_id
from visits.page_context import Month, month_of

FILTERS = ("staff", "state", "from", "to", "before")


def read_outings(params: QueryDict) -> tuple[dict[str, str], OutingFilters]:
    """The address of the register; raises `Invalid` naming the first wrong value."""
    given = dict(given_of(params, FILTERS))
    if "state" in given and given["state"] not in OutingState.values:
        raise unknown_value("state")
    filters = OutingFilters(
        staff_id=read_id(given["staff"], "staff") if "staff" in given else None,
        state=given.get("state", ""),
        first=read_day(given["from"], "from") if "from" in given else None,
        last=read_day(given["to"], "to") if "to" in given else None,
    )
    given.pop("before", None)
    return given, filters


TABS = (
    ("list", _lazy("Outings"), "conduct:outing_list", ("register_outing", "view_team")),
    ("exceptions", _lazy("Exceptions"), "conduct:reconciliation", ("register_outing", "view_team")),
    ("call_details", _lazy("Printed call details"), "conduct:call_detail_list", (ASKS, CONFIRMS, AUDITS)),
)


def tabs(access: Access, current: str) -> list[dict[str, Any]]:
    """The registers this person may open."""
    return [
        {"label": label, "url": reverse(url_name), "is_current": current == key}
        for key, label, url_name, abilities in TABS
        if access.can_any(*abilities)
    ]


def list_context(
    request: Asked, rows: Sequence[OutingRow], following: int | None, given: Mapping[str, str]
) -> dict[str, Any]:
    """The register with its filters."""
    labels = {"from": _("From day"), "to": _("Until day")}
    chips = [Chip(f"{labels[name]} {raw}", without(request.GET, name, "before")) for name, raw in given.items()
             if name in labels]  # fmt: skip
    if "staff" in given:
        chips.append(Chip(names.staff_name(int(given["staff"])) or given["staff"], without(request.GET, "staff")))
    return {
        "tabs": tabs(request.access, "list"),
        "rows": rows,
        "chips": chips,
        "quick": [
            {
                "label": state.label, "is_on": given.get("state") == state.value,
                "url": without(request.GET, "state", "before")
                if given.get("state") == state.value
                else with_values(request.GET, state=state.value),
            }
            for state in (OutingState.OUT, OutingState.REGISTERED, OutingState.BACK)
        ],
        "is_narrowed": bool(given),
        "can_register": request.access.can("register_outing"),
        "staff_id": request.access.staff_id,
        "show_people": request.access.can("view_team"),
        "more_url": with_values(request.GET, before=str(following)) if following else "",
    }  # fmt: skip


def read_exceptions(params: QueryDict, today: Any) -> tuple[Month, int | None]:
    """The month, and one person perhaps."""
    given = dict(given_of(params, ("month", "staff")))
    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    return month_of(given.get("month", ""), today), staff_id


def exceptions_context(request: Asked, month: Month, staff_id: int | None) -> dict[str, Any]:
    """Both lists, and F47 by person; every number leads to its rows."""
    access, span = request.access, {"first": month.first, "last": month.last}
    shares = queries.outing_shares(access, **span, staff_id=staff_id)
    here, visits = reverse("conduct:reconciliation"), reverse("visits:visit_list")
    tail = f"from={month.first.isoformat()}&to={month.last.isoformat()}&onsite=1"
    return {
        "tabs": tabs(access, "exceptions"),
        "month": month,
        "person": names.staff_name(staff_id) if staff_id else "",
        "staff_tail": f"&staff={staff_id}" if staff_id else "",
        "uncovered": queries.uncovered_visits(access, **span, staff_id=staff_id),
        "empty": queries.empty_outings(access, **span, staff_id=staff_id),
        "shares": [
            {
                "row": row, "url": f"{here}?month={month.first:%Y-%m}&staff={row.staff_id}",
                "visits_url": f"{visits}?{tail}&staff={row.staff_id}",
            }
            for row in shares
        ],
    }  # fmt: skip
