"""Photos as a part of the log sheet (screens 2, under "More")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from crm.core.pages import valid
from visits.actions.photos import MAX_PHOTOS, attach_photos
from visits.parts import PartContext, PartData, SheetPart

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

CODE = "photo"


class PhotosInput(forms.ClearableFileInput):
    """Several pictures, from the camera or the gallery; the page makes them small before they are sent."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*", "multiple": True, "data-photos": str(MAX_PHOTOS)})


class PhotosField(forms.FileField):
    """Several files of one name."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[File[Any]]:
        """Each file; what it holds is looked at when it is stored."""
        return [super(PhotosField, self).clean(one, initial) for one in data or ()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything was chosen."""
        return bool(data)


class PhotosForm(forms.Form):
    """The photos of a sheet."""

    pictures = PhotosField(label=_("Photos"), required=False)


class PhotoForm(forms.Form):
    """One photo for a visit that is logged already: by the visit's number, or by the key of the sheet that made it."""

    photo = forms.FileField(label=_("Photo"))
    visit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    sheet = forms.UUIDField(required=False)
    key = forms.UUIDField(required=False)

    def asked(self) -> dict[str, Any]:
        """What the action takes; raises one `Invalid` with everything that is wrong in shape."""
        values = valid(self)
        return {
            "upload": values["photo"], "visit_id": values["visit"], "sheet_key": values["sheet"],
            "photo_key": values["key"],
        }  # fmt: skip


def make_form(_context: PartContext, data: Any, files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    return PhotosForm(data, files, prefix=prefix)


def attach(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """Keep the photos with the visits of the sheet."""
    attach_photos(visits, data["pictures"], by=by, now=now, field=f"{CODE}-pictures")


PHOTOS = SheetPart(CODE, _("Photos"), make_form, attach, template="visits/photo_part.html")
