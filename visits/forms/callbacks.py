"""What the customer says when he is called back (KPI-7), the manager's objection, the ruling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.visits import MOMENTS, MomentInput

YES_NO = (("", _("Not asked")), ("yes", _("Yes")), ("no", _("No")))


def _yes_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect, empty_value=None,
        coerce=lambda raw: {"yes": True, "no": False}[raw],
    )  # fmt: skip


class CallbackForm(forms.Form):
    """Five questions and a remark; only the first one must be answered."""

    took_place = forms.TypedChoiceField(
        label=_("Did the contact take place?"),
        choices=(("yes", _("Yes, it took place")), ("no", _("No, it never happened"))),
        widget=forms.RadioSelect,
        coerce=lambda raw: raw == "yes",
        error_messages={"required": _("Ask this question at least.")},
    )
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied is he?"),
        choices=(("", _("Not asked")), ("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1")),
        required=False, widget=forms.RadioSelect, coerce=int, empty_value=None,
        help_text=_("5 = very satisfied, 1 = not at all"),
    )  # fmt: skip
    knows_manager = _yes_no(_("Knows the account manager?"))
    data_correct = _yes_no(_("Are the customer's data right?"))
    badge_worn = _yes_no(_("Was the badge worn?"))
    remark = forms.CharField(
        label=_("Other remarks"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, is_on_site: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_on_site:
            del self.fields["badge_worn"]


class ObjectionForm(forms.Form):
    """Why the manager does not agree."""

    text = forms.CharField(
        label=_("Why do you object?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )


class CallTestForm(forms.Form):
    """A test call outside office hours (CON-12)."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=20)
    called_at = forms.DateTimeField(label=_("Called at"), widget=MomentInput, input_formats=MOMENTS)
    was_answered = forms.BooleanField(label=_("He answered"), required=False)
    minutes = forms.IntegerField(
        label=_("Called back after"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Minutes; empty: never."),
    )
    remark = forms.CharField(label=_("Note"), max_length=200, required=False)
