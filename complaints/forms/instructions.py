"""Forms of instructions and of what opinions came to (CMP-25, CMP-32, CMP-33)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import ReplyMethod
from complaints.forms.phrases import PhraseArea


class InstructForm(forms.Form):
    """What the regional market manager wants done."""

    text = forms.CharField(label=_("Instruction"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class InstructCaseForm(InstructForm):
    """On a case an exchange may be ordered (CMP-37)."""

    orders_exchange = forms.BooleanField(
        label=_("Order an exchange"), required=False, help_text=_("Opens the quality feedback form of the case.")
    )


class FedBackForm(forms.Form):
    """What the customer was told, and how."""

    feedback = forms.CharField(label=_("What the customer was told"), max_length=500, widget=PhraseArea(3))
    method = forms.ChoiceField(label=_("How"), choices=ReplyMethod.choices, widget=forms.RadioSelect)


class OpinionForm(forms.Form):
    """What became of an opinion."""

    result = forms.CharField(label=_("Result"), max_length=500, widget=PhraseArea(3))
    explanation = forms.CharField(
        label=_("What was explained"),
        max_length=500,
        required=False,
        widget=PhraseArea(2),
        help_text=_("Criticism is explained patiently, without dispute."),
    )
    method = forms.ChoiceField(label=_("How"), choices=ReplyMethod.choices, widget=forms.RadioSelect)
