"""Forms of alerts, save cases, offers, analyses, intelligence and limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind
from accounts.queries import names
from crm.core.fields import DayInput, offer
from retention.choices import AlertOutcome, CauseCategory, IntelligenceKind, Reliability
from retention.forms import Versioned

NO_TIER = "none"
Choices = Sequence[tuple[Any, Any]]
PICKED = [(AlertOutcome.SAVED.value, _("Saved: the customer stays")), *AlertOutcome.choices[1:]]


class ActForm(forms.Form):
    """What was done about an alert."""

    note = forms.CharField(
        label=_("What was done"), max_length=1000, widget=forms.Textarea,
        help_text=_("Call, visit, a fault mended, a question answered: one sentence."),
    )  # fmt: skip


class ProposeForm(forms.Form):
    """What will be done about it (RET-20)."""

    proposal = forms.CharField(
        label=_("Proposed solution"), max_length=1000, widget=forms.Textarea,
        help_text=_("What will keep this customer. Needed before the alert can be closed."),
    )  # fmt: skip


class SnoozeForm(forms.Form):
    """Put an alert off, with a reason."""

    until = forms.DateField(label=_("Put off until"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CloseForm(forms.Form):
    """What came of an alert; mandatory."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=PICKED, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("In a sentence"), max_length=500, widget=forms.Textarea)


class WishForm(Versioned):
    """Why the customer wants to leave."""

    cause = forms.ChoiceField(label=_("Why the customer wants to leave"), choices=CauseCategory.choices)
    competitor = forms.TypedChoiceField(label=_("Rival"), coerce=int, empty_value=None, required=False)
    words = forms.CharField(label=_("In the customer's words"), max_length=1000, required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, competitors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "competitor", [("", _("No competitor involved")), *competitors])


class OfferForm(forms.Form):
    """An offer: one of the policies his tier may be given, or something in one's own words."""

    policy = forms.TypedChoiceField(
        label=_("What is offered"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("In your own words"), max_length=300, required=False)
    cost = forms.DecimalField(
        label=_("Cost in a year (yuan)"), required=False, min_value=0, max_value=10_000_000, max_digits=14,
        decimal_places=2, help_text=_("A policy brings its own cost."),
    )  # fmt: skip

    def __init__(self, *args: Any, policies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "policy", [*policies, ("", _("Something else"))])


class EndCaseForm(Versioned):
    """Retained or lost."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[("retained", _("Retained")), ("lost", _("Lost"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What decided it"), max_length=500, widget=forms.Textarea)


class DecideForm(forms.Form):
    """Approve an offer or not."""

    grant = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
    remark = forms.CharField(label=_("Remark (optional)"), max_length=300, required=False)


class AnswerForm(forms.Form):
    """What the customer said to an offer."""

    answer = forms.ChoiceField(choices=[("accepted", ""), ("declined", "")], widget=forms.HiddenInput)


class NoticedForm(forms.Form):
    """Somebody noticed that a customer may leave."""

    reason = forms.CharField(
        label=_("What you noticed"), max_length=500, widget=forms.Textarea,
        help_text=_("A remark, a competitor's car in the yard, numbers that go quiet."),
    )  # fmt: skip


class AnalysisForm(Versioned):
    """Why he left and what we learn (RET-8)."""

    cause = forms.ChoiceField(label=_("Main cause"), choices=CauseCategory.choices)
    competitor = forms.TypedChoiceField(label=_("Who won the customer"), coerce=int, empty_value=None, required=False)
    depth = forms.CharField(
        label=_("What lies behind it"), max_length=2000, widget=forms.Textarea,
        help_text=_("What happened, in order; what we saw and did not see."),
    )  # fmt: skip
    countermeasure = forms.CharField(label=_("Countermeasure"), max_length=1000, widget=forms.Textarea)
    lesson = forms.CharField(
        label=_("Lesson for the next time"), max_length=1000, widget=forms.Textarea,
        help_text=_("What somebody else should do earlier or differently."),
    )  # fmt: skip

    def __init__(self, *args: Any, competitors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "competitor", [("", _("No competitor involved")), *competitors])


class ShareForm(forms.Form):
    """Pass a lesson on to the guide."""

    title = forms.CharField(label=_("Title"), max_length=60)
    text = forms.CharField(
        label=_("Text"), max_length=2000, widget=forms.Textarea,
        help_text=_("Without the customer's name: everybody reads the guide."),
    )  # fmt: skip


class IntelForm(forms.Form):
    """What a competitor does (RET-10)."""

    voice = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    competitor = forms.TypedChoiceField(label=_("Rival"), coerce=int)
    kind = forms.ChoiceField(label=_("What it is about"), choices=IntelligenceKind.choices, widget=forms.RadioSelect)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    text = forms.CharField(label=_("What was seen or heard"), max_length=1000, widget=forms.Textarea)
    reliability = forms.ChoiceField(label=_("How sure is it"), choices=Reliability.choices, widget=forms.RadioSelect)
    seen_on = forms.DateField(label=_("Seen on"), widget=DayInput, required=False)
    file = forms.FileField(label=_("File"), required=False, help_text=_("Photo, PDF, Office or text; at most 20 MB."))

    def __init__(self, *args: Any, competitors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "competitor", competitors)


class LimitForm(forms.Form):
    """What may be offered without asking, from a day on."""

    tier = forms.TypedChoiceField(label=_("Tier"), coerce=lambda raw: None if raw == NO_TIER else int(raw))
    amount = forms.DecimalField(
        label=_("Limit in a year (yuan)"), min_value=0, max_value=10_000_000, max_digits=14, decimal_places=2
    )
    effective_from = forms.DateField(label=_("In force from"), widget=DayInput)

    def __init__(self, *args: Any, tiers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "tier", [*tiers, (NO_TIER, _("Without a tier"))])


def tier_choices() -> Choices:
    """Every tier with the kind it belongs to."""
    return [(tier.id, f"{CustomerKind(tier.kind).label} · {tier.label()}") for tier in names.tiers()]
