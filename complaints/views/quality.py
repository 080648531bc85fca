"""The quality feedback form (CMP-28…31): list, one form with the deed that is next, its print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from complaints.actions import quality as deeds
from complaints.choices import QualityState
from complaints.forms.quality import CloseForm, DecideForm, ExchangeForm, InspectForm, SubmitForm
from complaints.queries import quality as queries
from complaints.rules.quality import allowed
from crm.core import attachments
from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors, place_of, valid
from crm.core.qr import qr_svg
from visits import print_context
from visits.forms import DrawnForm
from visits.print_forms import QUALITY

SEES = "view_cases"
REVIEWS = "review_quality"
TEXTS: dict[str, str | Promise] = {
    "inspect": gettext_lazy("Inspection kept. Now the customer signs."),
    "submit": gettext_lazy("Submitted to the regional market manager."),
    "decide": gettext_lazy("Decided."),
    "exchange": gettext_lazy("Exchange kept. Now the customer confirms."),
    "close": gettext_lazy("Settled and closed."),
}


@require_GET
@ability(SEES)
@listed("quality")
def quality_list(request: Asked) -> HttpResponse:
    """Every form, newest first; by state."""
    state = dict(given_of(request.GET, ("state",))).get("state", "")
    if state and state not in QualityState.values:
        raise unknown_value("state")
    rows = queries.quality_list(request.access.scope_for(SEES), state=state, before=place_of(request))
    context = {
        "rows": rows[: queries.LIMIT],
        "more": rows[queries.LIMIT - 1].id if len(rows) > queries.LIMIT else None,
        "sees_cases": True,
        "state": state,
        "states": QualityState.choices,
    }
    return render(request, "complaints/quality_list.html", context)


@require_POST
@ability(SEES)
def quality_open(request: Asked, case_id: int) -> HttpResponse:
    """Begin the form of a case; there is one at most."""
    row = deeds.open_feedback(case_id=case_id, by=request.user)
    return redirect("complaints:quality_detail", row.pk)


@require_GET
@ability(SEES)
def quality_detail(request: Asked, pk: int) -> HttpResponse:
    """The form, its way, its signatures, and the deed that is next."""
    return _page(request, pk)


def _page(request: Asked, pk: int, tried: str = "", form: forms.Form | None = None) -> HttpResponse:
    row = queries.quality_for(request.access.scope_for(SEES), pk)
    signed, rights = queries.signed_on(row), queries.rights_of(request.access, row)
    shown: dict[str, Any] = {
        "row": row,
        "signed": signed,
        "photos": queries.quality_photos(row),
        "can": allowed(row.state, rights),
        "is_own": row.submitted_by_id == request.user.pk,
        "forms": _forms(row) | ({tried: form} if form is not None else {}),
        "parts": {"sign": queries.CUSTOMER, "confirm": queries.CONFIRMATION},
    }
    return render(request, "complaints/quality_detail.html", shown, status=400 if form is not None else 200)


def _forms(row: queries.QualityRow) -> dict[str, forms.Form]:
    today, version = timezone.localdate(), {"version": row.version}
    found = {
        name: getattr(row, name) for name in ("product_name", "batch", "quantity", "defect", "cause")
    } | {"inspected_on": row.inspected_on or today}  # fmt: skip
    exchange = {"exchanged_on": today, "exchanged_quantity": row.returned_quantity or None}
    return {
        "inspect": InspectForm(initial=version | found),
        "submit": SubmitForm(initial=version | {"returned_quantity": row.returned_quantity}),
        "decide": DecideForm(initial=version),
        "exchange": ExchangeForm(initial=version | exchange),
        "close": CloseForm(initial=version),
    }


def _do(request: Asked, pk: int, name: str, form: forms.Form, deed: Callable[..., object]) -> HttpResponse:
    """One deed: kept and back to the form, or the form again with what is wrong."""
    if form.is_valid():
        with domain_errors(form):
            deed(feedback_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, str(TEXTS[name]))
            return redirect("complaints:quality_detail", pk)
    return _page(request, pk, name, form)


@require_POST
@ability(SEES)
def quality_inspect(request: Asked, pk: int) -> HttpResponse:
    """CMP-28: what was found on the spot."""
    return _do(request, pk, "inspect", InspectForm(request.POST, request.FILES), deeds.inspect_quality)


@require_POST
@ability(SEES)
def quality_submit(request: Asked, pk: int) -> HttpResponse:
    """CMP-29: to the regional market manager, with the goods."""
    return _do(request, pk, "submit", SubmitForm(request.POST), deeds.submit_quality)


@require_POST
@ability(REVIEWS)
def quality_decide(request: Asked, pk: int) -> HttpResponse:
    """CMP-30: approve, or reject with a reason."""

    def decide(*, grant: str, **values: Any) -> object:
        return deeds.decide_quality(approve=grant == "yes", **values)

    return _do(request, pk, "decide", DecideForm(request.POST), decide)


@require_POST
@ability(SEES)
def quality_exchange(request: Asked, pk: int) -> HttpResponse:
    """CMP-30: the exchange."""
    return _do(request, pk, "exchange", ExchangeForm(request.POST), deeds.exchange_quality)


@require_POST
@ability(REVIEWS)
def quality_close(request: Asked, pk: int) -> HttpResponse:
    """CMP-31: both signatures are there."""
    return _do(request, pk, "close", CloseForm(request.POST), deeds.close_quality)


@require_POST
@ability(SEES)
def quality_sign(request: Asked, pk: int, part: str) -> HttpResponse:
    """The customer has signed on this screen."""
    values = valid(DrawnForm(request.POST))
    deeds.sign_quality(feedback_id=pk, part=part, **values, by=request.user, now=timezone.now())
    messages.success(request, _("Signed by the customer."))
    return redirect("complaints:quality_detail", pk)


@require_POST
@ability(SEES)
def quality_link(request: Asked, pk: int, part: str) -> HttpResponse:
    """A link for the customer's own phone; shown once, for only its digest is kept."""
    link = deeds.ask_signature(feedback_id=pk, part=part, by=request.user, now=timezone.now())
    url = f"{settings.BASE_URL}{reverse('core:sign_link', args=[link.token])}"
    back = reverse("complaints:quality_detail", args=[pk])
    return render(request, "complaints/quality_link.html", {"url": url, "qr": qr_svg(url), "link": link, "back": back})


@require_GET
@ability(SEES)
def quality_drawing(request: Asked, pk: int, part: str) -> FileResponse:
    """The customer's drawn signature."""
    return attachments.stream(queries.quality_drawing(request.access.scope_for(SEES), pk, part), inline=True)


@require_GET
@ability(SEES)
def quality_photo(request: Asked, pk: int, file_id: int) -> FileResponse:
    """A photo of the form."""
    found = queries.quality_photo(request.access.scope_for(SEES), pk, file_id)
    return attachments.stream(found.attachment, inline=True)


@require_GET
@ability(SEES)
def quality_print(request: Asked, pk: int) -> HttpResponse:
    """商品及服务质量信息反馈单, filled in."""
    row = queries.quality_for(request.access.scope_for(SEES), pk)
    frame = print_context.frame(request, QUALITY, row.manager_id, timezone.now())
    return render(request, "complaints/quality_print.html", frame | {"row": row, "signed": queries.signed_on(row)})
