"""Saved segments of the customer list: open, save, rename, delete (CUS-15)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import actions
from accounts.filters import kept_query
from accounts.forms.segments import SegmentForm
from accounts.queries.segments import own_segment
from accounts.segment_context import filter_words, segment_list_context
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors


@require_GET
@vary_on_headers("HX-Request")
@ability("view_customers")
@listed("segments")
def segment_list(request: Asked) -> HttpResponse:
    """One's own segments and those of one's units, each with today's number; htmx asks for the menu of the list."""
    template = "accounts/segment_list.html#menu" if request.htmx else "accounts/segment_list.html"
    return render(request, template, segment_list_context(request, timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability("view_customers")
def segment_new(request: Asked) -> HttpResponse:
    """Keep the filter of the list, which stands in the address, under a name."""
    today, given = timezone.localdate(), request.POST if request.method == "POST" else None
    initial = {"query": "" if given else kept_query(request.GET.urlencode(), today)}
    form = SegmentForm(given, initial=initial, scope=request.access.scope_for("view_team"), today=today)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            segment = actions.save_segment(**form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("The segment “%(name)s” is saved.") % {"name": segment.name})
            return redirect(f"{reverse('accounts:customer_list')}?{segment.query}")
    return _form_page(request, form, _("Save as segment"))


@require_http_methods(["GET", "POST"])
@ability("view_customers")
def segment_edit(request: Asked, pk: int) -> HttpResponse:
    """Rename one's own segment, or show it to a unit."""
    segment, today = own_segment(request.user.pk, pk), timezone.localdate()
    initial = {"name": segment.name, "unit_id": segment.unit_id, "query": segment.query}
    scope = request.access.scope_for("view_team")
    form = SegmentForm(request.POST or None, initial=initial, scope=scope, today=today, is_new=False)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_segment(segment_id=pk, **form.values(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:segment_list")
    return _form_page(request, form, segment.name)


@require_POST
@ability("view_customers")
def segment_delete(request: Asked, pk: int) -> HttpResponse:
    """Throw one's own segment away; the customers stay."""
    actions.delete_segment(segment_id=pk, by=request.user)
    messages.success(request, _("The segment is deleted."))
    return redirect("accounts:segment_list")


def _form_page(request: Asked, form: SegmentForm, title: str) -> HttpResponse:
    """Name and readers, with the filter in words above."""
    context = {"form": form, "title": title, "words": filter_words(form["query"].value() or "", form.today)}
    return render(request, "accounts/segment_form.html", context, status=400 if form.errors else 200)
