"""Cases through the API: their routes and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from complaints.models import Case, CaseEntry, CaseFile, CaseStep, Category
from crm.core import attachments
from tests.guards.crowd import copy
from tests.guards.route_rows import MANAGERS, VISITORS, api, get, patch, post

# business_support and auditor see customers, not cases.
CASE_READERS = f"{VISITORS} handler market_manager group_department service_director back_office director"
SEES_CASES = "manager supervisor handler market_manager group_department service_director back_office director"
WORKERS = f"{MANAGERS} supervisor stranger_supervisor handler back_office"
WORKS_ON_A = "manager supervisor handler back_office"
HANDLERS = f"{MANAGERS} supervisor stranger_supervisor handler"
READ = "complaints:read"
ROUTES = [
    api("api:complaints", "", READ, get(CASE_READERS),
        post(f"{VISITORS} handler service_centre", "", 201,
             but={"teammate stranger stranger_supervisor strange-billing": 400})),
    api("api:complaint", "case", READ, get(CASE_READERS, SEES_CASES), patch(HANDLERS, "manager supervisor handler")),
    # The supervisor gives and judges; what is done with the customer is the owner's.
    api("api:complaint_steps", "case", READ, get(CASE_READERS, SEES_CASES),
        post(HANDLERS, "manager supervisor handler", 201, but={"supervisor": 403})),
    api("api:complaint_transitions", "case", READ, get(CASE_READERS, SEES_CASES),
        post(WORKERS, WORKS_ON_A, 200, but={"back_office supervisor": 403})),
    api("api:complaint_entries", "case", READ, get(CASE_READERS, SEES_CASES),
        post(WORKERS, WORKS_ON_A, 201, but={"back_office": 403})),
    api("api:complaint_attachments", "case", READ, get(CASE_READERS, SEES_CASES),
        post(WORKERS, WORKS_ON_A, 201, but={"back_office": 403})),
    api("api:complaint_attachment", "case case_file", READ, get(CASE_READERS, SEES_CASES)),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "api:complaints": lambda w: {
        "kind": "complaint", "customer": w.rows["a"]["customer"].pk, "facts": "昨晚断网", "expectation": "尽快修好"},
    "api:complaint": lambda w: {"facts": "前晚断网"},
    "api:complaint_steps": lambda w: {"step": 2, "data": {"apologised": True}},
    "api:complaint_transitions": lambda w: {"deed": "pause", "reason": "等客户回电"},
    "api:complaint_entries": lambda w: {"kind": "note", "text": "已联系网络部"},
    "api:complaint_attachments": lambda w: {"name": "a.txt", "content_base64": "6K+B5o2u"},
}  # fmt: skip
PROBES = {"api:complaints": ("customer={customer}", "owner={manager}", "is_open=true", "kind=complaint")}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A complaint of the side's customer in the hands of its manager, with a step, a line and a file."""
    now, word = timezone.now(), rows["word"]
    case = Case.unscoped.create(
        number=f"TS-20200101-{rows['unit'].pk:04d}", kind="complaint", customer=rows["customer"], channel="phone",
        category=Category.objects.get(code="network"), facts=word, expectation=word, speaker_name=word, numbers=word,
        received_at=now - timedelta(hours=1), received_by=rows["boss_user"], logged_at=now, manager=rows["manager"],
        unit=rows["unit"], owner=rows["manager"], state="handling", accepted_at=now, cause=word,
    )  # fmt: skip
    rows["case"] = case
    CaseStep.unscoped.create(case=case, step=1, data={"listened": True, "need": word}, done_at=now,
                             done_by=rows["manager_user"])  # fmt: skip
    CaseEntry.unscoped.create(case=case, kind="said", text=word, params={"v": 1}, at=now, by=rows["manager_user"])
    kept = attachments.store(ContentFile(word.encode(), name=f"{word}.txt"), by=rows["manager_user"], now=now)
    rows["case_file"] = CaseFile.unscoped.create(case=case, attachment=kept, by=rows["manager_user"], added_at=now)


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of everything."""
    case = rows["case"]
    Case.unscoped.bulk_create(copy(case, number=f"TS-20200102-{case.pk}-{place}") for place in range(number))
    CaseEntry.unscoped.bulk_create(
        CaseEntry(case=case, kind="note", text="记", params={"v": 1}, at=timezone.now(), by=rows["manager_user"])
        for _ in range(number)
    )
    CaseFile.unscoped.bulk_create(copy(rows["case_file"]) for _ in range(number))


LISTS = frozenset(
    {"api:complaints", "api:complaint", "api:complaint_steps", "api:complaint_entries", "api:complaint_attachments"}
)
