"""Who enjoys what, whom a policy is missing; enrol, renew, end (ENG-5, ENG-7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.queries import customer_for
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors
from engagement.actions import Enrolled, end_enrolment, enrol, keep_enrolment, mark_used
from engagement.actions.enrolments import MAY
from engagement.forms import BulkForm, EnrolForm, EnrolmentForm
from engagement.page_context import SEES, enrol_choices, enrolments_context, policies_given, without_context
from engagement.queries.enrolments import enrolment_for


@require_GET
@ability(SEES)
@listed("without_policy")
def without_list(request: Asked) -> HttpResponse:
    """VIPs without a service policy."""
    context = without_context(request, today=timezone.localdate())
    part = "#rows" if request.htmx and request.htmx.target == "without-list" else ""
    return render(request, f"engagement/without_list.html{part}", context)


@require_POST
@ability(MAY)
def enrol_many(request: Asked) -> HttpResponse:
    """Enrol the ticked customers in one policy."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = BulkForm(
        request.POST,
        policies=policies_given(today),
        ids=[int(raw) for raw in request.POST.getlist("ids") if _is_id(raw)],
    )
    if form.is_valid():
        with domain_errors(form):
            done = enrol(**form.written(), by=request.user, now=now)
            messages.success(request, _told(done))
            return redirect(came_from(request, reverse("engagement:without_list")))
    context = without_context(request, today=today, form=form)
    return render(request, "engagement/without_list.html", context, status=400)


def _is_id(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 19


def _told(done: Enrolled) -> str:
    """What came of a bulk enrolment."""
    words = [ngettext("%(n)d customer enrolled.", "%(n)d customers enrolled.", len(done.done)) % {"n": len(done.done)}]
    if done.already:
        words.append(_("%(n)d had it already.") % {"n": len(done.already)})
    if done.not_for:
        words.append(_("For %(n)d it is not meant.") % {"n": len(done.not_for)})
    return " ".join(words)


@require_GET
@ability(SEES)
@listed("enrolments")
def enrolment_list(request: Asked) -> HttpResponse:
    """Every enrolment in sight, with its filters."""
    context = enrolments_context(request, today=timezone.localdate())
    part = "#rows" if request.htmx and request.htmx.target == "enrolment-list" else ""
    return render(request, f"engagement/enrolment_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def enrolment_new(request: Asked, pk: int) -> HttpResponse:
    """Enrol one customer."""
    now = timezone.now()
    today = timezone.localdate(now)
    customer = customer_for(request.access.scope, pk)
    choices = enrol_choices(customer, today)
    form = EnrolForm(request.POST or None, policies=choices, initial={"starts_on": today})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            done = enrol(customer_ids=[pk], **form.written(), by=request.user, now=now)
            messages.success(request, _told(done), extra_tags=f"draft=policy:{pk}")
            return redirect("workbench:customer", pk)
    context = {"form": form, "customer": customer, "title": _("Enrol in a service policy"), "draft": f"policy:{pk}"}
    return render(request, "engagement/enrolment_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def enrolment_edit(request: Asked, pk: int) -> HttpResponse:
    """Renew or end an enrolment, note its use."""
    row = enrolment_for(request.access.scope, pk)
    initial = {"ends_on": row.ends_on, "used_on": row.used_on, "note": row.note}
    form = EnrolmentForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            keep_enrolment(enrolment_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(came_from(request, reverse("workbench:customer", args=[row.customer_id])))
    context = {"form": form, "row": row, "customer": row.customer}
    return render(request, "engagement/enrolment_edit.html", context, status=400 if form.errors else 200)


@require_POST
@ability(MAY)
def enrolment_end(request: Asked, pk: int) -> HttpResponse:
    """End an enrolment now."""
    row = enrolment_for(request.access.scope, pk)
    end_enrolment(enrolment_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The policy has ended."))
    return redirect(came_from(request, reverse("workbench:customer", args=[row.customer_id])))


@require_POST
@ability(MAY)
def enrolment_used(request: Asked, pk: int) -> HttpResponse:
    """The customer made use of it today."""
    row = enrolment_for(request.access.scope, pk)
    mark_used(enrolment_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect(came_from(request, reverse("workbench:customer", args=[row.customer_id])))
