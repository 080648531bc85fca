"""Forms of the webhook pages: shape only, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import offer
from crm.core.scope import Scope
from sync.webhooks import queries


class WebhookEditForm(forms.Form):
    """Address, types and note of a webhook."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https and public, for example: https://erp.example.com/crm"),
        widget=forms.URLInput,
    )
    types = forms.MultipleChoiceField(label=_("Told of"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "types", queries.type_choices())


class WebhookForm(WebhookEditForm):
    """A new webhook."""

    client = forms.TypedChoiceField(
        label=_("Client"), coerce=int, help_text=_("It hears only of what one of its valid tokens may read.")
    )
    field_order = ["client", "url", "types", "note"]

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = list(queries.clients_to_call(scope).values_list("pk", "name"))
        self.has_clients = bool(clients)
        offer(self, "client", clients)


class DeedForm(forms.Form):
    """What is to be done with a webhook."""

    deed = forms.ChoiceField(
        choices=[(name, name) for name in ("ping", "pause", "resume", "secret", "replay", "delete")]
    )
    since = forms.DateTimeField(
        label=_("Since"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
