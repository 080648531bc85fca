"""The views and columns of a list: one page for every list, a menu of it by htmx."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.core import list_views
from crm.core.abilities import refuse, signed_in
from crm.core.asked import Asked
from crm.core.list_context import back_to, tools_context
from crm.core.list_forms import ColumnsForm, ViewForm, initial_of
from crm.core.lists import ListKind, kind_of
from crm.core.pages import domain_errors, valid


def _kind(request: Asked, key: str) -> ListKind:
    """The list, for whoever may open it."""
    kind = kind_of(key)
    if kind is None:
        raise Http404
    if not kind.is_open_to(request.access):
        refuse(request, "|".join(kind.abilities))
    return kind


@require_GET
@vary_on_headers("HX-Request")
@signed_in
def list_tools(request: Asked, key: str) -> HttpResponse:
    """The views of a list and its columns; the address carries the filters of the list one comes from."""
    context = tools_context(request, _kind(request, key))
    return render(request, "core/list_views.html#menu" if request.htmx else "core/list_views.html", context)


@require_POST
@signed_in
def list_columns(request: Asked, key: str) -> HttpResponse:
    """The columns somebody wants to see from now on."""
    kind = _kind(request, key)
    asked = valid(ColumnsForm(request.POST, kind=kind))
    list_views.choose_columns(kind=kind, columns=[] if "usual" in request.POST else asked["columns"], by=request.user)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(back_to(kind, asked["query"]))


@require_POST
@signed_in
def view_new(request: Asked, key: str) -> HttpResponse:
    """Keep the list as it is under a name."""
    kind = _kind(request, key)
    form = ViewForm(request.POST, access=request.access)
    if form.is_valid():
        with domain_errors(form):
            view = list_views.save_view(kind=kind, **form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return HttpResponseRedirect(back_to(kind, view.query, view.columns))
    request.GET = QueryDict(request.POST.get("query", "")[:1000])
    context: dict[str, Any] = tools_context(request, kind) | {"form": form}
    return render(request, "core/list_views.html", context, status=400)


@require_GET
@signed_in
def view_open(request: Asked, pk: int) -> HttpResponse:
    """A view by its link: the list with its filters and columns."""
    view, kind = list_views.view_for(request.access, pk)
    return HttpResponseRedirect(back_to(kind, view.query, view.columns))


@require_http_methods(["GET", "POST"])
@signed_in
def view_edit(request: Asked, pk: int) -> HttpResponse:
    """Rename a view, show it to others, make it the standard."""
    view, kind = list_views.view_for(request.access, pk)
    if not list_views.may_change(request.access, view):
        refuse(request, list_views.CONFIGURES)
    form = ViewForm(request.POST or None, access=request.access, initial=initial_of(view))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            list_views.save_view(kind=kind, view_id=pk, **form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(back_to(kind, view.query, view.columns))
    context = {"form": form, "view": view, "kind": kind}
    return render(request, "core/list_view_edit.html", context, status=400 if form.is_bound else 200)


@require_POST
@signed_in
def view_delete(request: Asked, pk: int) -> HttpResponse:
    """Throw a view away."""
    view, kind = list_views.view_for(request.access, pk)
    list_views.delete_view(view_id=view.pk, by=request.user)
    messages.success(request, _("The view is deleted."))
    return HttpResponseRedirect(back_to(kind, view.query))
