"""Forms of customer voice and bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries.dispatches import units_to_ask
from crm.core.fields import DayInput
from visits.actions.voices import Heard
from visits.choices import BulletinKind, Reliability, VoiceKind, VoiceSource, VoiceTopic


class VoiceForm(forms.Form):
    """客户反映 apart from a visit: one form (CUS-21); the source is asked, nothing else knows it (CUS-34)."""

    kind = forms.ChoiceField(label=_("What it is"), choices=VoiceKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What was said or learned"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    topic = forms.ChoiceField(label=_("What it is about"), required=False)
    source = forms.ChoiceField(label=_("Where it comes from"), widget=forms.RadioSelect)
    reliability = forms.ChoiceField(label=_("How sure it is"), required=False)
    found_on = forms.DateField(label=_("Found out on"), widget=DayInput, required=False)
    suggestion = forms.CharField(label=_("What do you propose?"), max_length=500, required=False)
    to_unit_id = forms.TypedChoiceField(
        label=_("Who should hear of it and reply"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "topic": [("", "–"), *VoiceTopic.choices],
            "source": [choice for choice in VoiceSource.choices if choice[0] != VoiceSource.VISIT],
            "reliability": [("", "–"), *Reliability.choices],
            "to_unit_id": [("", _("nobody")), *units_to_ask()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def heard(self) -> Heard:
        """What the action takes."""
        return Heard(**self.cleaned_data)


class SendForm(forms.Form):
    """To which unit."""

    to_unit = forms.TypedChoiceField(label=_("Who should hear of it and reply"), coerce=int)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to_unit"].choices = [("", "–"), *units_to_ask()]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why it goes up."""

    reason = forms.CharField(label=_("Why it cannot be solved here"), max_length=300)


class BulletinForm(forms.Form):
    """Something to pass on, to whom, by when (CON-27)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BulletinKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=60)
    body = forms.CharField(
        label=_("What to say"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    # The empty filter is everybody.
    audience = forms.ChoiceField(label=_("Whom it concerns"), required=False)
    deadline_on = forms.DateField(label=_("To be passed on by"), widget=DayInput)

    def __init__(self, *args: Any, audiences: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["audience"].choices = list(audiences)  # type: ignore[attr-defined]
