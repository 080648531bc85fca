"""The form of the line switches."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput
from visits.queries.switches import cell_name, known_cells


class SwitchForm(forms.Form):
    """The day from which the ticks hold; the ticks are read beside it, by name."""

    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput)


def ticked_switches(params: QueryDict) -> dict[tuple[str, str], bool]:
    """Every switch with its tick; names that are none of ours are simply not there."""
    return {(feature, line): cell_name(feature, line) in params for feature, line in known_cells()}
