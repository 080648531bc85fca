"""Forms on paper (PLT-9): the page that lists them, the books of the one visits list, the blank ones."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from visits import print_context
from visits.print_forms import SPECIAL
from visits.queries.journal import special as queries


@require_GET
@ability("view_customers")
def form_list(request: Asked) -> HttpResponse:
    """表单打印: the seven official forms and the books."""
    return render(request, "visits/form_list.html", print_context.forms_context(request))


@require_GET
@ability("view_customers")
def print_visits(request: Asked, layout: str) -> HttpResponse:
    """A book: the visits list with its filters, as a form."""
    context = print_context.book_context(request, layout, now=timezone.now())
    return render(request, f"print/{layout}.html", context)


@require_GET
@ability("view_customers")
def print_special(request: Asked, pk: int) -> HttpResponse:
    """特殊访问记录 of one situation."""
    now = timezone.now()
    row = queries.special_for(request.access.scope, pk)
    context = {"row": row, "delay": row.delay_text(now), "is_late": row.is_late(now)}
    return render(request, "print/special.html", context | print_context.frame(request, SPECIAL, row.staff_id, now))


@require_GET
@ability("view_customers")
def print_blank(request: Asked, layout: str) -> HttpResponse:
    """A form to fill in by hand, with the customer's name when one is chosen."""
    context = print_context.blank_context(request, layout, now=timezone.now())
    return render(request, f"print/{layout}.html", context)
