"""受理: one form for whatever a customer brings; what is asked depends on the kind (CMP-5, CMP-15, SAL-18, CON-29)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.actions import Answer, IntakeSheet, OneCall
from complaints.choices import CaseChannel, CaseKind, CaseLevel, CustomerMood, ReplyMethod
from complaints.forms.deeds import MOMENTS, MomentInput
from complaints.forms.phrases import PhraseArea
from complaints.forms.steps import SCORES
from crm.core.errors import DomainError, FieldProblem
from crm.core.fields import offer
from crm.core.pages import add_problem
from crm.core.text import narrow

CHANNELS = [(one.value, one.label) for one in CaseChannel if one != CaseChannel.SYSTEM]
TEMPLATE = (_("Time:"), _("Place:"), _("People:"), _("What happened:"))
"""CMP-15: time, place, people, what happened; what the customer hopes for stands apart."""
WITH_TEMPLATE = (CaseKind.COMPLAINT, CaseKind.QUALITY)
ONE_CALL_TEXTS = ("sentence", "information", "options", "agreed", "satisfaction", "result")
RENAMED = {
    "category": "category_code", "product": "product_id", "order_type": "order_code", "contact_person": "speaker",
    "caused_by": "caused_by_id", "answer": "answer_text", "text": "result", "method": "result_method",
}  # fmt: skip
NOBODY, SOMEBODY_ELSE = "", "other"


class KeptKey(forms.TextInput):
    """A hidden key that a draft keeps: a form that comes back is the same form."""

    def __init__(self) -> None:
        super().__init__(attrs={"hidden": True, "tabindex": "-1", "autocomplete": "off"})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _hidden_id() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62, required=False)


class KnownForm(forms.Form):
    """What decides which earlier matters are shown while somebody still writes; the rest of the form may be missing."""

    customer = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    known_by = forms.CharField(max_length=30, required=False)
    kind = forms.ChoiceField(choices=CaseKind.choices, required=False)
    category_code = forms.CharField(max_length=30, required=False)
    product_id = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    facts = forms.CharField(max_length=2000, required=False)
    caused_by_id = forms.IntegerField(min_value=1, max_value=2**62, required=False)


class IntakeForm(forms.Form):
    """Everything that may be asked; what the kind does not need is neither shown nor read."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=CaseKind.choices, widget=forms.RadioSelect)
    customer = forms.IntegerField(
        label=_("Customer"), min_value=1, max_value=2**62, error_messages={"required": _("Choose the customer.")}
    )
    known_by = forms.CharField(max_length=30, required=False)
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS, widget=forms.RadioSelect)
    facts = forms.CharField(label=_("Course of events"), max_length=2000, widget=_area(6))
    expectation = forms.CharField(
        label=_("What the customer hopes for"), max_length=500, widget=_area(2), required=False
    )
    category_code = forms.ChoiceField(label=_("What it is about"), widget=forms.RadioSelect, required=False)
    product_id = forms.TypedChoiceField(label=_("Product"), coerce=int, empty_value=None, required=False)
    order_code = forms.CharField(label=_("Which business"), max_length=30, required=False)
    numbers = forms.CharField(label=_("Business numbers"), max_length=200, required=False)
    level = forms.ChoiceField(
        label=_("How grave"), choices=CaseLevel.choices, widget=forms.RadioSelect, initial=CaseLevel.ORDINARY,
        required=False, help_text=_("A major matter is reported up at once."),
    )  # fmt: skip
    speaker = forms.CharField(max_length=20, required=False)
    speaker_name = forms.CharField(label=_("Name of who spoke"), max_length=50, required=False)
    speaker_phone = forms.CharField(label=_("His number"), max_length=30, required=False)
    received_at = forms.DateTimeField(
        label=_("When it came in"), widget=MomentInput, input_formats=MOMENTS, required=False,
        help_text=_("Empty: now."),
    )  # fmt: skip
    caused_by_id = _hidden_id()
    told_in_id = _hidden_id()
    from_case_id = _hidden_id()
    client_key = forms.UUIDField(widget=KeptKey)
    # CON-29: an enquiry is answered in the same save.
    answer_text = forms.CharField(
        label=_("The answer"), max_length=2000, widget=PhraseArea(rows=4), required=False,
        help_text=_("Empty: whoever answers for it will call."),
    )  # fmt: skip
    answer_method = forms.ChoiceField(
        choices=ReplyMethod.choices, widget=forms.RadioSelect, initial=ReplyMethod.PHONE, required=False
    )
    answer_resolved = forms.ChoiceField(
        label=_("Is the question settled?"), choices=[("yes", _("Settled")), ("no", _("Not yet: becomes a task"))],
        widget=forms.RadioSelect, initial="yes", required=False,
    )  # fmt: skip
    # Solved in this call: feelings in three ticks and one sentence, then the matter.
    one_call = forms.BooleanField(label=_("Solved in this call"), required=False)
    listened = forms.BooleanField(label=_("Heard him out"), required=False)
    apologised = forms.BooleanField(label=_("Apologised sincerely"), required=False)
    understood = forms.BooleanField(label=_("Repeated his feeling, showed that I understand"), required=False)
    mood = forms.ChoiceField(
        label=_("The customer's mood"), choices=CustomerMood.choices, widget=forms.RadioSelect, required=False
    )
    sentence = forms.CharField(label=_("The facts in one sentence"), max_length=500, required=False)
    information = forms.CharField(
        label=_("What he was told about the matter"), max_length=500, widget=PhraseArea(rows=2), required=False
    )
    options = forms.CharField(
        label=_("Solutions offered, one a line"), max_length=1300, widget=PhraseArea(rows=2), required=False,
        help_text=_("Two or more: a choice calms."),
    )  # fmt: skip
    agreed = forms.CharField(label=_("What was agreed"), max_length=300, required=False)
    satisfaction = forms.ChoiceField(
        label=_("How satisfied he is, 1 to 5"), choices=SCORES, widget=forms.RadioSelect, required=False
    )
    result = forms.CharField(
        label=_("What the customer was told"), max_length=2000, widget=PhraseArea(rows=2), required=False
    )

    def __init__(self, *args: Any, choices: Mapping[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        for name, offered in choices.items():
            offer(self, name, offered)

    @property
    def typed_kind(self) -> str:
        """The kind as it stands in the form now."""
        return str(self["kind"].value() or "")

    def clean(self) -> dict[str, Any]:
        """The template alone is no text; a complaint solved in one call says how."""
        values = super().clean() or self.cleaned_data
        if "facts" in values and _is_template(values["facts"]):
            self.add_error("facts", _("Write down what happened."))
        if values.get("one_call") and values.get("kind") == CaseKind.COMPLAINT:
            for name in ONE_CALL_TEXTS:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, forms.ValidationError(_("This field is required."), code="required"))
        return values

    @property
    def is_one_call(self) -> bool:
        """Whether a complaint was solved in the call."""
        return bool(self.cleaned_data["one_call"]) and self.cleaned_data["kind"] == CaseKind.COMPLAINT

    def sheet(self) -> IntakeSheet:
        """What the action is given; what another kind would have asked is left out."""
        value, kind = self.cleaned_data, self.cleaned_data["kind"]
        is_handling, is_enquiry = kind == CaseKind.HANDLING, kind == CaseKind.ENQUIRY
        person = value["speaker"]
        return IntakeSheet(
            kind=kind, customer_id=value["customer"], known_by=value["known_by"], channel=value["channel"],
            facts=value["facts"], expectation="" if is_handling or is_enquiry else value["expectation"],
            category_code=value["category_code"] if kind == CaseKind.COMPLAINT else "",
            product_id=value["product_id"] if kind in (CaseKind.NEED, CaseKind.QUALITY) else None,
            order_code=value["order_code"] if is_handling else "", numbers=value["numbers"] if is_handling else "",
            level=CaseLevel.ORDINARY.value if is_enquiry else value["level"] or CaseLevel.ORDINARY.value,
            contact_person_id=int(person) if person.isascii() and person.isdigit() else None,
            speaker_name=value["speaker_name"], speaker_phone=value["speaker_phone"], received_at=value["received_at"],
            caused_by_id=value["caused_by_id"] if kind == CaseKind.COMPLAINT else None,
            told_in_id=value["told_in_id"], from_case_id=value["from_case_id"], client_key=value["client_key"],
        )  # fmt: skip

    def answer(self) -> Answer | None:
        """The answer to an enquiry, when there is one already."""
        value = self.cleaned_data
        if value["kind"] != CaseKind.ENQUIRY or not value["answer_text"].strip():
            return None
        return Answer(
            text=value["answer_text"], method=value["answer_method"] or ReplyMethod.PHONE.value,
            is_resolved=value["answer_resolved"] != "no",
        )  # fmt: skip

    def call(self) -> OneCall:
        """What happened in the call."""
        value = self.cleaned_data
        return OneCall(
            listened=value["listened"], apologised=value["apologised"], understood=value["understood"],
            sentence=value["sentence"], information=value["information"],
            options=tuple(line for line in value["options"].splitlines() if line.strip()), agreed=value["agreed"],
            satisfaction=int(value["satisfaction"]), result=value["result"], mood=value["mood"],
            method=ReplyMethod.FACE.value if value["channel"] in ("walk_in", "visit") else ReplyMethod.PHONE.value,
        )  # fmt: skip

    def put_errors(self, refusal: DomainError) -> None:
        """What the action refuses, beside the field that asked for it."""
        for problem in refusal.problems:
            name = RENAMED.get(problem.field, problem.field)
            add_problem(self, FieldProblem(name, problem.code, problem.message))


def first_values(given: QueryDict, client_key: str) -> dict[str, Any]:
    """What a fresh form begins with: whatever the address says, and what is so nearly always."""
    kind = given.get("kind", "")
    told_in = number_in(given, "visit")
    first: dict[str, Any] = {
        "kind": kind if kind in CaseKind.values else "",
        "customer": number_in(given, "customer"),
        "channel": CaseChannel.VISIT.value if told_in else CaseChannel.PHONE.value,
        "told_in_id": told_in,
        "caused_by_id": number_in(given, "caused_by"),
        "from_case_id": number_in(given, "from_case"),
        "client_key": client_key,
    }
    if first["kind"] in WITH_TEMPLATE:
        first["facts"] = template_text()
    return first


def template_text() -> str:
    """The template, one heading a line."""
    return "\n".join(f"{line} " if str(line).isascii() else str(line) for line in TEMPLATE)


def number_in(given: QueryDict, name: str) -> int | None:
    """An id in an address or form; anything else is none."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _is_template(text: str) -> bool:
    """Only the headings of the template, in any language."""
    rest = narrow(text)
    for line in (*map(str, TEMPLATE), "时间:", "地点:", "人物:", "经过:"):
        rest = rest.replace(narrow(line), "")
    return not rest.strip()
