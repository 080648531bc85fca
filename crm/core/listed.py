"""A list page as somebody has it: which columns, and which saved view it opens with.

`@listed("customers")` on a list's view is all a page needs: what was chosen stands in `request.listed`, and the frame
of the page draws the menu of views, the choice of columns and the way to a file from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from crm.core.addresses import COLUMNS, unknown_value
from crm.core.errors import Invalid
from crm.core.lists import ListKind, kind_of
from crm.core.models import SavedView, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
CACHE_SECONDS = 30.0


@dataclass(frozen=True)
class Listed:
    """A list on its page: the filters of the address, and the columns to be seen."""

    kind: ListKind
    query: str
    columns: tuple[str, ...]

    @property
    def is_usual(self) -> bool:
        """Whether the columns are those the list has by itself."""
        return self.columns == self.kind.in_order(self.kind.defaults)

    @property
    def asked(self) -> str:
        """The columns as the address names them; empty for the list's own."""
        return "" if self.is_usual else ",".join(self.columns)


def listed(key: str) -> Callable[[View], View]:
    """A list page: `request.listed` says how it is to be shown; opened bare it opens with its standard view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            kind = kind_of(key)
            if kind is None or request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            start = _start(request, kind) if _is_bare(request) else ""
            if start:
                return HttpResponseRedirect(f"{kind.url}?{start}")
            request.listed = _listed(request, kind)  # type: ignore[attr-defined]
            try:
                return view(request, *args, **kwargs)
            except Invalid:
                if not request.GET or request.GET.urlencode() != _start(request, kind):
                    raise
            # A standard view that is no longer understood must not shut anybody out of his list.
            messages.warning(request, _("The standard view is no longer understood: everything is shown."))
            request.GET = QueryDict()
            request.listed = _listed(request, kind)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        shown.list_key = key  # type: ignore[attr-defined]
        return shown  # type: ignore[return-value]

    return decorate


def filters_of(kind: ListKind, params: QueryDict, *more_own: str) -> dict[str, str]:
    """What of an address is the filter of the list: without the place in it and without the columns.

    A filter that is given several times is kept as one with commas, as the lists read it.
    """
    own = (*kind.own, COLUMNS, *more_own)
    found = {name: ",".join(value for value in params.getlist(name) if value) for name in params if name not in own}
    return {name: value for name, value in found.items() if value}


def kept(kind: ListKind, params: QueryDict) -> str:
    """The same as it stands in an address."""
    return urlencode(filters_of(kind, params))


def address(view: SavedView, kind: ListKind) -> str:
    """What follows the question mark when a view is open; empty for the list as it is."""
    columns = kind.in_order(key for key in view.columns.split(",") if key in kind.by_key) if view.columns else ()
    return "&".join(part for part in (view.query, urlencode({COLUMNS: ",".join(columns)}) if columns else "") if part)


def own_choices(user: User) -> dict[str, dict[str, Any]]:
    """What somebody chose for his lists."""
    found: dict[str, dict[str, Any]] = json.loads(user.lists) if user.lists else {}
    return found


def chosen_columns(user: User, kind: ListKind, asked: str) -> tuple[str, ...]:
    """The columns the address asks for, else those of the person, else those of the list."""
    if asked:
        keys = asked.split(",")
        if kind.unknown(keys):
            raise unknown_value(COLUMNS)
        return kind.in_order(keys)
    own: Sequence[str] = own_choices(user).get(kind.key, {}).get("columns", ())
    return kind.in_order(own or kind.defaults)


def _listed(request: HttpRequest, kind: ListKind) -> Listed:
    user: User = request.user  # type: ignore[assignment]
    return Listed(kind, kept(kind, request.GET), chosen_columns(user, kind, request.GET.get(COLUMNS, "")))


def _is_bare(request: HttpRequest) -> bool:
    """Opened from outside without any filter; who takes the last filter away on the list itself wants everything."""
    if request.GET or request.headers.get("HX-Request"):
        return False
    return urlsplit(request.headers.get("Referer", "")).path != request.path


def _start(request: HttpRequest, kind: ListKind) -> str:
    """The address of the view a list opens with: one's own standard, else that of one's role."""
    user: User = request.user  # type: ignore[assignment]
    own = own_choices(user).get(kind.key, {}).get("view")
    if own is not None:
        view = SavedView.objects.filter(pk=own, owner_id=user.pk, list_key=kind.key).first()
        if view is not None:
            return address(view, kind)
    roles = request.access.roles  # type: ignore[attr-defined]
    return next((start for (key, role), start in _role_starts().items() if key == kind.key and role in roles), "")


# --- The standards of roles: a handful of rows, kept by the process


@dataclass
class _Starts:
    loaded_at: float = float("-inf")
    rows: dict[tuple[str, str], str] = field(default_factory=dict)


_starts = _Starts()


def forget() -> None:
    """Read the standards of roles again at the next list (tests, and after a change)."""
    _starts.loaded_at = float("-inf")


def _role_starts() -> dict[tuple[str, str], str]:
    """List and role → the address of its standard view."""
    if time.monotonic() - _starts.loaded_at > CACHE_SECONDS:
        found: dict[tuple[str, str], str] = {}
        for view in SavedView.objects.filter(is_default=True).exclude(role="").order_by("role"):
            kind = kind_of(view.list_key)
            if kind is not None:
                found[(view.list_key, view.role)] = address(view, kind)
        _starts.rows, _starts.loaded_at = found, time.monotonic()
    return _starts.rows
