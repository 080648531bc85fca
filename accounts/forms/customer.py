"""Initial values of the customer form, and the deeds that need a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CustomerKind, CustomerState
from accounts.models import Customer
from accounts.queries import names
from accounts.rules import PERSON_FIELDS
from crm.core.abilities import Access
from crm.core.fields import offer


def initial_of(customer: Customer) -> dict[str, Any]:
    """Stored values by column, those of the person included, with the version."""
    person = getattr(customer, "person", None)
    values = {field.attname: getattr(customer, field.attname) for field in customer._meta.concrete_fields}
    return values | {name: getattr(person, name, None) for name in PERSON_FIELDS}


TIER_DEEDS = frozenset({"tier", "upgrade", "propose"})


class DecideForm(forms.Form):
    """One deed on a customer with its reason: a tier, a state, or the mark "important"."""

    deed = forms.ChoiceField(label=gettext_lazy("What"), widget=forms.RadioSelect)
    tier = forms.TypedChoiceField(label=gettext_lazy("Tier"), coerce=int, empty_value=None, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=CustomerState.choices, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, customer: Customer, access: Access, data: Any = None) -> None:
        super().__init__(data, initial={"tier": customer.tier_id, "state": customer.state})
        self.customer = customer
        tiers = names.tiers("vip" if customer.kind == CustomerKind.ORDINARY else customer.kind)
        offer(self, "tier", [("", _("no tier")), *((tier.id, tier.label()) for tier in tiers)])
        deeds = dict(self._deeds(access))
        offer(self, "deed", list(deeds.items()))
        if len(deeds) == 1:
            self.initial["deed"] = next(iter(deeds))
        # What none of his deeds asks for is not shown.
        if not deeds.keys() & TIER_DEEDS:
            del self.fields["tier"]
        if "state" not in deeds:
            del self.fields["state"]

    def values(self) -> dict[str, Any]:
        """What was entered; nothing for what was not asked."""
        return {"tier": None, "state": "", **self.cleaned_data}

    def _deeds(self, access: Access) -> Any:
        where = {"unit_id": self.customer.unit_id, "manager_id": self.customer.manager_id}
        if access.scope_for("decide_tiers").allows(**where):
            if self.customer.kind == CustomerKind.ORDINARY:
                yield "upgrade", _("Make a VIP of the chosen tier; then a manager can be assigned")
            else:
                yield "tier", _("Change the tier")
        elif access.scope_for("edit_customers").allows(**where):
            yield "propose", _("Propose another tier; the supervisor decides")
        if access.scope_for("edit_customers").allows(**where):
            yield "state", _("Change the state")
        if access.scope_for("flag_important").allows(**where) and self.customer.kind == "vip":
            if self.customer.is_important:
                yield "unmark", _("Take the mark “important” away")
            else:
                yield "mark", _("Mark as important VIP: face-to-face contact is owed")
