"""Settings pages of headquarters: tiers and their promise, required fields, roles (CUS-1, 3, 27, PLT-7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.ability_labels import ABILITY_LABELS
from accounts.choices import CustomerKind, Purpose, Role
from accounts.field_labels import GROUP_LABELS, field_label
from accounts.forms.organisation import TierForm, TierRuleForm
from accounts.models import RequiredField, Tier
from accounts.queries import tiers
from accounts.rules import FIELDS_OF_KIND, ROLE_ABILITIES
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Invalid
from crm.core.pages import domain_errors

MAY = "configure"


@require_GET
@ability(MAY)
def tier_list(request: Asked) -> HttpResponse:
    """Every tier with its promise today and the next one; the last line is face-to-face contact (CON-4)."""
    context = {"lines": tiers.tier_table(request.access.scope, timezone.localdate())}
    return render(request, "accounts/tier_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def tier_edit(request: Asked, pk: int) -> HttpResponse:
    """Words and criteria of a tier."""
    tier = get_object_or_404(Tier.objects.all(), pk=pk)
    names = ("label_zh", "label_en", "minimum_spend", "minimum_tenure_months")
    form = TierForm(request.POST or None, initial={name: getattr(tier, name) for name in names})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.save_tier(tier_id=pk, values=form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:tier_list")
    context = {
        "form": form,
        "title": tier.label_en if get_language() == "en" else tier.label_zh,
        "back": "accounts:tier_list",
    }
    return render(request, "accounts/settings_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def tier_rule_edit(request: Asked, pk: int) -> HttpResponse:
    """A new promise from a day on: first what it would change, then done (screens 11). pk 0 = face-to-face."""
    tier = get_object_or_404(Tier.objects.all(), pk=pk) if pk else None
    purpose = Purpose.CONTACT if tier else Purpose.FACE_TO_FACE
    history = tiers.rule_history(pk or None, purpose)
    start = {"effective_from": timezone.localdate(), "period": history[0].period if history else ""}
    form = TierRuleForm(request.POST or None, initial=start)
    context: dict[str, Any] = {"form": form, "tier": tier, "history": history}
    if form.is_bound and form.is_valid():
        rule: dict[str, Any] = {"tier_id": pk or None, "purpose": purpose, **form.cleaned_data}
        with domain_errors(form):
            if request.POST.get("step") == "do":
                actions.save_tier_rule(**rule, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return redirect("accounts:tier_list")
            context["preview"] = actions.preview_tier_rule(**rule, by=request.user, now=timezone.now())
    return render(request, "accounts/tier_rule.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def required_field_list(request: Asked) -> HttpResponse:
    """Which fields a complete profile has, by kind (CUS-27)."""
    kind = request.GET.get("kind", CustomerKind.VIP)
    if kind not in CustomerKind.values:
        problem = _("The filter %(name)s has no such value.") % {"name": "kind"}
        raise Invalid(problem, code="unknown_value", field="kind")
    if request.method == "POST":
        wanted = request.POST.getlist("fields")
        done = actions.set_required_fields(kind=kind, fields=wanted, by=request.user, now=timezone.now())
        messages.success(request, _("Saved.") if done else _("Saved. Completeness is counted anew tonight."))
        return redirect(f"{request.path}?kind={kind}")
    required = set(RequiredField.objects.filter(kind=kind, effective_to=None).values_list("field", flat=True))
    groups = [
        (GROUP_LABELS[group], [(name, field_label(name), name in required) for name in fields])
        for group, fields in FIELDS_OF_KIND[kind].items()
        if fields
    ]
    context = {"groups": groups, "kind": kind, "kinds": CustomerKind.choices}
    return render(request, "accounts/required_field_list.html", context)


@require_GET
@ability("manage_staff", MAY)
def role_list(request: Asked) -> HttpResponse:
    """Role × ability, to read only: the table itself is in the code (decisions 12)."""
    rows = [(label, [name in ROLE_ABILITIES[role] for role in Role]) for name, label in ABILITY_LABELS.items()]
    return render(request, "accounts/role_list.html", {"roles": [role.label for role in Role], "rows": rows})
