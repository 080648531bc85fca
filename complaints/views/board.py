"""The board of the desk: cases by state and time left, asked for again while it is looked at, deeds on many."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from complaints.actions import act_on_cases
from complaints.board_context import board_context, rows_context, view_of
from complaints.filters import SEES, read_query
from complaints.forms.board import DEEDS, BulkForm
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import background, came_from, valid

PAGE = "complaints/case_list.html"


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("cases")
def case_list(request: Asked) -> HttpResponse:
    """By state on the desk, or one list by the time left; filters in the address; htmx asks for parts of it."""
    now = timezone.now()
    context = board_context(request, now=now)
    if request.htmx and context["query"].cursor:
        return render(request, f"{PAGE}#more", context)
    if request.htmx and request.htmx.target == "case-list":
        return render(request, f"{PAGE}#cases", context)
    return render(request, PAGE, context)


@background
@require_GET
@ability(SEES)
def case_fresh(request: Asked) -> HttpResponse:
    """The cases once more, or 304 when they are what the page shows: asked at most once a minute (board.js)."""
    now = timezone.now()
    query = read_query(request.GET, request.access, now)
    context = rows_context(request, query, view_of(query), now=now)
    unchanged = get_conditional_response(request, etag=context["tag"])
    answer = unchanged or render(request, f"{PAGE}#cases", context)
    answer["ETag"] = context["tag"]
    return answer


@require_POST
@ability(SEES)
def case_bulk(request: Asked) -> HttpResponse:
    """One deed on the ticked cases, each through the guard of one alone; what was refused is told row by row."""
    form = BulkForm(request.POST, ids=request.POST.getlist("ids"))
    data = valid(form)
    rows = act_on_cases(case_ids=data["ids"], deed=data["deed"], by=request.user, now=timezone.now(), **form.values())
    done, back = sum(not row.code for row in rows), came_from(request, reverse("complaints:case_list"))
    if done:
        messages.success(request, ngettext("%(n)d case: done.", "%(n)d cases: done.", done) % {"n": done})
    if done == len(rows):
        return redirect(back)
    if len(rows) == 1:
        messages.warning(request, _("%(number)s: %(reason)s") % {"number": rows[0].number, "reason": rows[0].message})
        return redirect(back)
    context = {"rows": rows, "done": done, "deed": dict(DEEDS)[data["deed"]], "back": back}
    return render(request, "complaints/case_bulk.html", context)
