"""Forms of sales: the quotas one level below a unit, and the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

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
