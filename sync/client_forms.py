"""Forms of the API clients page: shape only, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from crm.core.fields import offer
from crm.core.scope import Scope
from sync.choices import TokenScope

MAY = "manage_clients"


class ClientForm(forms.Form):
    """A new client."""

    name = forms.CharField(label=_("Name"), max_length=39, help_text=_("A short word, for example: billing"))
    unit = forms.TypedChoiceField(
        label=_("Unit"), coerce=int, help_text=_("It sees the customers of this unit and below.")
    )
    source = forms.CharField(
        label=_("Source of external ids"),
        max_length=39,
        required=False,
        help_text=_("Left empty: the same word as the name."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", Unit.visible_to(scope).order_by("path").values_list("id", "name"))


class LimitsForm(forms.Form):
    """How much a client may ask for."""

    requests_per_minute = forms.IntegerField(label=_("Requests a minute"), min_value=1, max_value=6000)
    rows_per_call = forms.IntegerField(label=_("Rows a call"), min_value=1, max_value=1000)


class TokenForm(forms.Form):
    """A new token of a client."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Valid for (days)"), initial=365, min_value=1, max_value=730)
