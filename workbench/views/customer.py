"""The customer page and its fragments."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions as accounts
from accounts.queries.merges import survivor_of
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError, NotFound
from visits import actions as visits
from workbench.forms import ExcuseForm, put_errors
from workbench.queries import excuses as excuse_queries
from workbench.queries.customer import customer_page, more_url
from workbench.queries.customer_record import is_visible
from workbench.queries.timeline import FILTERS, timeline, timeline_html
from workbench.views.answers import done


@ability("view_customers")
@require_GET
def customer(request: Asked, pk: int) -> HttpResponse:
    """Everything about one customer on one page (CUS-35)."""
    page = customer_page(
        request.access,
        pk,
        now=timezone.now(),
        tab=request.GET.get("tab", "overview"),
        only=request.GET.get("only", "all"),
    )
    if page is None:
        return _merged(request, pk)
    page.here = request.get_full_path()
    return render(request, "workbench/customer.html", {"page": page})


def _merged(request: Asked, pk: int) -> HttpResponse:
    """Somebody who was merged into another customer: there, with a note; nobody: 404."""
    survivor = survivor_of(request.access.scope, pk)
    if survivor is None:
        raise NotFound
    messages.info(request, _("The customer you asked for was merged into this one."))
    return redirect("workbench:customer", survivor.pk)


@ability("view_customers")
@require_GET
def customer_timeline(request: Asked, pk: int) -> HttpResponse:
    """The next stretch of the timeline."""
    if not is_visible(request.access.scope, pk):
        raise NotFound
    with_cases = is_visible(request.access.scope_for("view_cases"), pk)
    only = request.GET.get("only", "all")
    only = only if only in FILTERS else "all"
    stretch = timeline(pk, today=timezone.localdate(), only=only, before=request.GET.get("before"),
                       with_cases=with_cases)  # fmt: skip
    url = reverse("workbench:customer_timeline", args=[pk])
    rows = timeline_html(stretch, more_url(url, only, stretch.next_cursor))
    if request.htmx:
        return HttpResponse(rows)
    return render(
        request, "workbench/customer_timeline.html", {"rows": rows, "back": reverse("workbench:customer", args=[pk])}
    )


@ability("serve_customers")
@require_http_methods(["GET", "POST"])
def ask_excuse(request: Asked, pk: int, duty_id: int) -> HttpResponse:
    """Ask the supervisor to leave a duty out of the count, with the attempts in view."""
    page = excuse_queries.asking(request.access.scope_for("serve_customers"), pk, duty_id)
    if page is None:
        raise NotFound
    form = ExcuseForm(request.POST or None, initial={"kind": page.kind})
    if form.is_valid():
        try:
            visits.request_excuse(duty_id=duty_id, **form.cleaned_data, by=request.user, now=timezone.now())
            return done(request, _("Your supervisor has been asked."), event="visit-logged")
        except DomainError as refusal:
            put_errors(form, refusal)
    template = "workbench/excuse_sheet.html" if request.htmx else "workbench/excuse.html"
    return render(request, template, {"page": page, "form": form}, status=400 if form.errors else 200)


@ability("log_visits")
@require_POST
def close_task(request: Asked, task_id: int) -> HttpResponse:
    """Tick a task off."""
    accounts.close_task(task_id=task_id, by=request.user, now=timezone.now())
    return done(request, _("Done."), event="visit-logged")
