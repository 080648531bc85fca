"""Documents for customers (SEC-2): their class, a link to one, and the page of the link."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from crm.core import attachments, guide, sharing
from crm.core.abilities import ability, public
from crm.core.asked import Asked
from crm.core.errors import NotAllowed
from crm.core.forms import ShareForm
from crm.core.models import Article, Attachment, DocumentClass
from crm.core.pages import domain_errors, valid
from crm.core.qr import qr_svg


def share_page(
    request: Asked, document: Attachment | Article, *, back: str, may_classify: bool, customer_id: int | None = None
) -> HttpResponse:
    """The class of a document, and a link for a customer; an app's view calls it when it has found the document."""
    form = ShareForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "document": document,
        "name": sharing.name_of(document),
        "back": back,
        "may_classify": may_classify,
    }
    if form.is_bound:
        with domain_errors(form):
            deed = valid(form)["deed"]
            if deed != "link":
                return _classified(request, document, deed, may_classify)
            issued = sharing.issue(document, customer_id=customer_id, by=request.user, now=timezone.now())
            url = f"{settings.BASE_URL}{reverse('core:share', args=[issued.token])}"
            context |= {"url": url, "qr": qr_svg(url), "issued": issued}
    context |= {"form": form, "is_shared": document.visibility == DocumentClass.SHARED}
    return render(request, "core/share_page.html", context, status=422 if form.errors else 200)


def _classified(request: Asked, document: Attachment | Article, visibility: str, may_classify: bool) -> HttpResponse:
    if not may_classify:
        raise NotAllowed
    sharing.classify(document, visibility, by=request.user)
    messages.success(request, _("Saved."))
    return redirect(request.path)


@require_http_methods(["GET", "POST"])
@ability("view_customers", "maintain_guide")
def guide_share(request: Asked, code: str) -> HttpResponse:
    """A text of the guide for a customer."""
    row = guide.article_for_edit(code)
    back = reverse("core:guide_detail", args=[code])
    return share_page(request, row, back=back, may_classify=request.access.can("maintain_guide"))


@require_GET
@never_cache
@sensitive_variables("token")
@public
def share(request: Asked, token: str) -> HttpResponseBase:
    """What the customer gets: the file, or the text; nothing else of the site is behind it."""
    document = sharing.open_share(token, now=timezone.now())
    if isinstance(document, Attachment):
        return attachments.stream(document, inline=True)
    return render(request, "core/share.html", {"text": guide.text_of(document)})
