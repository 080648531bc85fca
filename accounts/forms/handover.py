"""The handover wizard: who gives or which customers, who takes, why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from accounts.queries.portfolio import customer_ids_of, managers
from crm.core.fields import offer
from crm.core.scope import Scope

MOST = 10_000


class HandoverForm(forms.Form):
    """Either ticked customers (`ids`), or the whole portfolio of one manager, of one tier when given."""

    ids = forms.CharField(required=False, widget=forms.HiddenInput)
    from_staff = forms.TypedChoiceField(label=_("Handed over by"), coerce=int, empty_value=None, required=False)
    tier = forms.TypedChoiceField(label=_("Only this tier"), coerce=int, empty_value=None, required=False)
    to_staff = forms.TypedChoiceField(label=_("New manager"), coerce=int, empty_value=None)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    note = forms.CharField(
        label=_("Handover note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the new manager should know; it is shown with the introduction."),
    )

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        people = [(person.pk, f"{person.name} · {person.unit.name}") for person in managers(scope, today)]
        offer(self, "from_staff", [("", _("the ticked customers")), *people])
        offer(self, "to_staff", [("", "—"), *people])
        tiers = [(tier.id, tier.label()) for tier in names.tiers("vip")]
        offer(self, "tier", [("", _("all tiers")), *tiers])

    def clean_ids(self) -> list[int]:
        """Ids of the ticked customers: whole numbers, each once."""
        parts = [part for part in self.cleaned_data["ids"].replace(" ", "").split(",") if part]
        if len(parts) > MOST or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            raise forms.ValidationError(_("Choose the customers again."), code="invalid")
        return list(dict.fromkeys(int(part) for part in parts))

    def customer_ids(self) -> list[int]:
        """The customers that are meant, as they are now."""
        data = self.cleaned_data
        if data.get("from_staff"):
            return customer_ids_of(self.scope, data["from_staff"], tier_id=data.get("tier"))
        return data.get("ids") or []
