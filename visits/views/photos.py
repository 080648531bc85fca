"""Photos of a visit: added by a form or by a phone that has its signal back, shown to who may see the visit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.middleware import wants_json
from visits.actions.photos import add_photo
from visits.queries.photos import photo_for
from visits.sheet_photos import PhotoForm


@require_POST
@ability("log_visits")
def photo_add(request: Asked) -> HttpResponse:
    """One photo for one's own visit, named by its number or by the key of its sheet; JSON for our own script."""
    form = PhotoForm(request.POST, request.FILES)
    added = add_photo(**form.asked(), by=request.user, now=timezone.now())
    if wants_json(request):
        return JsonResponse({"photo": added.photo_id, "visit": added.visit_id, "duplicate": added.duplicate})
    messages.success(request, _("Photo added."))
    return HttpResponseRedirect(reverse("visits:visit_detail", args=[added.visit_id]))


@require_GET
@ability("view_customers")
def photo(request: Asked, pk: int) -> HttpResponseBase:
    """Stream a photo after asking for its visit again; opened by itself, the look is logged (SEC-4)."""
    found = photo_for(request.access.scope, pk)
    if request.headers.get("Sec-Fetch-Dest") != "image":
        access_log.record_request(
            request, "download", at=timezone.now(), subject_table="visits_visit", subject_id=found.visit_id,
            detail={"photo": found.pk},
        )  # fmt: skip
    return attachments.stream(found.attachment, inline=True)
