"""What the pages of value assessment are given."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.actions.value import MAY
from accounts.choices import ValueClass
from accounts.filters import read_query
from accounts.models import Customer
from accounts.queries.value import (
    due_count,
    due_on,
    months_on,
    scale_on,
    suggested_volume,
    value_history,
    value_rows,
)
from accounts.rules.value import next_on
from crm.core.addresses import unknown_value, with_values, without
from crm.core.asked import Asked

OWN = ("show", "class")
SHOWS = ("due", "all")


def value_list_context(request: Asked, *, today: date) -> dict[str, Any]:
    """CUS-16: whose value is to be judged now; or everybody, by class."""
    access = request.access
    query = read_query(request.GET, today, also=OWN)
    show, value_class = _own(request)
    filters = dict(query.filters)
    if value_class:
        filters["value_class"] = value_class
    elif show == "due":
        filters |= due_on(today)
    rows, following = value_rows(access.scope, today, filters=filters, search=query.search, cursor=query.cursor)
    own = access.scope_for(MAY)
    return {
        "lines": [(row, own.allows(unit_id=row.unit_id, manager_id=row.manager_id)) for row in rows],
        "query": query,
        "quick": _quick(request, show, value_class),
        "is_narrowed": query.is_narrowed or bool(value_class),
        "is_due_list": show == "due" and not value_class,
        "due": due_count(access.scope, today),
        "months": months_on(today),
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "today": today,
    }


def _own(request: Asked) -> tuple[str, str]:
    show, value_class = request.GET.get("show") or "due", request.GET.get("class", "")
    if show not in SHOWS:
        raise unknown_value("show")
    if value_class and value_class not in ValueClass.values:
        raise unknown_value("class")
    return show, value_class


def _quick(request: Asked, show: str, value_class: str) -> list[dict[str, Any]]:
    """One tap: who is due, everybody, one class."""
    chips = [
        {"label": _("To be judged"), "is_on": show == "due" and not value_class, "url": without(request.GET, *OWN)},
        {"label": _("Everybody"), "is_on": show == "all" and not value_class,
         "url": _to(request, show="all")},
    ]  # fmt: skip
    for one in ValueClass:
        is_on = value_class == one.value
        url = without(request.GET, *OWN) if is_on else _to(request, **{"class": one.value})
        chips.append({"label": str(one.label), "is_on": is_on, "url": url})
    return chips


def _to(request: Asked, **values: str) -> str:
    rest = request.GET.copy()
    for name in OWN:
        rest.pop(name, None)
    return with_values(rest, **values)


def value_context(request: Asked, customer: Customer, *, today: date) -> dict[str, Any]:
    """One customer: his assessments, and what may be filled in for the next one."""
    history = value_history(customer)
    last = history[0] if history else None
    initial = {"volume": suggested_volume(customer)} | (
        {"growth": last.growth, "potential": last.potential} if last else {}
    )
    own = request.access.scope_for(MAY)
    return {
        "customer": customer,
        "history": history,
        "last": last,
        "next_on": next_on(last.assessed_on if last else None, months_on(today)),
        "initial": {name: value for name, value in initial.items() if value is not None},
        "scale": scale_on(today),
        "can_assess": own.allows(unit_id=customer.unit_id, manager_id=customer.manager_id),
        "is_judged": customer.kind in ("vip", "group"),
        "today": today,
    }
