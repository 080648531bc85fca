"""Forms of saved views: a name, who sees it, with which columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.abilities import Access
from crm.core.fields import offer
from crm.core.list_views import CONFIGURES, role_choices, shared_with, units
from crm.core.lists import ListKind
from crm.core.models import SavedView

ME = "me"


class ViewForm(forms.Form):
    """A list under a name; the filter and the columns of the page it comes from travel along."""

    name = forms.CharField(label=_("Name"), max_length=50)
    shown_to = forms.ChoiceField(label=_("Who sees it"))
    is_default = forms.BooleanField(label=_("Open the list like this"), required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    columns = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, **more: Any) -> None:
        super().__init__(*args, **more)
        choices: list[tuple[str, Any]] = [(ME, _("Only me"))]
        choices += [(f"unit:{unit_id}", name) for unit_id, name in units().units_in(shared_with(access))]
        if access.can(CONFIGURES):
            choices += [(f"role:{role}", _("Standard of the role %(role)s") % {"role": label})
                        for role, label in role_choices()]  # fmt: skip
        offer(self, "shown_to", choices)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        audience, _mark, value = self.cleaned_data["shown_to"].partition(":")
        return {
            "name": self.cleaned_data["name"],
            "query": self.cleaned_data["query"],
            "columns": [key for key in self.cleaned_data["columns"].split(",") if key],
            "is_default": self.cleaned_data["is_default"],
            "unit_id": int(value) if audience == "unit" else None,
            "role": value if audience == "role" else "",
        }


class ColumnsForm(forms.Form):
    """The columns of a list; the one that names the record always stands there."""

    columns = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: ListKind, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "columns", [(column.key, column.label) for column in kind.columns])


def initial_of(view: SavedView) -> dict[str, Any]:
    """A view as its form shows it."""
    audience = f"unit:{view.unit_id}" if view.unit_id is not None else f"role:{view.role}" if view.role else ME
    return {
        "name": view.name,
        "shown_to": audience,
        "is_default": view.is_default,
        "query": view.query,
        "columns": view.columns,
    }
