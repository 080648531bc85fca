"""What the templates of a list's tools are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from crm.core import list_views
from crm.core.addresses import COLUMNS
from crm.core.asked import Asked
from crm.core.list_forms import ViewForm
from crm.core.listed import address, chosen_columns, kept
from crm.core.lists import ListKind
from crm.core.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view on the page and in the menu of a list."""

    id: int
    name: str
    url: str
    owner: str
    audience: str
    is_default: bool
    is_role: bool
    is_mine: bool
    is_on: bool
    can_change: bool


def back_to(kind: ListKind, query: str, columns: str = "") -> str:
    """The list with these filters and columns."""
    rest = address(SavedView(query=kept(kind, QueryDict(query[:1000].lstrip("?"))), columns=columns), kind)
    return f"{kind.url}?{rest}" if rest else kind.url


def tools_context(request: Asked, kind: ListKind) -> dict[str, Any]:
    """Views, columns and the filter one comes with."""
    query, asked = kept(kind, request.GET), request.GET.get(COLUMNS, "")
    chosen = chosen_columns(request.user, kind, asked)
    usual = kind.in_order(kind.defaults)
    columns = "" if chosen == usual else ",".join(chosen)
    return {
        "kind": kind,
        "query": query,
        "lines": [_line(request, kind, view, query) for view in list_views.views_of(request.access, kind)],
        "columns": [(column, column.key in chosen) for column in kind.columns if column.on_page],
        "is_usual": chosen == usual,
        "form": ViewForm(access=request.access, initial={"query": query, "columns": columns, "shown_to": "me"}),
        "back": back_to(kind, query, asked),
        "tools_url": f"{reverse('core:list_tools', args=[kind.key])}?{request.GET.urlencode()}",
    }


def _line(request: Asked, kind: ListKind, view: SavedView, query: str) -> ViewLine:
    rest = address(view, kind)
    return ViewLine(
        id=view.pk,
        name=view.name,
        url=f"{kind.url}?{rest}" if rest else kind.url,
        owner=view.owner.name,
        audience=list_views.audience(view),
        is_default=view.is_default,
        is_role=bool(view.role),
        is_mine=view.owner_id == request.user.pk,
        is_on=bool(query) and dict(QueryDict(view.query).items()) == dict(QueryDict(query).items()),
        can_change=list_views.may_change(request.access, view),
    )
