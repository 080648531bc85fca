"""What is expected of a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import FeedRhythm
from sync.kinds import EXPECTED, LABELS


class FeedForm(forms.Form):
    """One feed: whose, what, by when."""

    source = forms.CharField(label=_("Source"), max_length=39)
    kind = forms.ChoiceField(label=_("What it sends"), choices=[(kind, LABELS[kind]) for kind in EXPECTED])
    rhythm = forms.ChoiceField(label=_("Rhythm"), choices=FeedRhythm.choices)
    month_day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False, help_text=_("Only for once a month.")
    )
    expected_by = forms.TimeField(label=_("Expected by"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected_by"].initial = "09:00"
