"""Log a visit: the sheet and the plain page are one form (screens 2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError
from crm.core.pages import valid
from visits.actions import Logged
from visits.actions import log_visit as save_visit
from visits.parts import OpenPart
from workbench import actions
from workbench.forms import SHEET_NAMES, LogSheetForm, PassOnForm, put_errors, sheet_of
from workbench.queries import log_sheet as queries
from workbench.queries.excuses import unreachable_duty
from workbench.queries.learnable import learnable_names
from workbench.views.answers import done, ids_of, opening_of


@ability("log_visits")
@require_http_methods(["GET", "POST"])
def log_visit(request: Asked) -> HttpResponse:
    """GET opens the sheet, POST saves it; "find" only looks for a customer and keeps what was typed (CON-7)."""
    if request.method == "GET":
        return _show(request, None)
    form = LogSheetForm(request.POST, learn=learnable_names(), choices=queries.all_choices())
    parts = _typed_parts(request)
    if "find" in request.POST or not all([form.is_valid(), *(item.form.is_valid() for item in parts)]):
        return _show(request, form, parts=parts)
    try:
        logged = save_visit(sheet=sheet_of(form, parts), by=request.user, now=timezone.now())
    except DomainError as refusal:
        parts = parts or _typed_parts(request, whole=True)
        put_errors(form, refusal, SHEET_NAMES, parts=parts)
        return _show(request, form, refusal, parts=parts)
    return _saved(request, form, logged)


def _typed_parts(request: Asked, *, whole: bool = False) -> list[OpenPart]:
    """The other parts of the sheet as they were filled in; `whole`: also when nothing was."""
    scope, staff_id = request.access.scope_for("log_visits"), request.access.staff_id or 0
    ids, today = ids_of(request.POST.getlist("customer")), timezone.localdate()
    return queries.typed_parts(scope, staff_id, ids, request.POST, request.FILES, today=today, whole=whole)


def _saved(request: Asked, form: LogSheetForm, logged: Logged) -> HttpResponse:
    """The toast with undo; after the third failed attempt one tap asks for an excuse (screens 2)."""
    customer = form.cleaned_data["customer"][0]
    says: dict[str, str] = {
        "text": queries.words_for(logged),
        "undo": reverse("workbench:undo_visit", args=[logged.visit_ids[0]]),
        "draft": f"log:{customer}",
        "event": "visit-logged",
        "look": "soon" if logged.warnings else "",
    }
    duty_id = None
    if queries.is_failed_attempt(form.cleaned_data["outcome"]):
        duty_id = unreachable_duty(request.access.scope_for("serve_customers"), customer)
    if duty_id is None:
        return done(request, **says)
    return done(request, **says, then=reverse("workbench:ask_excuse", args=[customer, duty_id]))


def _show(
    request: Asked,
    form: LogSheetForm | None,
    refusal: DomainError | None = None,
    *,
    parts: Sequence[OpenPart] = (),
) -> HttpResponse:
    """The sheet for htmx, the page otherwise; what is wrong stands beside its field (400, 409 when handed over)."""
    now, staff_id = timezone.now(), request.access.staff_id or 0
    opening = opening_of(request)
    sheet = queries.open_sheet(request.access.scope_for("log_visits"), staff_id, opening, now=now)
    if form is None:
        form = LogSheetForm(
            initial=queries.first_values(sheet, staff_id, opening, now=now), choices=queries.all_choices()
        )
    else:
        sheet.parts = list(parts) or sheet.parts
        queries.keep_typed(sheet, form.data, form.errors)
    sheet.can_pass_on = refusal is not None and refusal.code == "handed_over"
    is_fine = not form.is_bound or "find" in request.POST
    return render(
        request,
        "workbench/log_sheet.html" if request.htmx else "workbench/log_visit.html",
        {"form": form, "sheet": sheet, "card": sheet.card},
        status=200 if is_fine else 409 if sheet.can_pass_on else 400,
    )


@ability("log_visits")
@require_GET
def log_customers(request: Asked) -> HttpResponse:
    """Chips of one's own customers found by name, initials, number or phone tail."""
    found = queries.find_customers(request.access.scope_for("log_visits"), request.GET.get("q", "")[:50])
    return render(request, "workbench/log_visit.html#found", {"found": found})


@ability("log_visits")
@require_GET
def log_people(request: Asked) -> HttpResponse:
    """Chips of the contact persons of the customers now on the sheet."""
    scope, staff_id = request.access.scope_for("log_visits"), request.access.staff_id or 0
    ids = ids_of(request.GET.getlist("customer"))
    sheet = queries.people_sheet(scope, staff_id, ids, today=timezone.localdate())
    sheet.met = ids_of(request.GET.getlist("met"), 50)
    return render(request, "workbench/log_visit.html#people_and_parts", {"sheet": sheet})


@ability("log_visits")
@require_POST
def undo_visit(request: Asked, visit_id: int) -> HttpResponse:
    """Take the sheet back that was just saved: every visit it made (screens 2)."""
    text = actions.undo_sheet(visit_id=visit_id, by=request.user, now=timezone.now())
    return done(request, text, event="visit-logged")


@ability("log_visits")
@require_POST
def pass_on(request: Asked) -> HttpResponse:
    """The text of a visit whose customer was handed over goes to the manager who has the customer now."""
    form = PassOnForm(request.POST)
    valid(form)
    text = actions.pass_on(**form.message(), by=request.user, now=timezone.now())
    return done(request, text, draft=f"log:{form.cleaned_data['customer'][0]}", event="visit-logged")
