"""Forms of the quality feedback (CMP-28…31)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.quality import MOST, MOST_PHOTOS
from crm.core.fields import DayInput
from visits.sheet_photos import PhotosField, PhotosInput


class _Versioned(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)


class PicturesInput(PhotosInput):
    """As many pictures as a form takes."""

    def __init__(self) -> None:
        super().__init__()
        self.attrs["data-photos"] = str(MOST_PHOTOS)


class PicturesField(PhotosField):
    """Several pictures of one name."""

    widget = PicturesInput


class InspectForm(_Versioned):
    """What was found on the spot (CMP-28)."""

    inspected_on = forms.DateField(label=_("Inspected on"), widget=DayInput)
    product_name = forms.CharField(label=_("Goods or service"), max_length=60)
    batch = forms.CharField(label=_("Batch or serial number"), max_length=60, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=0, max_value=MOST, required=False)
    defect = forms.CharField(label=_("Defect"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    cause = forms.CharField(
        label=_("Cause"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What made the goods or the service faulty, as far as it can be seen on the spot."),
    )
    photos = PicturesField(label=_("Photos"), required=False)


class SubmitForm(_Versioned):
    """What was brought back (CMP-29)."""

    returned_quantity = forms.IntegerField(
        label=_("Defective goods brought back"),
        min_value=0,
        max_value=MOST,
        help_text=_("0 for a service, or when the goods stay with the customer."),
    )


class DecideForm(_Versioned):
    """Approve, or reject with a reason (CMP-30)."""

    note = forms.CharField(label=_("Review opinion"), max_length=300, required=False)
    grant = forms.ChoiceField(choices=[("yes", _("Approve the exchange")), ("no", _("Reject"))])


class ExchangeForm(_Versioned):
    """What was delivered (CMP-30)."""

    exchanged_on = forms.DateField(label=_("Exchanged on"), widget=DayInput)
    exchanged_quantity = forms.IntegerField(label=_("Exchanged"), min_value=1, max_value=MOST)


class CloseForm(_Versioned):
    """The form came back with both signatures (CMP-31)."""
