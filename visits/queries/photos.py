"""Photos of a visit, read through the visit's scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.models import VisitPhoto
from visits.queries.rows import VisitRow


def photos_of(scope: Scope, visit_id: int) -> Sequence[VisitPhoto]:
    """The photos of a visit in the order they came."""
    return list(VisitPhoto.visible_to(scope).filter(visit=visit_id).select_related("attachment").order_by("id"))


def photo_for(scope: Scope, photo_id: int) -> VisitPhoto:
    """One photo inside the scope; 404 otherwise."""
    found = VisitPhoto.visible_to(scope).filter(pk=photo_id).select_related("attachment").first()
    if found is None:
        raise NotFound
    return found


def takes_photos(row: VisitRow, *, user_id: int, today: date) -> bool:
    """Whether the reader may add one: its author, for some days after it was logged."""
    limit = timedelta(days=int(parameters.value("back_dating_days", today)))
    return row.logged_by_id == user_id and row.undone_at is None and timezone.localdate(row.logged_at) >= today - limit
