"""Settings: products and their minimum retail price (CON-22)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actions.products import MAY, keep_product
from accounts.forms.products import ProductForm
from accounts.queries.products import ProductLine, products_on
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors


@require_GET
@ability(MAY)
@listed("products")
def product_list(request: Asked) -> HttpResponse:
    """Every product with the price that holds today and the next one."""
    lines = products_on(timezone.localdate(), with_inactive=True, with_business=True)
    return render(request, "accounts/product_list.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
@ability(MAY)
def product_new(request: Asked) -> HttpResponse:
    """Add a product."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def product_edit(request: Asked, pk: int) -> HttpResponse:
    """Change a product or its price."""
    lines = [
        line for line in products_on(timezone.localdate(), with_inactive=True, with_business=True) if line.id == pk
    ]
    if not lines:
        raise Http404
    return _edit(request, lines[0])


def _edit(request: Asked, line: ProductLine | None) -> HttpResponse:
    now = timezone.now()
    initial: dict[str, object] = {"effective_from": timezone.localdate(now)}
    if line is not None:
        shown = ("code", "name", "label_en", "category", "min_uses_per_member", "is_active", "minimum")
        initial |= {name: getattr(line, name) for name in shown}
    form = ProductForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            keep_product(product_id=line.id if line else None, **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."))
            return redirect("accounts:product_list")
    context = {"form": form, "title": line.name if line else _("New product"), "back": "accounts:product_list"}
    return render(request, "accounts/settings_form.html", context, status=400 if form.errors else 200)
