"""What people enter in the journal: a customer's drawn signature, arrival and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.fields import DayInput, offer
from visits.choices import ReviewDecision
from visits.forms.visits import MOMENTS, MomentInput
from visits.queries.catalogue import catalogue
from visits.rules.special import Situation


class DrawnForm(forms.Form):
    """A signature drawn on the manager's screen."""

    signer_name = forms.CharField(label=_("Name of the signer"), max_length=50)
    drawing = forms.CharField(max_length=400_000, error_messages={"required": _("Please sign in the box.")})
    seen = forms.CharField(max_length=64, required=False)


class ArrivalForm(forms.Form):
    """Arrival at the customer's, and the place when the person agrees (CON-23)."""

    arrived_at = forms.DateTimeField(label=_("Arrived at"), widget=MomentInput, input_formats=MOMENTS, required=False)
    consent = forms.BooleanField(
        label=_("Keep my position with this visit"),
        help_text=_("Only this once, and only when you tick it. Whoever may see the visit sees the place."),
        required=False,
    )
    latitude = forms.DecimalField(
        max_digits=8, decimal_places=5, min_value=-90, max_value=90, required=False, widget=forms.HiddenInput
    )
    longitude = forms.DecimalField(
        max_digits=8, decimal_places=5, min_value=-180, max_value=180, required=False, widget=forms.HiddenInput
    )
    accuracy = forms.IntegerField(min_value=0, max_value=1_000_000, required=False, widget=forms.HiddenInput)


class DayForm(forms.Form):
    """The end of a day: one optional sentence."""

    on = forms.DateField(widget=forms.HiddenInput)
    sentence = forms.CharField(
        label=_("One sentence about the day"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)


class ReviewForm(forms.Form):
    """What a reviewer says: in order, or back with a remark."""

    decision = forms.ChoiceField(choices=ReviewDecision.choices)
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )


class WaysInput(forms.RadioSelect):
    """Ways a visit may be told; those on site say so, for what an on-site visit asks."""

    on_site: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        """One choice, marked when it is on site."""
        option = super().create_option(name, value, *args, **more)
        if str(value) in self.on_site:
            option["attrs"]["data-on-site"] = True
        return option


class SpecialForm(forms.Form):
    """A special situation, with the visit it led to or without one yet (PLAN-8)."""

    trigger = forms.CharField(
        label=_("What happened"),
        help_text=_("What triggers the visit: a complaint, a fault, an offer of a competitor, somebody's illness…"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )
    found_at = forms.DateTimeField(label=_("Found at"), widget=MomentInput, input_formats=MOMENTS)
    how = forms.ChoiceField(label=_("The visit"), widget=WaysInput)
    visited_at = forms.DateTimeField(label=_("Visited at"), widget=MomentInput, input_formats=MOMENTS, required=False)
    facts = forms.CharField(
        label=_("What was found at the visit"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )  # fmt: skip
    actions = forms.CharField(
        label=_("What was done"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )  # fmt: skip
    follow_up = forms.CharField(label=_("What follows"), max_length=500, required=False)
    follow_on = forms.DateField(label=_("Planned for"), widget=DayInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, visits: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        known = catalogue()
        self.on_site = frozenset(entry.code for entry in known.channels.values() if entry.is_on_site)
        ways = self.fields["how"].widget
        if isinstance(ways, WaysInput):
            ways.on_site = self.on_site
        offer(
            self,
            "how",
            [
                ("later", _("Still to come")),
                *((entry.code, entry.label) for entry in known.offered_channels() if entry.is_face_to_face),
                ("phone", known.channels["phone"].label),
                *((f"visit-{pk}", words) for pk, words in visits),
            ],
        )

    @property
    def is_on_site(self) -> bool:
        """Whether an on-site visit is told here: then it carries what the customer's line asks for (CON-25)."""
        return self.data.get("how") in self.on_site

    def clean(self) -> dict[str, Any]:
        """A visit told here has its moment."""
        values = super().clean() or {}
        how = values.get("how", "")
        if how and how != "later" and not how.startswith("visit-") and not values.get("visited_at"):
            self.add_error("visited_at", _("When was the visit?"))
        return values

    def situation(self, parts: Mapping[str, Any]) -> Situation:
        """What the action takes; `parts` belong to a visit told here."""
        values = dict(self.cleaned_data)
        how = values.pop("how")
        if how == "later":
            values["visited_at"] = None
        elif how.startswith("visit-"):
            values |= {"visit_id": int(how.removeprefix("visit-")), "visited_at": None}
        else:
            values |= {"channel": how, "parts": parts}
        return Situation(**values)


class AmendForm(forms.Form):
    """What was learned and done, written down after the visit."""

    facts = forms.CharField(
        label=_("What was found at the visit"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )  # fmt: skip
    actions = forms.CharField(
        label=_("What was done"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )  # fmt: skip
    follow_up = forms.CharField(label=_("What follows"), max_length=500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


MOST_CHOSEN = 1000


def chosen_work(params: QueryDict) -> list[tuple[str, int]]:
    """The pieces of work that were ticked: "log-12" → ("log", 12). Anything else is a damaged form (400)."""
    raw = params.getlist("ids")
    if not raw:
        raise Invalid(_("Choose at least one."), code="required", field="ids")
    if len(raw) > MOST_CHOSEN:
        raise Invalid(_("So many at once are too many."), code="too_many", field="ids")
    found = []
    for text in raw:
        kind, _dash, number = text.partition("-")
        if kind not in ("log", "plan") or not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="ids")
        found.append((kind, int(number)))
    return found
