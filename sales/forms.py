"""Forms of sales: the quotas one level below a unit, and the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sales.rules import MOST

_SOURCE = re.compile(r"^[a-z][a-z0-9_-]{0,39}$")


class QuotaForm(forms.Form):
    """A number for each unit and manager one level below; what is left empty stays as it is."""

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, target in lines:
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=MOST, initial=target,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-quota": ""}),
            )  # fmt: skip

    def targets(self) -> dict[str, int | None]:
        """Field → number."""
        return {name: self.cleaned_data.get(name) for name in self.fields}


class FileForm(forms.Form):
    """The file, and the system it comes from."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or GB18030; comma, semicolon, tab or bar; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=40,
        initial="manual",
        help_text=_("Short name of the system the file comes from. Numbers of orders and subscriptions are its own."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_source(self) -> str:
        """Small letters, digits and a few marks: it stands beside every order number."""
        source = str(self.cleaned_data["source"]).strip().lower()
        if not _SOURCE.match(source):
            raise forms.ValidationError(_("Small letters, digits, - and _; a letter first."), code="invalid_source")
        return source
