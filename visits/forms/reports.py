"""Forms of reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.queries.reports import ReportRow
from visits.rules.reports import MOST_LETTERS


class ReportForm(forms.Form):
    """The sections of a report; empty ones may stay empty until it is submitted (PLAN-12)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, report: ReportRow, **more: Any) -> None:
        more["initial"] = {"version": report.version} | {section.value: text for section, text in report.written}
        super().__init__(*args, **more)
        self.codes = [section.value for section, _text in report.written]
        for section, _text in report.written:
            self.fields[section.value] = forms.CharField(
                label=str(section.label),
                max_length=MOST_LETTERS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def sections(self) -> dict[str, str]:
        """Code → text."""
        return {code: self.cleaned_data[code] for code in self.codes}


class ReportDecisionForm(forms.Form):
    """Read, or returned with what is missing (PLAN-13)."""

    comment = forms.CharField(
        label=_("Comment"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    decision = forms.ChoiceField(choices=[("read", _("Read")), ("returned", _("Return"))])
