"""Assigned tasks (交办任务): the list, a new one, one with its result, those in time (PLAN-17, PLAN-18, F36)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.actions import assigned as deeds
from accounts.forms.tasks import ResultForm, ReturnForm, TaskForm
from accounts.queries import assigned as queries
from accounts.task_context import list_context, month_of, read_tasks, shares_context
from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.measures import Time
from crm.core.pages import domain_errors

SEES = ("view_customers", "answer_dispatches")
WEEK = timedelta(days=7)


@require_GET
@vary_on_headers("HX-Request")
@ability(*SEES)
@listed("tasks")
def task_list(request: Asked) -> HttpResponse:
    """One's own tasks, those one has given, those of the team; filters in the address."""
    today = timezone.localdate()
    given, filters = read_tasks(request, today)
    cursor = given.get("cursor")
    rows, more = queries.assigned_tasks(request.access, filters, today=today, cursor=cursor)
    template = "accounts/task_list.html#more" if request.htmx and cursor else "accounts/task_list.html"
    return render(request, template, list_context(request, given, filters, rows, more, today))


@require_http_methods(["GET", "POST"])
@ability(queries.ASSIGNS)
def task_new(request: Asked) -> HttpResponse:
    """Give a task to somebody one leads."""
    now = timezone.now()
    to = request.GET.get("to", "")[:20]
    initial = {"due_on": timezone.localdate(now) + WEEK, "source": "unit", "staff_number": to}
    form = TaskForm(request.POST or None, initial=initial, colleagues=queries.colleagues(request.access))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            task = deeds.assign_task(**form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("The task is given."), extra_tags="draft=task:new")
            return HttpResponseRedirect(reverse("accounts:task_detail", args=[task.pk]))
    return render(request, "accounts/task_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@ability(*SEES)
def task_detail(request: Asked, pk: int) -> HttpResponse:
    """One task; whose it is says here what came of it."""
    form = ResultForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            deeds.finish_task(task_id=pk, result=form.cleaned_data["result"], by=request.user, now=timezone.now())
            messages.success(request, _("Done."), extra_tags=f"draft=task:{pk}")
            return redirect("accounts:task_detail", pk)
    return _show(request, pk, form)


def _show(request: Asked, pk: int, form: ResultForm, back: ReturnForm | None = None) -> HttpResponse:
    row = queries.task_for(request.access, pk)
    if row is None:
        raise Http404
    context = {
        "row": row,
        "form": form,
        "back": back or ReturnForm(),
        "is_overdue": row.is_overdue(timezone.localdate()),
        "is_doer": row.staff_id in queries.doers_of(request.access),
        "is_giver": row.created_by_id == request.user.pk,
    }
    is_wrong = form.is_bound or back is not None
    return render(request, "accounts/task_detail.html", context, status=400 if is_wrong else 200)


@require_POST
@ability(queries.ASSIGNS)
def task_return(request: Asked, pk: int) -> HttpResponse:
    """Send a finished task back with a remark."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            deeds.return_task(task_id=pk, remark=form.cleaned_data["remark"], by=request.user, now=timezone.now())
            messages.success(request, _("Sent back."))
            return redirect("accounts:task_detail", pk)
    return _show(request, pk, ResultForm(), form)


@require_POST
@ability(queries.ASSIGNS)
def task_withdraw(request: Asked, pk: int) -> HttpResponse:
    """Take back a task that is not needed any more."""
    deeds.withdraw_task(task_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("accounts:task_list")


@require_GET
@ability(*SEES)
def task_figures(request: Asked) -> HttpResponse:
    """F36: tasks of province and city in time, by person, each number with its rows."""
    today = timezone.localdate()
    given = dict(given_of(request.GET, ("month",)))
    first, last = month_of(given.get("month") or f"{today:%Y-%m}", "month")
    time = Time(first, min(last, today - timedelta(days=1)), today, timezone.now())
    rows = queries.task_shares(request.access, time)
    return render(request, "accounts/task_figures.html", shares_context(request.access, rows, first, today))
