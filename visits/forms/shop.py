"""Forms of reports about prices under the minimum."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """What goes with the evidence."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ViolationDecisionForm(forms.Form):
    """Approve or refuse; a refusal says why."""

    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
    grant = forms.ChoiceField(choices=[("yes", _("Lower the tier by one")), ("no", _("Refuse"))])
