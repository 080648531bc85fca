"""Forms of assigned tasks (PLAN-17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import TaskSource
from crm.core.fields import DayInput


class TaskForm(forms.Form):
    """What is to be done, by whom, until when, and whose order it is."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=20)
    title = forms.CharField(label=_("Task"), max_length=100)
    reason = forms.CharField(
        label=_("What exactly"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("To be done by"), widget=DayInput)
    source = forms.ChoiceField(label=_("Whose order"), choices=TaskSource.choices, widget=forms.RadioSelect)
    customer_id = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.colleagues = colleagues
        self.fields["staff_number"].widget.attrs |= {"list": "task-colleagues", "autocomplete": "off"}


class ResultForm(forms.Form):
    """What came of a task."""

    result = forms.CharField(label=_("Result"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """Why a finished task is sent back."""

    remark = forms.CharField(label=_("Remark"), max_length=300)
