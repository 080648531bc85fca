"""Saved views of lists (screens, "Every list"): who sees which, and how they are kept, shared and thrown away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from crm.core.abilities import Access
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.listed import forget, kept, own_choices
from crm.core.lists import ListKind, kind_of
from crm.core.models import SavedView, User
from crm.core.scope import Scope
from crm.core.text import clean_text

LEADS = "view_team"
CONFIGURES = "configure"
MOST = 30


def units() -> Any:
    """The organisation tree, of which the ground only knows the address (settings.UNIT_NAMES)."""
    return import_module(settings.UNIT_NAMES)


def role_choices() -> list[tuple[str, str]]:
    """The roles with their words."""
    return [(str(value), str(label)) for value, label in import_string(settings.ROLES).choices]


def shared_with(access: Access) -> Scope:
    """The units somebody may show a view to: those he leads."""
    return access.scope_for(LEADS)


def _unit_ids(access: Access) -> set[int]:
    """The units whose views somebody sees: his own, those above it and those he leads."""
    card = units().staff_card(access.staff_id)
    return {*shared_with(access).unit_ids, *(units().units_above(card.unit_id) if card else ())}


def _visible(access: Access) -> QuerySet[SavedView]:
    seen = Q(owner_id=access.user_id) | Q(unit_id__in=_unit_ids(access))
    seen |= ~Q(role="") if access.can(CONFIGURES) else Q(role__in=access.roles)
    if shared_with(access).everything:
        seen |= Q(unit_id__isnull=False)
    return SavedView.objects.filter(seen)


def views_of(access: Access, kind: ListKind) -> list[SavedView]:
    """The views of a list that somebody may open, by name."""
    return list(_visible(access).filter(list_key=kind.key).select_related("owner").order_by("name", "pk"))


def view_for(access: Access, view_id: int) -> tuple[SavedView, ListKind]:
    """A view with its list, to open it; not found for whom it is not meant."""
    view = _visible(access).filter(pk=view_id).first()
    kind = kind_of(view.list_key) if view else None
    if view is None or kind is None or not kind.is_open_to(access):
        raise NotFound
    return view, kind


def may_change(access: Access, view: SavedView) -> bool:
    """One's own; the standard of a role belongs to whoever changes settings."""
    return access.can(CONFIGURES) if view.role else view.owner_id == access.user_id


def audience(view: SavedView) -> str:
    """Who sees a view, in words; empty for its owner alone."""
    if view.unit_id is not None:
        return str(units().unit_name(view.unit_id))
    return dict(role_choices()).get(view.role, view.role)


def save_view(
    *,
    kind: ListKind,
    name: str,
    query: str,
    columns: Sequence[str],
    by: User,
    now: datetime,
    unit_id: int | None = None,
    role: str = "",
    is_default: bool = False,
    view_id: int | None = None,
) -> SavedView:
    """Keep a list under a name; the same name again replaces it.

    For oneself, for a unit one leads, or as the standard of a role (`configure`). With `view_id` that view is changed.
    """
    name = clean_text(name, field="name", max_length=50, blank=False)
    query = kept(kind, QueryDict(clean_text(query, field="query", max_length=1000).lstrip("?")))
    if kind.unknown(columns):
        raise Invalid(_("The list has no such column."), code="unknown_value", field="columns")
    with write(by=by):
        _audience_allowed(by.access, kind, unit_id, role)
        view = _row(by.access, kind, name, view_id)
        view.name, view.query, view.columns = name, query, ",".join(columns)
        view.unit_id, view.role, view.saved_at = unit_id, role, now
        view.is_default = is_default or bool(role)
        _make_room(view)
        view.save()
        _remember_start(by, view)
    forget()
    return view


def _audience_allowed(access: Access, kind: ListKind, unit_id: int | None, role: str) -> None:
    if not kind.is_open_to(access):
        raise NotAllowed
    if role and not access.can(CONFIGURES):
        raise NotAllowed
    if role and role not in dict(role_choices()):
        raise Invalid(_("There is no such role."), code="invalid_choice", field="shown_to")
    if unit_id is not None and unit_id not in dict(units().units_in(shared_with(access))):
        raise Invalid(_("There is no such unit."), code="not_found", field="shown_to")


def _row(access: Access, kind: ListKind, name: str, view_id: int | None) -> SavedView:
    """The view to be written over, or a new one."""
    if view_id is None:
        mine = SavedView.objects.filter(owner_id=access.user_id, list_key=kind.key)
        twin = mine.filter(name=name).first()
        if twin is None and mine.count() >= MOST:
            raise Invalid(_("You have %(max)d views of this list already."), code="too_many", params={"max": MOST})
        return twin or SavedView(owner_id=access.user_id or 0, list_key=kind.key)
    row = _visible(access).select_for_update(of=("self",)).filter(pk=view_id, list_key=kind.key).first()
    if row is None:
        raise NotFound
    if not may_change(access, row):
        raise NotAllowed
    if SavedView.objects.filter(owner_id=row.owner_id, list_key=kind.key, name=name).exclude(pk=view_id).exists():
        raise Invalid(_("There is a view of this name already."), code="duplicate", field="name")
    return row


def _make_room(view: SavedView) -> None:
    """There is one standard per person and list, and one per role and list."""
    if view.is_default:
        others = SavedView.objects.filter(list_key=view.list_key, role=view.role, is_default=True).exclude(pk=view.pk)
        (others if view.role else others.filter(owner_id=view.owner_id)).update(is_default=False)


def _remember_start(by: User, view: SavedView) -> None:
    """Whether this view is now the person's standard, or is it no longer."""
    if view.owner_id != by.pk:
        return
    choice = dict(own_choices(by).get(view.list_key, {}))
    is_mine = view.is_default and not view.role
    if is_mine:
        choice["view"] = view.pk
    elif choice.get("view") == view.pk:
        del choice["view"]
    _keep(by, view.list_key, choice)


def delete_view(*, view_id: int, by: User) -> SavedView:
    """Throw a view away; the rows of the list stay."""
    with write(by=by):
        view = _visible(by.access).select_for_update(of=("self",)).filter(pk=view_id).first()
        if view is None:
            raise NotFound
        if not may_change(by.access, view):
            raise NotAllowed
        view.is_default = False
        _remember_start(by, view)
        SavedView.objects.filter(pk=view.pk).delete()
    forget()
    return view


def choose_columns(*, kind: ListKind, columns: Sequence[str], by: User) -> tuple[str, ...]:
    """The columns somebody wants on a list from now on; none, or the list's own, forgets the choice."""
    if kind.unknown(columns):
        raise Invalid(_("The list has no such column."), code="unknown_value", field="columns")
    if not kind.is_open_to(by.access):
        raise NotAllowed
    chosen = kind.in_order(columns) if columns else ()
    choice = dict(own_choices(by).get(kind.key, {}))
    choice.pop("columns", None)
    if chosen and chosen != kind.in_order(kind.defaults):
        choice["columns"] = list(chosen)
    with write(by=by):
        _keep(by, kind.key, choice)
    return chosen


def _keep(by: User, list_key: str, choice: dict[str, Any]) -> None:
    every = own_choices(by)
    if choice:
        every[list_key] = choice
    else:
        every.pop(list_key, None)
    text = json.dumps(every, separators=(",", ":"), sort_keys=True) if every else ""
    if text != by.lists:
        User.objects.filter(pk=by.pk).update(lists=text)
        by.lists = text
