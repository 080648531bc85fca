"""The guide: reading it, and writing it for headquarters."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core import guide
from crm.core.abilities import ability, signed_in
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.forms import ArticleForm, article_initial
from crm.core.pages import domain_errors


@require_GET
@signed_in
def guide_list(request: Asked) -> HttpResponse:
    """Every text by its area; a search looks through them."""
    search = dict(given_of(request.GET, ("q",))).get("q", "")[:50]
    can_write = request.access.can("maintain_guide")
    context = {
        "texts": guide.articles(search=search, with_hidden=can_write),
        "search": search,
        "can_write": can_write,
    }
    return render(request, "core/guide_list.html", context)


@require_GET
@signed_in
def guide_detail(request: Asked, code: str) -> HttpResponse:
    """One text."""
    can_write = request.access.can("maintain_guide")
    text = guide.article(code, with_hidden=can_write)
    return render(request, "core/guide_detail.html", {"text": text, "can_write": can_write})


@require_http_methods(["GET", "POST"])
@ability("maintain_guide")
def guide_new(request: Asked) -> HttpResponse:
    """A new text."""
    form = ArticleForm(request.POST if request.method == "POST" else None, initial={"is_shown": True, "version": 0})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            row = guide.write_article(
                code=f"text-{uuid4().hex[:8]}", **form.written(), by=request.user, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("core:guide_detail", args=[row.code]))
    return render(request, "core/guide_edit.html", {"form": form, "text": None}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@ability("maintain_guide")
def guide_edit(request: Asked, code: str) -> HttpResponse:
    """Change a text; who has an older copy sees the newer one beside it."""
    row = guide.article_for_edit(code)
    form = ArticleForm(request.POST if request.method == "POST" else None, initial=article_initial(row))
    context = {"form": form, "text": row}
    if form.is_bound and form.is_valid():
        try:
            with domain_errors(form):
                guide.write_article(code=code, **form.written(), by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("core:guide_detail", args=[code]))
        except Conflict:
            return render(request, "core/guide_edit.html", context | {"is_stale": True}, status=409)
    return render(request, "core/guide_edit.html", context, status=400 if form.is_bound else 200)
