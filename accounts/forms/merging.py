"""The form of a merge: which value of each differing field stays, and why the two are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import REASON_LENGTH
from accounts.queries.merges import FieldPair
from crm.core.errors import NotFound

KEPT, OTHER = "kept", "other"


def ids_in(raw: Sequence[str]) -> list[int]:
    """The customers an address names, each once; what is no id names nobody (404)."""
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in raw):
        raise NotFound
    return list(dict.fromkeys(map(int, raw)))


class MergeForm(forms.Form):
    """One choice per field the two say different things about; what only the other one says is taken over."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=REASON_LENGTH)
    versions = forms.RegexField(r"^\d{1,9}-\d{1,9}$", widget=forms.HiddenInput)

    def __init__(self, pairs: Sequence[FieldPair], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = pairs
        for pair in pairs:
            self.fields[f"f_{pair.name}"] = forms.ChoiceField(
                choices=[(KEPT, KEPT), (OTHER, OTHER)], required=False, initial=OTHER if pair.is_empty else KEPT
            )

    def chosen(self, pair: FieldPair) -> str:
        """Which value is ticked."""
        bound = self[f"f_{pair.name}"]
        return str(bound.value() or bound.initial)

    def values(self) -> dict[str, Any]:
        """The cleaned values as the action takes them."""
        first, second = self.cleaned_data["versions"].split("-")
        return {
            "take": [pair.name for pair in self.pairs if self.cleaned_data.get(f"f_{pair.name}") == OTHER],
            "reason": self.cleaned_data["reason"],
            "versions": (int(first), int(second)),
        }
