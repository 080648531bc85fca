"""One visit: reading it, next and previous, remarks, notes, mending, undo (screens 1b, 2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import came_from, domain_errors, own_path
from visits import actions, queries
from visits.filters import read_query
from visits.forms import MendForm, SaidForm, mend_initial, person_choices
from visits.page_context import conflict_rows, detail_context
from visits.queries.photos import photos_of
from visits.shop_context import shop_of


@require_GET
@ability("view_customers")
def visit_detail(request: Asked, pk: int) -> HttpResponse:
    """The record with remarks, and its neighbours in the list the reader came from."""
    return _show(request, pk, SaidForm(), status=200)


def _show(request: Asked, pk: int, form: SaidForm, *, status: int) -> HttpResponse:
    now, scope = timezone.now(), request.access.scope
    query = read_query(request.GET, scope, timezone.localdate(now))
    detail = queries.visit_detail(scope, pk)
    near = queries.neighbours(scope, query.filters, detail.row)
    context = detail_context(detail, near, request.GET, access=request.access, user_id=request.user.pk, now=now)
    context |= {"form": form, "photos": photos_of(scope, pk), "shop": shop_of(pk)}
    return render(request, "visits/visit_detail.html", context, status=status)


@require_POST
@ability("remark")
def visit_remark(request: Asked, pk: int) -> HttpResponse:
    """A supervisor's remark; the author hears of it."""
    form = SaidForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            actions.add_remark(visit_id=pk, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    if form.errors:
        return _show(request, pk, form, status=400)
    messages.success(request, _("Remark saved."))
    return HttpResponseRedirect(came_from(request))


@require_POST
@ability("log_visits")
def visit_note(request: Asked, pk: int) -> HttpResponse:
    """A later note on a record that can no longer be mended."""
    form = SaidForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            actions.add_note(visit_id=pk, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    if form.errors:
        return _show(request, pk, form, status=400)
    messages.success(request, _("Note saved."))
    return HttpResponseRedirect(came_from(request))


@require_POST
@ability("log_visits")
def visit_undo(request: Asked, pk: int) -> HttpResponse:
    """Take one's own visit back, until the end of the day."""
    actions.undo_visit(visit_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Undone."))
    return HttpResponseRedirect(came_from(request))


@require_http_methods(["GET", "POST"])
@ability("log_visits")
def visit_mend(request: Asked, pk: int) -> HttpResponse:
    """Change one's own record until the end of the day; a newer version shows both values (409)."""
    sheet = queries.mend_sheet(request.access.scope, pk, user_id=request.user.pk, now=timezone.now())
    form = MendForm(
        request.POST if request.method == "POST" else None,
        initial=mend_initial(sheet.row, sheet.met),
        row=sheet.row,
        persons=person_choices(sheet.persons),
    )
    context = {"form": form, "row": sheet.row, "next": came_from(request, "")}
    try:
        if form.is_bound and form.is_valid() and _mend(request, pk, form):
            return HttpResponseRedirect(own_path(request.POST.get("next"), reverse("visits:visit_detail", args=[pk])))
    except Conflict as refusal:
        context["conflicts"] = conflict_rows(form.cleaned_data, refusal.current, form.labels())
        form.accept_version(int(refusal.current["version"]))
        return render(request, "visits/visit_mend.html", context, status=409)
    return render(request, "visits/visit_mend.html", context, status=400 if form.is_bound else 200)


def _mend(request: Asked, pk: int, form: MendForm) -> bool:
    """Whether the changes were written; what was refused stands beside the fields."""
    with domain_errors(form):
        actions.mend_visit(
            visit_id=pk,
            changes=form.changes(),
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
    return not form.errors
