"""Service phrases (CMP-16): the list, its upkeep, the words for the page that types, how often they were said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.actions.phrases import MAY, keep_phrase
from complaints.forms.phrases import PhraseForm
from complaints.queries import phrases as queries
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import domain_errors

READS = ("view_cases", "handle_cases", "take_requests", MAY)
COUNTS = ("judge_cases", "instruct_cases", MAY)


@require_GET
@ability(*READS)
def phrase_list(request: Asked) -> HttpResponse:
    """The ten places of the list and what headquarters added; the empty ones say why they are empty (G2)."""
    context = {
        "rows": queries.phrase_list(),
        "can_write": request.access.can(MAY),
        "can_count": request.access.can_any(*COUNTS),
    }
    return render(request, "complaints/phrase_list.html", context)


@require_GET
@ability(*READS)
def phrase_words(request: Asked) -> HttpResponse:
    """The list for static/js/phrases.js, with the two sentences it shows."""
    rows = [
        {"number": row.number, "wordings": row.all_wordings, "kinder": row.kinder} for row in queries.phrases()
    ]  # fmt: skip
    texts = {"note": _("Service phrase No. # – better say:"), "use": _("Use it")}
    return JsonResponse({"phrases": rows, "texts": texts})


@require_http_methods(["GET", "POST"])
@ability(MAY)
def phrase_new(request: Asked) -> HttpResponse:
    """Add a phrase at the end."""
    form = PhraseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            keep_phrase(phrase_id=None, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("complaints:phrase_list")
    return _edit(request, form, _("New phrase"))


@require_http_methods(["GET", "POST"])
@ability(MAY)
def phrase_edit(request: Asked, pk: int) -> HttpResponse:
    """Fill an empty place, or change a phrase; who has an older copy is told so."""
    row = queries.phrase_for_edit(pk)
    form = PhraseForm(request.POST or None, initial={name: getattr(row, name) for name in PhraseForm.base_fields})
    title = _("Phrase No. %(number)d") % {"number": row.number}
    if form.is_bound and form.is_valid():
        try:
            with domain_errors(form):
                keep_phrase(phrase_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return redirect("complaints:phrase_list")
        except Conflict:
            return _edit(request, form, title, is_stale=True)
    return _edit(request, form, title)


def _edit(request: Asked, form: PhraseForm, title: str, *, is_stale: bool = False) -> HttpResponse:
    status = 409 if is_stale else 400 if form.errors else 200
    context = {"form": form, "title": title, "is_stale": is_stale}
    return render(request, "complaints/phrase_edit.html", context, status=status)


@require_GET
@ability(*COUNTS)
def phrase_figures(request: Asked) -> HttpResponse:
    """How often each phrase was said, by unit and place: no sentence and nobody's name."""
    today, scope = timezone.localdate(), request.access.scope
    context = {
        "phrases": queries.phrase_counts(scope, today),
        "units": queries.unit_counts(scope, today),
        "months": queries.month_starts(today),
    }
    return render(request, "complaints/phrase_figures.html", context)
