"""The page of a one-time link: what is signed, a name, a confirmation (PLT-8). Opened on the customer's own phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from crm.core import signatures
from crm.core.abilities import public
from crm.core.forms import LinkSignForm
from crm.core.pages import domain_errors


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_variables("token")
@public
def sign_link(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what there is to sign; POST signs, once. Whoever has the link needs no sign-in; 410 when it is over."""
    now = timezone.now()
    form = LinkSignForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            signature = signatures.sign_by_link(token, **form.cleaned_data, now=now)
            return render(request, "core/sign_done.html", {"signature": signature})
    page = signatures.open_link(token, now=now)
    return render(request, "core/sign_link.html", {"page": page, "form": form}, status=400 if form.is_bound else 200)
