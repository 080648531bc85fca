"""Files brought in: an import of the director's own that can be taken back, and the calls of machines."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.core import attachments
from crm.core.models import Job
from tests.guards.crowd import copy
from tests.guards.route_rows import DIRECTOR, SETTERS, api, get, page, post

CSV = "订购编号,客户编号,产品编码,开通日期\nNEW-1,K80000002,GRBT,2026-01-05\n".encode()
ROUTES = [
    page("sync:import_undo", "finished_import", get(SETTERS, DIRECTOR), post(SETTERS, DIRECTOR)),
    page("sync:import_sample", "orders", get(SETTERS)),
    api("api:imports", "", "imports:write", post(SETTERS, "", 202)),
    api("api:jobs", "", "imports:write", get(SETTERS)),
    api("api:job", "finished_import", "imports:write", get(SETTERS, DIRECTOR, but={"billing": 404})),
    api("api:job_errors", "finished_import", "imports:write", get(SETTERS, DIRECTOR, but={"billing": 404})),
    api("api:job_undo", "finished_import", "imports:write", post(SETTERS, DIRECTOR, 202, but={"billing": 404})),
]
BODIES: dict[str, Any] = {
    "api:imports": lambda w: {"kind": "subscriptions", "file": SimpleUploadedFile("s.csv", CSV)},
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """An import of the director's that has ended, of a trace that no row bears."""
    now = timezone.now()
    file = attachments.store(ContentFile(CSV, name="subscriptions.csv"), by=cast.director, now=now)
    mapping = {"source": "erp", "kind": "subscriptions", "fields": {
        name: {"column": name} for name in ("external_id", "product", "started_on")}}  # fmt: skip
    rows["finished_import"] = Job.objects.create(
        kind="import_file", by=cast.director, state="done", created_at=now, started_at=now, finished_at=now,
        params={"file": file.pk, "mapping": mapping, "is_dry": False, "trace": f"t{rows['word']}", "since": "1"},
        result={"kind": "subscriptions", "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "failed": 0},
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more imports."""
    Job.objects.bulk_create(copy(rows["finished_import"]) for _place in range(number))


LISTS = frozenset({"api:jobs"})
BODILESS = frozenset({"api:job_undo"})
FILES = frozenset({"api:imports"})
