"""Forms of subscriptions, tracking surveys and suggestion reports; what is right is decided by the rules of rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.rules.products import DAY, FLAG, NUMBERS, Attribute
from crm.core.errors import FieldProblem, Invalid
from crm.core.fields import DayInput, offer
from crm.core.pages import domain_errors
from sales.queries.usage import ProductCard, SubscriptionRow

PREFIX = "attributes."
OF_ATTRIBUTE = "attribute_"


class SubscriptionForm(forms.Form):
    """A subscription of one product, with what the product asks for."""

    started_on = forms.DateField(label=gettext_lazy("In effect since"), widget=DayInput)
    ended_on = forms.DateField(
        label=gettext_lazy("Until"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("The last day on which the customer has it; empty while it goes on."),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("For how many"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        help_text=gettext_lazy("Members or devices."),
    )

    def __init__(self, *args: Any, card: ProductCard, **more: Any) -> None:
        super().__init__(*args, **more)
        self.card = card
        for attribute in card.attributes:
            self.fields[OF_ATTRIBUTE + attribute.code] = _field(attribute)
        if card.needs_consent:
            self.fields["consent_note"] = forms.CharField(
                label=_("Consent of the guardian"),
                max_length=300,
                help_text=_("Who agreed, when and how."),
            )

    def values(self) -> dict[str, Any]:
        """As a row gives them."""
        data = self.cleaned_data
        attributes = {one.code: data.get(OF_ATTRIBUTE + one.code) for one in self.card.attributes}
        attributes = {code: str(value) if value not in (None, "") else None for code, value in attributes.items()}
        found = {name: data.get(name) for name in ("started_on", "ended_on", "quantity")}
        return found | {
            "product": self.card.code,
            "attributes": {code: value for code, value in attributes.items() if value is not None},
            "consent_note": data.get("consent_note", ""),
        }

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What the rules refuse, beside its field."""
        with domain_errors(self):
            try:
                yield
            except Invalid as refusal:
                raise Invalid(errors=[_here(problem) for problem in refusal.problems]) from refusal


def _here(problem: FieldProblem) -> FieldProblem:
    name = problem.field
    field = OF_ATTRIBUTE + name.removeprefix(PREFIX) if name.startswith(PREFIX) else name
    return FieldProblem(field, problem.code, problem.message)


def _field(attribute: Attribute) -> forms.Field:
    about: dict[str, Any] = {"label": attribute.label(get_language() or ""), "required": attribute.required}
    if attribute.kind == FLAG:
        return forms.BooleanField(label=about["label"], required=False)
    if attribute.kind == DAY:
        return forms.DateField(widget=DayInput, **about)
    if attribute.kind == NUMBERS:
        most = attribute.most
        words = _("At most %(most)d numbers, with spaces between them.") % {"most": most} if most else ""
        return forms.CharField(max_length=500, help_text=words, widget=forms.TextInput({"inputmode": "tel"}), **about)
    return forms.CharField(max_length=200, **about)


def initial_of(row: SubscriptionRow) -> dict[str, Any]:
    """A subscription as the form shows it."""
    attributes = {
        OF_ATTRIBUTE + code: " ".join(value) if isinstance(value, list) else value
        for code, value in row.attributes.items()
    }
    about = {"started_on": row.started_on, "ended_on": row.ended_on, "quantity": row.quantity}
    return attributes | about | {"consent_note": row.consent_note}


class SurveyForm(forms.Form):
    """What a tracking survey found."""

    text = forms.CharField(
        label=gettext_lazy("What the customer says"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("Satisfaction"),
        choices=[("", gettext_lazy("not asked")), *((n, str(n)) for n in range(5, 0, -1))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("From 1 to 5, 5 is the best."),
    )
    on = forms.DateField(label=gettext_lazy("Asked on"), widget=DayInput)


class AdviceForm(forms.Form):
    """A suggestion report on a change of usage."""

    text = forms.CharField(
        label=gettext_lazy("Why the usage changed, and what to do"),
        max_length=4000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("Cause, suggestion, who does what until when."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"), required=False,
        help_text=gettext_lazy("Photo, PDF, Office or text; at most 20 MB."),
    )  # fmt: skip


class UsageForm(forms.Form):
    """The figures of a month, where no system tells them; what stays empty is not known."""

    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)
    month = forms.CharField(
        label=gettext_lazy("Month"), max_length=10, widget=forms.TextInput({"type": "month"}),
        help_text=gettext_lazy("Example: 2026-11."),
    )  # fmt: skip
    revenue = forms.DecimalField(label=gettext_lazy("Revenue (CNY)"), min_value=0, decimal_places=2, required=False)
    voice_minutes = forms.IntegerField(label=gettext_lazy("Voice (minutes)"), min_value=0, required=False)
    data_mb = forms.IntegerField(label=gettext_lazy("Data (MB)"), min_value=0, required=False)
    messages = forms.IntegerField(label=gettext_lazy("Messages sent"), min_value=0, required=False)
    volume = forms.DecimalField(
        label=gettext_lazy("Volume"), min_value=0, decimal_places=2, required=False,
        help_text=gettext_lazy("In the product's own unit."),
    )  # fmt: skip
    active_members = forms.IntegerField(label=gettext_lazy("Active members"), min_value=0, required=False)
    active_lines = forms.IntegerField(label=gettext_lazy("Active lines"), min_value=0, required=False)
    balance = forms.DecimalField(label=gettext_lazy("Balance (CNY)"), decimal_places=2, required=False)

    def __init__(self, *args: Any, products: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "product", [("", _("The customer as a whole")), *products])
