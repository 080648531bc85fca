"""Bulletins: what is to be passed on, whom it reached, publishing (CON-17, CON-26, CON-27)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from crm.core.scope import Scope
from visits import bulletin_context as context_of
from visits.actions import bulletins as deeds
from visits.forms.voices import BulletinForm
from visits.queries import bulletins as queries


@require_GET
@ability("view_customers", deeds.MAY)
@listed("bulletins")
def bulletin_list(request: Asked) -> HttpResponse:
    """What is to be passed on, each with its reach among one's own customers."""
    context = context_of.bulletin_list_context(request, timezone.localdate())
    return render(request, "visits/bulletin_list.html", context | {"may_publish": request.access.can(deeds.MAY)})


@require_http_methods(["GET", "POST"])
@ability(deeds.MAY)
def bulletin_new(request: Asked) -> HttpResponse:
    """Publish one."""
    today = timezone.localdate()
    form = BulletinForm(request.POST or None, audiences=context_of.audiences(request.access))
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        query = values.pop("audience")
        with domain_errors(form):
            row = deeds.publish_bulletin(
                **values, query=query, condition=context_of.condition_of(query, Scope.ALL, today), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Published."), extra_tags="draft=bulletin")
            return redirect("visits:bulletin_detail", row.pk)
    return render(request, "visits/bulletin_new.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
@ability("view_customers", deeds.MAY)
def bulletin_detail(request: Asked, pk: int) -> HttpResponse:
    """Its text, its reach by manager, who is not informed yet."""
    row, today = queries.bulletin(pk), timezone.localdate()
    if row is None:
        raise Http404
    condition = context_of.condition_of(row.query, request.access.scope, today)
    found = queries.reach(pk, condition)
    context = {
        "row": row,
        "reach": found,
        "audience": context_of.audience_words(row.query, today),
        "speed": queries.speed_days(row, found),
        "managers": queries.reach_by_manager(pk, condition) if request.access.can("view_team") else [],
        "left": queries.not_informed(pk, condition),
        "is_late": row.deadline_on < today,
        "may_publish": request.access.can(deeds.MAY),
        "may_log": request.access.can("log_visits"),
    }
    return render(request, "visits/bulletin_detail.html", context)


@require_POST
@ability(deeds.MAY)
def bulletin_withdraw(request: Asked, pk: int) -> HttpResponse:
    """No longer offered on the log sheet."""
    deeds.withdraw_bulletin(bulletin_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("visits:bulletin_list")
