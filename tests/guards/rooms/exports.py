"""Exports: one that waits for approval, one that is ready, of each side's manager."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.core import attachments
from crm.core.models import ExportOrder
from tests.guards.crowd import copy
from tests.guards.route_rows import ALL, BOSSES, READERS, api, get, page, post

SEES = "manager supervisor market_manager group_department auditor director"
APPROVERS = f"{BOSSES} group_department"
STRANGERS_TO_LISTS = "brand_manager nobody service_centre"
ROUTES = [
    page("accounts:customer_export", "", get(READERS, status=302)),
    page("core:export_list", "", get(ALL)),
    page("core:export_new", "", get(ALL, but={STRANGERS_TO_LISTS: 403}), post(ALL, but={STRANGERS_TO_LISTS: 403}),
         query="?list=customers"),
    page("core:export_detail", "export", get(ALL, SEES)),
    page("core:export_decide", "export", post(APPROVERS, "supervisor group_department")),
    page("core:export_file", "ready_export", get(ALL, "manager")),
    api("api:exports", "", "exports:write", post(READERS, "", 202)),
    api("api:export", "export", "exports:write", get(READERS, SEES, but={"billing": 404})),
    api("api:export_file", "ready_export", "exports:write", get(READERS, "manager", but={"billing": 404})),
]  # fmt: skip
BODIES = {
    "core:export_new": lambda w: {"reason": "座谈会名单", "file_format": "csv", "columns": ["name"]},
    "core:export_decide": lambda w: {"grant": "yes"},
    "api:exports": lambda w: {"list": "customers", "reason": "对账"},
}
PROBES = {"core:export_list": ("state=requested", "q=E1")}


def furnish(cast, rows, who):
    """Two orders of the side's manager."""
    now = timezone.now()
    common = {
        "list_key": "customers", "columns": ["name"], "reason": rows["word"], "by": rows["manager_user"],
        "unit_id": rows["unit"].pk, "staff_id": rows["manager"].pk, "requested_at": now,
    }  # fmt: skip
    rows["export"] = ExportOrder.unscoped.create(state="requested", is_unmasked=True, purpose=rows["word"], **common)
    file = attachments.store_bytes(rows["word"].encode(), "a.csv", "text/csv", by=rows["manager_user"], now=now)
    rows["ready_export"] = ExportOrder.unscoped.create(
        state="ready", rows=1, file=file, made_at=now, expires_at=now + timedelta(hours=20), canary=rows["word"],
        **common,
    )  # fmt: skip


def gather(world, rows, number):
    """So many more that were fetched and are gone."""
    ExportOrder.unscoped.bulk_create(
        copy(rows["ready_export"], state="expired", file_id=None) for _place in range(number)
    )


LISTS = frozenset({"core:export_list"})
EMPTY = {"core:export_list": ("manager", "")}
NOTHING_FOUND = {"core:export_list": ("manager", "?state=failed")}
FLAGS = frozenset({"is_unmasked"})
