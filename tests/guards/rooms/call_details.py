"""The register of printed call details: a request that waits, one that is registered, one that was printed."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Line
from accounts.rules import add_months
from conduct.models import CallDetailPrint
from crm.core import attachments
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, get, page, post

PDF = b"%PDF-1.4 authorisation"
SECOND = "service_director back_office"
READS = f"{MANAGERS} {BOSSES} market_manager group_department {SECOND} auditor director"
SEES = f"manager supervisor market_manager group_department {SECOND} auditor director"
ROUTES = [
    page("conduct:call_detail_list", "", get(READS)),
    page("conduct:call_detail_new", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("conduct:call_detail", "call_detail", get(READS, SEES)),
    page("conduct:call_detail_decide", "call_detail", post(SECOND)),
    page("conduct:call_detail_file", "call_detail", get(READS, SEES)),
    page("workbench:call_detail_sheet", "registered_call_detail", post(MANAGERS, "manager", 200)),
]
BODIES = {
    "conduct:call_detail_new": lambda w: {
        "line": w.rows["a"]["call_line"].pk, "month": w.rows["a"]["call_detail"].month.isoformat(),
        "purpose": "核对账单", "authorised_by": "本人", "upload": SimpleUploadedFile("a.pdf", PDF)},
    "conduct:call_detail_decide": lambda w: {"grant": "yes"},
}  # fmt: skip
PROBES = {"conduct:call_detail_list": ("state=printed", "customer={customer}")}


def furnish(cast, rows, who):
    """Three rows of the customer's own line: one waits, one may be printed, one was."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows["call_line"] = Line.unscoped.create(
        customer=rows["customer"], number=f"137{rows['customer'].pk:08d}", opened_on=today - timedelta(days=400),
        updated_at=now,
    )  # fmt: skip
    common = {
        "customer": rows["customer"], "line": rows["call_line"], "month": add_months(today.replace(day=1), -1),
        "purpose": rows["word"], "authorised_by": rows["word"], "requested_by": rows["manager_user"],
        "requested_at": now,
        "authorisation": attachments.store_bytes(PDF, "a.pdf", "application/pdf", by=rows["manager_user"], now=now),
    }  # fmt: skip
    done = {"registered_by": cast.back_office, "registered_at": now, "expires_at": now + timedelta(hours=20)}
    rows["call_detail"] = CallDetailPrint.unscoped.create(**common)
    rows["registered_call_detail"] = CallDetailPrint.unscoped.create(state="registered", **common, **done)
    rows["printed_call_detail"] = CallDetailPrint.unscoped.create(
        state="printed", pages=1, printed_at=now, **common, **done
    )


def gather(world, rows, number):
    """So many more printed ones."""
    CallDetailPrint.unscoped.bulk_create(copy(rows["printed_call_detail"]) for _place in range(number))


LISTS = frozenset({"conduct:call_detail_list"})
EMPTY = {"conduct:call_detail_list": ("auditor", "")}
NOTHING_FOUND = {"conduct:call_detail_list": ("auditor", "?state=expired")}
