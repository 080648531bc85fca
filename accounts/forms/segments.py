"""A filter of the customer list under a name (CUS-15)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.filters import kept_query
from accounts.forms.organisation import IdChoice, unit_choices
from crm.core.errors import Invalid
from crm.core.fields import offer
from crm.core.scope import Scope


class SegmentForm(forms.Form):
    """Name and readers; the filter itself travels along, read as strictly as the list reads it."""

    name = forms.CharField(
        label=_("Name"), max_length=50, help_text=_("A segment of yours with the same name is replaced.")
    )
    unit_id = IdChoice(label=_("Who sees it"), required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: Scope, today: date, is_new: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        units = unit_choices(scope)
        offer(self, "unit_id", [("", _("Only me")), *units])
        if not units:
            del self.fields["unit_id"]
        if not is_new:
            self.fields["name"].help_text = ""

    def clean_query(self) -> str:
        """The filter as it is kept; the whole base is no segment."""
        try:
            kept = kept_query(self.cleaned_data["query"], self.today)
        except Invalid as problem:
            raise ValidationError(problem.text) from problem
        if not kept:
            raise ValidationError(_("Set a filter on the list first: this is every customer."))
        return kept

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data.get(name) for name in ("name", "query", "unit_id")}
