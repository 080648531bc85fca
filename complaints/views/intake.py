"""受理 from anywhere: one form, the customer search beside it, what is known of the customer, the guide."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints import actions
from complaints.deed_pages import said_about
from complaints.forms.intake import IntakeForm, KnownForm, first_values
from complaints.intake_context import (
    TAKES,
    choices_of,
    found_customers,
    guide_hits,
    intake_context,
    known_customer,
)
from complaints.models import Case
from complaints.queries.cards import MinimalCard
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError, Invalid
from crm.core.pages import valid
from crm.core.text import clean_text


@require_http_methods(["GET", "POST"])
@ability(TAKES)
def case_new(request: Asked) -> HttpResponse:
    """GET shows the form, POST keeps it; "find" only looks for a customer and keeps what was typed."""
    if request.method == "GET":
        return _show(request, IntakeForm(initial=first_values(request.GET, str(uuid4())), choices=choices_of()))
    form = IntakeForm(request.POST, choices=choices_of())
    if "find" in request.POST:
        return _show(request, form, card=_exact(request))
    if not form.is_valid():
        return _show(request, form)
    try:
        result = _save(request, form)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        form.put_errors(refusal)
        return _show(request, form)
    return _saved(request, result)


def _save(request: Asked, form: IntakeForm) -> Case | actions.Solved:
    """One action either way."""
    now = timezone.now()
    if form.is_one_call:
        return actions.solve_in_one_call(sheet=form.sheet(), call=form.call(), by=request.user, now=now)
    return actions.take_request(sheet=form.sheet(), answer=form.answer(), by=request.user, now=now)


def _saved(request: Asked, result: Case | actions.Solved) -> HttpResponse:
    """To the case; who does not see it gets a receipt."""
    case = result if isinstance(result, Case) else result.case
    text = _("%(number)s is taken down.") % {"number": case.number}
    messages.success(request, text, extra_tags="draft=intake")
    for warning in said_about(result):
        messages.warning(request, warning)
    scope, customer = request.access.scope_for("view_cases"), case.customer
    is_seen = scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
    return redirect("complaints:case_detail" if is_seen else "complaints:case_receipt", case.pk)


def _exact(request: Asked) -> MinimalCard | None:
    """Somebody else's customer, by an exact number: a masked card; the look is logged."""
    try:
        return actions.minimal_card(number=request.POST.get("q", "")[:50], by=request.user, now=timezone.now())
    except Invalid:
        return None


def _show(request: Asked, form: IntakeForm, *, card: MinimalCard | None = None) -> HttpResponse:
    """The page; what is wrong stands beside its field."""
    is_find = "find" in request.POST
    data = request.POST if form.is_bound else request.GET
    context = intake_context(form, request.access, data, now=timezone.now(), card=card) | {"is_find": is_find}
    return render(request, "complaints/case_new.html", context, status=400 if form.is_bound and not is_find else 200)


@require_http_methods(["GET", "POST"])
@ability(TAKES)
def case_customers(request: Asked) -> HttpResponse:
    """Customers found while one types (GET: one's own); POST also looks for an exact number, which is logged."""
    is_find = request.method == "POST"
    typed = clean_text((request.POST if is_find else request.GET).get("q", ""), field="q", max_length=50)
    context = {"found": found_customers(request.access, typed), "typed": typed, "is_find": is_find}
    context["card"] = _exact(request) if is_find else None
    return render(request, "complaints/case_new.html#found", context)


@require_POST
@ability(TAKES)
def case_known(request: Asked) -> HttpResponse:
    """What is known of the chosen customer, and likely duplicates; posted, so that no text stands in an address."""
    valid(KnownForm(request.POST))
    form = IntakeForm(request.POST, choices=choices_of())
    known = known_customer(request.access, request.POST, now=timezone.now())
    return render(request, "complaints/case_new.html#known", {"known": known, "form": form})


@require_GET
@ability(TAKES)
def case_guide(request: Asked) -> HttpResponse:
    """CON-29: the guide beside an enquiry."""
    return render(request, "complaints/case_new.html#hits", {"hits": guide_hits(request.GET.get("guide", ""))})
