"""Forms of dispatches and escalations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReplyForm(forms.Form):
    """The reply of another unit (回单)."""

    text = forms.CharField(label=_("Reply"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    solved = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("Solved or answered")), ("no", _("Cannot be solved here: report it up"))],
        widget=forms.RadioSelect,
        initial="yes",
    )


class AnswerForm(forms.Form):
    """What a level says or offers, and whether that settles it (RET-13)."""

    comment = forms.CharField(label=_("Comment or offer"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    settles = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Settled here")), ("no", _("Pass it up"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
