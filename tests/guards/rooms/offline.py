"""A phone without signal: what it keeps, what it sends afterwards, the photos of a visit, the site as an app."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.guards.bodies import log_sheet
from tests.guards.route_rows import ALL, MANAGERS, READERS, SEES_A, VISITORS, get, page, post, public
from visits.models import VisitPhoto

ROUTES = [
    page("workbench:offline_bundle", "", get(MANAGERS)),
    page("workbench:offline_state", "", get(VISITORS)),
    # A queue is sent for the person who filled it: everybody else is told that somebody else has signed in.
    page("workbench:offline_send", "",
         post(VISITORS, status=200, but={"teammate stranger supervisor stranger_supervisor": 409})),
    page("workbench:offline_close_day", "",
         post(MANAGERS, status=200, but={"teammate stranger": 409})),
    page("visits:photo_add", "", post(VISITORS, "manager", but={"supervisor": 403})),
    page("visits:photo", "photo", get(READERS, SEES_A)),
    public("workbench:offline", "", get(ALL)),
    public("workbench:manifest", "", get(ALL)),
    public("workbench:service_worker", "", get(ALL)),
]  # fmt: skip


def picture() -> SimpleUploadedFile:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), content_type="image/jpeg")


BODIES = {
    "workbench:offline_send": lambda w: log_sheet(w) | {"user": w.rows["a"]["manager_user"].pk, "anyway": "1"},
    "workbench:offline_close_day": lambda w: {
        "user": w.rows["a"]["manager_user"].pk,
        "on": timezone.localdate().isoformat(),
        "sentence": "今天顺利",
    },
    "visits:photo_add": lambda w: {"visit": w.pk("visit"), "photo": picture()},
}
LISTS = {"workbench:offline_bundle"}
MOST = {"workbench:offline_bundle": 22}
NEVER_EMPTY = {"workbench:offline_bundle"}
MADE_ANEW = {"workbench:offline_bundle", "workbench:offline_state"}


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """A photo of the side's visit."""
    rows["photo"] = VisitPhoto.unscoped.create(
        visit=rows["visit"], attachment=rows["file"].attachment, by=rows["manager_user"], added_at=timezone.now()
    )
