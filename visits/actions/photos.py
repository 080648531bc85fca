"""Photos of a visit: with the sheet, on the visit's page, or later from a phone that was without signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.base import File
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import attachments, parameters
from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed, NotFound
from visits.models import Visit, VisitPhoto

if TYPE_CHECKING:
    from crm.core.models import User

MAX_PHOTOS = 6
"""A visit holds so many; a phone sends each at 1,600 px at most."""
MAX_BYTES = 10 * 1024 * 1024
KINDS = frozenset({attachments.JPEG, attachments.PNG, attachments.WEBP})
FIELD = "photo"


@dataclass(frozen=True, slots=True)
class Added:
    """A photo that is kept now, or was before."""

    visit_id: int
    photo_id: int
    duplicate: bool = False


def add_photo(
    *,
    upload: File[Any],
    by: User,
    now: datetime,
    visit_id: int | None = None,
    sheet_key: UUID | None = None,
    photo_key: UUID | None = None,
) -> Added:
    """Add a photo to one's own visit, or to every visit of the sheet with this key; sent twice, it is there once."""
    with write(by=by):
        visits = _own_visits(by, visit_id, sheet_key)
        known = VisitPhoto.unscoped.filter(visit__in=visits, client_key=photo_key).first() if photo_key else None
        if known is not None:
            return Added(known.visit_id, known.pk, duplicate=True)
        _refuse_late(visits, now)
        photos = attach_photos(visits, [upload], keys=[photo_key], by=by, now=now)
        return Added(visits[0].pk, photos[0].pk)


def attach_photos(
    visits: Sequence[Visit],
    uploads: Sequence[File[Any]],
    *,
    by: User,
    now: datetime,
    keys: Sequence[UUID | None] = (),
    field: str = FIELD,
) -> list[VisitPhoto]:
    """Keep files and hang them on the visits, in the caller's transaction; all visits of a sheet share each file."""
    there = VisitPhoto.unscoped.filter(visit=visits[0]).count()
    if there + len(uploads) > MAX_PHOTOS:
        raise Invalid(
            _("A visit takes at most %(max)d photos."), code="too_many", field=field, params={"max": MAX_PHOTOS}
        )
    rows = []
    for upload, key in zip(uploads, keys or [None] * len(uploads), strict=True):
        kept = attachments.store(upload, by=by, now=now, kinds=KINDS, max_bytes=MAX_BYTES, field=field)
        rows += [VisitPhoto(visit=visit, attachment=kept, client_key=key, by=by, added_at=now) for visit in visits]
    return VisitPhoto.unscoped.bulk_create(rows)


def _own_visits(by: User, visit_id: int | None, sheet_key: UUID | None) -> list[Visit]:
    """One's own visits, locked so that the same photo from two tabs comes one after the other."""
    if visit_id is None and sheet_key is None:
        raise Invalid(_("Say which visit the photo belongs to."), code="required", field="visit")
    wanted = Q(pk=visit_id) if visit_id is not None else Q(client_key=sheet_key, logged_by=by)
    visible = Visit.visible_to(by.access.scope_for("log_visits")).filter(wanted, undone_at=None)
    visits = list(visible.select_for_update(of=("self",)).order_by("id"))
    if not visits:
        raise NotFound
    if any(visit.logged_by_id != by.pk for visit in visits):
        raise NotAllowed(_("Only who logged the visit adds photos to it."))
    return visits


def _refuse_late(visits: Sequence[Visit], now: datetime) -> None:
    """A photo comes with its visit or soon after, within the days a visit may be logged later (CON-34)."""
    today = timezone.localdate(now)
    limit = int(parameters.value("back_dating_days", today))
    if any(timezone.localdate(visit.logged_at) < today - timedelta(days=limit) for visit in visits):
        raise Invalid(
            _("Photos can be added for %(days)d days after the visit was logged."),
            code="too_late",
            params={"days": limit},
        )
