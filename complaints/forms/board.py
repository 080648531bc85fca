"""What comes back from the bulk bar of the board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.queries.board_choices import categories_in_use

DEEDS = (
    ("accept", _("Accept")),
    ("close", _("Close")),
    ("resume", _("Take up again")),
    ("assign", _("Give to")),
    ("correct", _("Set category")),
)
NEEDED = {"assign": "to_staff", "correct": "category"}


class BulkForm(forms.Form):
    """One deed on the ticked cases; giving names a colleague, a category its code."""

    deed = forms.ChoiceField(choices=DEEDS)
    to_staff = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    category = forms.CharField(required=False, max_length=30)
    ids = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [text for text in ids if text.isascii() and text.isdigit() and len(text) <= 18]
        self.fields["ids"].choices = [(text, text) for text in numbers]  # type: ignore[attr-defined]

    def clean_category(self) -> str:
        """A category in use, or none."""
        code: str = self.cleaned_data["category"]
        if code and all(code != one.code for one in categories_in_use()):
            raise forms.ValidationError(_("There is no such record."), code="not_found")
        return code

    def clean(self) -> dict[str, Any]:
        """What the deed needs is there."""
        data = super().clean() or self.cleaned_data
        needed = NEEDED.get(data.get("deed", ""))
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, forms.ValidationError(_("This field is required."), code="required"))
        return data

    def values(self) -> dict[str, Any]:
        """What the action is given beside the cases."""
        data = self.cleaned_data
        if data["deed"] == "assign":
            return {"to_staff_id": data["to_staff"]}
        return {"changes": {"category_code": data["category"]}} if data["deed"] == "correct" else {}
