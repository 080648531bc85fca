"""Customers that stand twice: the pairs, two side by side, the merge and its way back (screens 4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts import merge_context
from accounts.actions import merging
from accounts.actions.merging import Unmerged
from accounts.field_labels import field_label
from accounts.forms.merging import MergeForm, ids_in
from accounts.queries.merges import MAY, chosen, two_customers
from crm.core.abilities import ability
from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import domain_errors
from crm.core.text import clean_text


@require_GET
@vary_on_headers("HX-Request")
@ability(MAY)
def duplicate_list(request: Asked) -> HttpResponse:
    """Pairs that may be one, the likeliest first; and what was merged lately."""
    scope, cursor = request.access.scope_for(MAY), request.GET.get("cursor", "")
    context = merge_context.pairs_page(scope, cursor)
    context["more_url"] = with_values(request.GET, cursor=context["next_cursor"]) if context["next_cursor"] else ""
    if request.htmx and cursor:
        return render(request, "accounts/duplicate_list.html#more", context)
    context["merges"] = merge_context.merge_rows(scope, timezone.now())
    return render(request, "accounts/duplicate_list.html", context)


@require_POST
@ability(MAY)
def duplicate_search(request: Asked) -> HttpResponse:
    """Look at everybody anew, in the background."""
    job = merging.look_for_pairs(by=request.user, now=timezone.now())
    return redirect("core:job_detail", job.pk)


@require_POST
@ability(MAY)
def duplicate_dismiss(request: Asked, pk: int) -> HttpResponse:
    """They are two."""
    merging.dismiss_pair(pair_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Two different customers: this pair is not shown again."))
    return redirect("accounts:duplicate_list")


@require_GET
@ability(MAY)
def merge_choose(request: Asked) -> HttpResponse:
    """Two ticked in the list go on to be compared; for one the other is looked for."""
    ids = ids_in(request.GET.getlist("ids"))
    scope = request.access.scope_for(MAY)
    if len(ids) == 2:
        chosen(scope, ids)
        return redirect("accounts:customer_merge", *ids)
    search = clean_text(request.GET.get("q", ""), field="q", max_length=50).strip()
    context = merge_context.choose_context(scope, ids if len(ids) == 1 else [], search)
    if len(ids) > 2:
        messages.error(request, _("Two customers are merged at a time: tick exactly two."))
    return render(request, "accounts/merge_choose.html", context, status=400 if len(ids) > 2 else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def customer_merge(request: Asked, pk: int, other: int) -> HttpResponse:
    """Side by side: who stays, what of each field, what moves; then the merge itself."""
    survivor, merged = two_customers(request.access.scope_for(MAY), pk, other)
    form = merge_context.merge_form(request.POST or None, survivor, merged)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if _merge(request, pk, other, form):
                return redirect("workbench:customer", pk)
        except Conflict as refusal:
            form.add_error(None, str(refusal))
            status = 409
    preview = merging.preview_merge(survivor, merged)
    fields = merge_context.choices(form, survivor, merged)
    context = merge_context.sides(survivor, merged) | {"form": form, "preview": preview, "fields": fields}
    return render(request, "accounts/customer_merge.html", context, status=status)


def _merge(request: Asked, pk: int, other: int, form: MergeForm) -> bool:
    with domain_errors(form):
        done = merging.merge_customers(
            survivor_id=pk, merged_id=other, **form.values(), by=request.user, now=timezone.now()
        )
        text = _("%(merged)s (%(number)s) was merged into this customer. You can undo it for 7 days.")
        messages.success(request, text % {"merged": done.merged_name, "number": done.merged_number})
    return not form.errors


@require_POST
@ability(MAY)
def merge_undo(request: Asked, pk: int) -> HttpResponse:
    """Apart again; what cannot go back is named."""
    done = merging.undo_merge(merge_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is a customer of his own again.") % {"name": done.merge.merged_name})
    for line in _left_behind(done):
        messages.warning(request, line)
    return redirect("workbench:customer", done.customer_id)


def _left_behind(done: Unmerged) -> list[str]:
    """What somebody has moved or changed since, in words."""
    lines = [
        ngettext(
            "%(label)s: %(n)d row was moved or removed since and does not come back.",
            "%(label)s: %(n)d rows were moved or removed since and do not come back.",
            count,
        ) % {"label": label, "n": count}
        for label, count in done.kept
    ]  # fmt: skip
    if done.fields:
        names = ", ".join(str(field_label(name)) for name in done.fields)
        lines.append(_("Changed since, and left as they are: %(fields)s.") % {"fields": names})
    return lines
