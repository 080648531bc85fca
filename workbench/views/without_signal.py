"""For a phone without signal: what it keeps, whether it is heard again, and what it sends afterwards (decisions 18)."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import background, valid
from crm.core.shell import token_of
from visits.forms import DayForm
from workbench.forms import LogSheetForm, sheet_of
from workbench.queries import log_sheet as queries
from workbench.queries.learnable import learnable_names
from workbench.queries.offline import offline_bundle
from workbench.sending import close_kept_day, log_kept, refuse_other_user, valid_sheet
from workbench.views.answers import ids_of


@ability("serve_customers")
@require_GET
@background
def bundle(request: Asked) -> HttpResponse:
    """Minimal cards of one's own and covered customers, Today's rows, the blank log sheet; kept for 12 hours."""
    return JsonResponse(offline_bundle(request.access, now=timezone.now()))


@ability("log_visits")
@require_GET
@background
def state(request: Asked) -> HttpResponse:
    """Who is signed in, what time it is here, and a fresh form token: what a phone asks before it sends."""
    return JsonResponse({"user": request.user.pk, "now": timezone.now().isoformat(), "token": token_of(request)})


@ability("log_visits")
@require_POST
@background
def send(request: Asked) -> HttpResponse:
    """One log sheet of the queue; sent twice it is there once. A refusal is a problem document, never a page."""
    now, scope, staff_id = timezone.now(), request.access.scope_for("log_visits"), request.access.staff_id or 0
    refuse_other_user(request.POST.get("user", ""), request.user)
    form = LogSheetForm(request.POST, learn=learnable_names(), choices=queries.all_choices())
    ids = ids_of(request.POST.getlist("customer"))
    parts = queries.typed_parts(scope, staff_id, ids, request.POST, request.FILES, today=timezone.localdate(now))
    sheet = sheet_of(valid_sheet(form, parts), parts)
    logged = log_kept(sheet, anyway=request.POST.get("anyway") == "1", by=request.user, now=now)
    told = {"text": queries.words_for(logged), "visits": logged.visit_ids, "duplicate": logged.duplicate}
    return JsonResponse(told | {"undo": reverse("workbench:undo_visit", args=[logged.visit_ids[0]])})


@ability("serve_customers")
@require_POST
@background
def close_day(request: Asked) -> HttpResponse:
    """The end of a day that the phone kept (日结); sent twice it is closed once."""
    refuse_other_user(request.POST.get("user", ""), request.user)
    told = valid(DayForm(request.POST))
    anyway = request.POST.get("anyway") == "1"
    close_kept_day(on=told["on"], sentence=told["sentence"], anyway=anyway, by=request.user, now=timezone.now())
    return JsonResponse({"text": _("The day is closed."), "duplicate": False})
