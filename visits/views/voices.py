"""客户反映: the list, one entry with what became of it, the form on a customer's page (PLAN-19, CUS-20, CUS-21)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.queries import customer_for
from crm.core.abilities import ability
from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors
from visits.actions import voices as deeds
from visits.forms.voices import ReasonForm, SendForm, VoiceForm
from visits.queries import voices as queries
from visits.voice_context import list_context
from visits.voice_filters import read_voice_query


@require_GET
@vary_on_headers("HX-Request")
@ability("view_customers")
@listed("voices")
def voice_list(request: Asked) -> HttpResponse:
    """What customers said, newest first, with the numbers of each kind (CON-15, CON-18, PLAN-20)."""
    query = read_voice_query(request.GET)
    scope, today = request.access.scope, timezone.localdate()
    page = queries.voice_list(scope, query.filters, cursor=query.cursor or None)
    more_url = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    if request.htmx and query.cursor:
        return render(request, "visits/voice_list.html#more", {"rows": page.rows, "more_url": more_url})
    context = {"rows": page.rows, "more_url": more_url, **list_context(request.GET, query.filters, scope, today)}
    return render(request, "visits/voice_list.html", context)


@require_GET
@ability("view_customers")
def voice_detail(request: Asked, pk: int) -> HttpResponse:
    """One entry: source, proposal, the other unit's reply, the way up."""
    return _detail(request, pk)


def _detail(request: Asked, pk: int, *, send: SendForm | None = None, reason: ReasonForm | None = None) -> HttpResponse:
    """The page; with a form that came back it says beside the field what is wrong."""
    row = queries.voice_for(request.access.scope, pk)
    if row is None:
        raise Http404
    context = {
        "row": row,
        "may_act": request.access.scope_for("log_visits").allows(unit_id=row.unit_id, manager_id=row.manager_id),
        "send_form": send or SendForm(),
        "reason_form": reason or ReasonForm(),
    }
    return render(request, "visits/voice_detail.html", context, status=400 if send or reason else 200)


@require_http_methods(["GET", "POST"])
@ability("log_visits")
def voice_new(request: Asked, pk: int) -> HttpResponse:
    """Write down what a customer said or what was learned, without a visit."""
    customer = customer_for(request.access.scope_for("log_visits"), pk)
    form = VoiceForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            row = deeds.capture_voice(customer_id=pk, heard=form.heard(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."), extra_tags=f"draft=voice:{pk}")
            return redirect("visits:voice_detail", row.pk)
    context = {"form": form, "customer": customer, "next": came_from(request, reverse("workbench:customer", args=[pk]))}
    return render(request, "visits/voice_new.html", context, status=400 if form.errors else 200)


@require_POST
@ability("log_visits")
def voice_send(request: Asked, pk: int) -> HttpResponse:
    """Send it to another unit."""
    form = SendForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            unit_id = form.cleaned_data["to_unit"]
            row = deeds.send_voice(voice_id=pk, to_unit_id=unit_id, by=request.user, now=timezone.now())
            messages.success(request, _("Sent to %(unit)s.") % {"unit": row.to_unit.name})
            return redirect("visits:voice_detail", pk)
    return _detail(request, pk, send=form)


@require_POST
@ability("log_visits")
def voice_report_up(request: Asked, pk: int) -> HttpResponse:
    """Report it up, with a reason (CMP-24)."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            reason = form.cleaned_data["reason"]
            deeds.report_voice_up(voice_id=pk, reason=reason, by=request.user, now=timezone.now())
            messages.success(request, _("Reported up."))
            return redirect("visits:voice_detail", pk)
    return _detail(request, pk, reason=form)
