"""What complaints say when they are counted, and cases on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.analysis_context import analysis_context
from complaints.filters import SEES
from complaints.print_context import book_context, case_print_context
from crm.core.abilities import ability
from crm.core.asked import Asked


@require_GET
@ability(SEES)
def case_analysis(request: Asked) -> HttpResponse:
    """Causes, products, managers, repeats, response times, work and replies of one month (CMP-26, CMP-36)."""
    return render(request, "complaints/case_analysis.html", analysis_context(request, now=timezone.now()))


@require_GET
@ability(SEES)
def case_print(request: Asked, pk: int) -> HttpResponse:
    """客户投诉处理单 (客户受理单 of other kinds): one case with its steps and clocks, to sign."""
    return render(request, "complaints/case_print.html", case_print_context(request, pk, now=timezone.now()))


@require_GET
@ability(SEES)
def case_book(request: Asked) -> HttpResponse:
    """The list with its filters, as a book."""
    return render(request, "complaints/case_book.html", book_context(request, now=timezone.now()))
