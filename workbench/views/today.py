"""Today, and the small deeds of its rows. What an action refuses becomes a page or a banner by its own status."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability, signed_in
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.pages import valid
from kpi.today_lights import today_lights
from visits import actions as visits
from visits.queries.journal.day_logs import day_end
from workbench import actions
from workbench.forms import PostponeForm
from workbench.queries import messages as message_queries
from workbench.queries.postpone import postpone_page
from workbench.queries.today import late_specials, log_url, today_page
from workbench.views.answers import done, is_script, number_of

HOMES = (
    ("view_team", "workbench:team"),
    ("handle_cases", "complaints:case_list"),
    ("view_customers", "accounts:customer_list"),
    ("look_up_customers", "workbench:palette"),
)


@signed_in
@require_GET
def today(request: Asked) -> HttpResponse:
    """Home: Today of who holds customers, Team of who leads; others are sent to what they work with (screens)."""
    access = request.access
    if not access.can("serve_customers") or access.staff_id is None:
        return home_elsewhere(request)
    now = timezone.now()
    page = today_page(
        access.scope_for("serve_customers"),
        access.staff_id,
        now=now,
        by_district=request.GET.get("group") == "district",
        show_all=request.GET.get("all") == "1",
    )
    end = day_end(access.staff_id, timezone.localdate(now))
    lights = today_lights(access, access.staff_id, timezone.localdate(now)) if access.can("view_kpi") else []
    context = {"page": page, "end": end, "late_specials": late_specials(end.specials, now), "lights": lights}
    return render(request, "workbench/today.html", context)


def home_elsewhere(request: Asked) -> HttpResponse:
    """The home of those who have no Today of their own."""
    for ability_name, url_name in HOMES:
        if request.access.can(ability_name):
            return HttpResponseRedirect(reverse(url_name))
    return render(request, "workbench/no_home.html")


@ability("serve_customers")
@require_http_methods(["GET", "POST"])
def postpone(request: Asked, duty_id: int) -> HttpResponse:
    """Move the suggestion of a duty to a day, the next working day without one; never past the due day."""
    if request.method == "POST":
        day = valid(PostponeForm(request.POST))["to"]
        text = actions.postpone(duty_id=duty_id, to=day, by=request.user, now=timezone.now())
        return done(request, text, event="visit-logged")
    page = postpone_page(request.access.scope_for("serve_customers"), duty_id, today=timezone.localdate())
    form = PostponeForm(initial={"to": page.suggested_on})
    template = "workbench/postpone_sheet.html" if request.htmx else "workbench/postpone.html"
    return render(request, template, {"page": page, "form": form})


@ability("serve_customers")
@require_POST
def dial(request: Asked, pk: int) -> HttpResponse:
    """Answer the number of a customer or of a contact person; the tap is logged (decisions 16)."""
    person = number_of(request.GET.get("person"))
    dialled = visits.dial(customer_id=pk, person_id=person, by=request.user, now=timezone.now())
    url = log_url(pk, tap=dialled.tap_id, person=person)
    if is_script(request):
        return JsonResponse({"tel": dialled.tel, "log_url": url, "warnings": dialled.warnings})
    number = dialled.tel.removeprefix("tel:")
    return render(
        request,
        "workbench/dial.html",
        {"dialled": dialled, "address": dialled.tel, "number": number, "log_url": url},
    )


@ability("serve_customers")
@require_POST
def dismiss_dial(request: Asked, tap_id: int) -> HttpResponse:
    """Nothing to log about a call."""
    visits.dismiss_dial(tap_id=tap_id, by=request.user, now=timezone.now())
    return done(request, _("Left out."), event="visit-logged")


@ability("serve_customers")
@require_http_methods(["GET", "POST"])
def message(request: Asked, pk: int) -> HttpResponse:
    """Ready texts by occasion; POST answers the number for the phone's messages, logged like a dial."""
    now = timezone.now()
    if request.method == "POST":
        dialled = visits.dial(customer_id=pk, by=request.user, now=now)
        url, number = log_url(pk, tap=dialled.tap_id, channel="sms"), dialled.tel.removeprefix("tel:")
        if is_script(request):
            return JsonResponse({"number": number, "log_url": url})
        sms = f"sms:{number}?body={quote(request.POST.get('text', '')[:500])}"
        return render(
            request, "workbench/dial.html", {"dialled": dialled, "address": sms, "number": number, "log_url": url}
        )
    page = message_queries.message_page(request.access.scope_for("serve_customers"), pk, by=request.user, now=now)
    if page is None:
        raise NotFound
    template = "workbench/message_sheet.html" if request.htmx else "workbench/message.html"
    return render(request, template, {"page": page})
