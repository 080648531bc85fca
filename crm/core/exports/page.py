"""What the pages of exports are given, and how their addresses are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from crm.core.addresses import COLUMNS, given_of, unknown_value, with_values, without
from crm.core.asked import Asked
from crm.core.exports.budget import left_today, rows_a_file
from crm.core.exports.orders import open_kind, query_of
from crm.core.exports.register import APPROVES, downloads_of, export_label, orders_of
from crm.core.exports.rules import may_unmask
from crm.core.forms import ExportForm
from crm.core.listed import filters_of
from crm.core.lists import ListKind, kind_of
from crm.core.models import ExportOrder, ExportState
from crm.core.pages import own_path, place_of

LOOKS = {
    ExportState.REQUESTED: ("soon", "ti-hourglass"),
    ExportState.REFUSED: ("late", "ti-circle-x"),
    ExportState.MAKING: ("info", "ti-loader"),
    ExportState.READY: ("met", "ti-circle-check"),
    ExportState.FAILED: ("late", "ti-alert-triangle"),
    ExportState.EXPIRED: ("quiet", "ti-clock-off"),
}


def read_order(request: Asked) -> tuple[ListKind, dict[str, str], ExportForm]:
    """The list of the address with its filters, and the form; 404 for a list nobody has, 403 for another's."""
    kind = open_kind(request.access, request.GET.get("list", ""))
    query = filters_of(kind, request.GET, "list")
    personal = {column.personal for column in kind.columns} - {""}
    wanted = [key for key in request.GET.get(COLUMNS, "").split(",") if key in kind.by_key]
    if wanted:  # the page's own choice, and what only files have
        wanted += [column.key for column in kind.columns if column.is_default and not column.on_page]
    form = ExportForm(
        kind, request.POST if request.method == "POST" else None,
        initial={"columns": kind.in_order(wanted or kind.defaults)},
        may_unmask=bool(personal) and any(may_unmask(request.access.abilities, [one]) for one in personal),
    )  # fmt: skip
    return kind, query, form


def new_context(
    request: Asked, kind: ListKind, query: dict[str, str], form: ExportForm, *, now: datetime
) -> dict[str, Any]:
    """The order form with what the day still allows."""
    return {
        "form": form,
        "kind": kind,
        "back": own_path(f"{kind.url}?{urlencode(query)}" if query else kind.url),
        "is_narrowed": bool(query),
        "most": rows_a_file(),
        "left": left_today(request.user, now=now),
    }


def _state(order: ExportOrder, now: datetime) -> ExportState:
    is_over = order.state == ExportState.READY and order.expires_at is not None and order.expires_at <= now
    return ExportState.EXPIRED if is_over else ExportState(order.state)


def shown(order: ExportOrder, now: datetime) -> dict[str, Any]:
    """An order with its words and the look of its state."""
    state = _state(order, now)
    look, icon = LOOKS[state]
    return {"order": order, "label": export_label(order.list_key), "state": state, "look": look, "icon": icon}


def list_context(request: Asked, *, now: datetime) -> dict[str, Any]:
    """The register with its filters."""
    given = dict(given_of(request.GET, ("state", "q", "before")))
    if given.get("state", ExportState.READY) not in ExportState.values:
        raise unknown_value("state")
    search = given.get("q", "")[:60]
    rows, following = orders_of(
        request.access, state=given.get("state", ""), search=search, before=place_of(request), now=now
    )
    fetched = downloads_of([row.pk for row in rows])
    return {
        "rows": [shown(row, now) | {"fetched": fetched.get(row.pk, 0)} for row in rows],
        "search": search,
        "chips": [
            {
                "label": state.label, "is_on": given.get("state") == state.value,
                "url": without(request.GET, "state", "before")
                if given.get("state") == state.value
                else with_values(request.GET, state=state.value),
            }
            for state in ExportState
        ],
        "is_narrowed": bool(given.keys() - {"before"}),
        "more_url": with_values(request.GET, before=str(following)) if following else "",
    }  # fmt: skip


def detail_context(request: Asked, order: ExportOrder, *, now: datetime) -> dict[str, Any]:
    """One export with what this person may do about it."""
    kind = kind_of(order.list_key)
    columns = [str(kind.by_key[key].label) for key in order.columns if key in kind.by_key] if kind else []
    mine = order.by_id == request.access.user_id
    state = _state(order, now)
    scope = request.access.scope_for(APPROVES)
    list_url = kind.url + (f"?{urlencode(query_of(order))}" if order.query else "") if kind else ""
    return shown(order, now) | {
        "columns": columns,
        "fetched": downloads_of([order.pk]).get(order.pk, 0),
        "list_url": list_url if mine else "",
        "is_mine": mine,
        "can_decide": state == ExportState.REQUESTED and scope.allows(unit_id=order.unit_id, manager_id=order.staff_id),
        "file_url": reverse("core:export_file", args=[order.pk]) if mine and state == ExportState.READY else "",
        "is_open": state == ExportState.MAKING,
    }
