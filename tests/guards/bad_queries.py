"""What the routes take in their addresses, and what nobody should send there (safety 5)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import quote

from crm.core.pages import encode_cursor

# Route → its parameters, by what they hold.
PARAMETERS: dict[str, dict[str, str]] = {
    "workbench:today": {"group": "word", "all": "word"},
    "workbench:team": {"unit": "id"},
    "workbench:duty_list": {
        "state": "choice", "manager": "id", "unit": "id", "counted": "choice", "cursor": "cursor",
    },
    "workbench:approvals": {"manager": "id"},
    "workbench:customer": {"tab": "word", "only": "word"},
    "workbench:customer_timeline": {"only": "word", "before": "cursor"},
    "workbench:log_visit": {
        "customer": "ids", "tap": "word", "seconds": "word", "channel": "word", "on": "word", "next": "word",
    },
    "workbench:log_customers": {"q": "search"},
    "workbench:log_people": {"customer": "ids", "met": "ids"},
    "workbench:palette": {"q": "search"},
    "accounts:customer_list": {
        "q": "text", "sort": "choice", "cursor": "cursor", "kind": "choice", "state": "choice", "tier": "choice",
        "duty": "choice", "overdue": "choice", "due_soon": "choice", "manager": "id", "unit": "id", "band": "choice",
        "important": "choice", "district": "text", "industry": "text", "stale": "choice", "face_to_face": "choice",
        "order": "unknown",
    },
    "accounts:handover_new": {"ids": "word", "from": "word"},
    "accounts:required_field_list": {"kind": "choice"},
    "accounts:structure": {"by": "word", "unit": "id", "after": "id", "order": "unknown"},
    "accounts:archive_quality": {"quality": "choice", "unit": "id", "cursor": "cursor", "order": "unknown"},
    "sales:home": {"staff": "id", "month": "choice", "what": "choice", "order": "unknown"},
    "sales:quota_list": {"unit": "id", "month": "choice", "what": "choice", "order": "unknown"},
    "sales:order_list": {
        "q": "text", "month": "choice", "what": "choice", "state": "choice", "staff": "id", "unit": "id",
        "cursor": "cursor", "order": "unknown",
    },
    "api:sales_orders": {
        "staff": "choice", "unit": "choice", "metric": "choice", "product": "choice", "state": "choice",
        "source": "text", "ordered_from": "date", "effective_to": "date", "updated_since": "date", "cursor": "cursor",
        "order": "unknown",
    },
    "api:sales_quotas": {
        "month": "choice", "staff": "choice", "unit": "choice", "metric": "choice", "product": "choice",
        "cursor": "cursor", "order": "unknown",
    },
    "visits:visit_list": {
        "q": "text", "cursor": "cursor", "customer": "id", "staff": "id", "manager": "id", "unit": "id",
        "channel": "choice", "outcome": "choice", "occasion": "choice", "direction": "choice", "kind": "choice",
        "work_class": "choice", "on": "date", "from": "date", "to": "date", "backdated": "choice", "order": "unknown",
    },
    "visits:reception_log": {"on": "date"},
    "visits:voice_list": {"kind": "choice", "cursor": "cursor"},
    "visits:visit_figures": {"month": "choice", "staff": "id"},
    "visits:visit_detail": {"on": "date", "staff": "id", "q": "text"},
    "sync:import_map": {"source": "word"},
    "core:notice_list": {"before": "cursor"},
    "core:access_log_list": {"kind": "choice", "person": "text", "before": "cursor"},
    "core:working_day_list": {"year": "choice"},
    "core:sweep_run_list": {"date": "date", "before": "cursor"},
    "core:locked": {"next": "word"},
    "account_login": {"next": "word"},
    "api:customers": {
        "q": "text", "limit": "id", "cursor": "cursor", "sort": "choice", "kind": "choice", "unit": "choice",
        "manager": "choice", "overdue": "choice", "due_by": "date", "updated_since": "date", "fields": "choice",
        "count": "choice", "tier": "text", "district": "text", "order": "unknown",
    },
    "api:contact_persons": {"customer": "id", "role": "text", "cursor": "cursor", "limit": "id"},
    "api:visits": {"customer": "id", "staff": "choice", "from": "date", "to": "date", "counts": "choice",
                   "cursor": "cursor"},
    "api:duties": {"customer": "id", "manager": "choice", "state": "choice", "due_from": "date", "due_by": "date",
                   "cursor": "cursor"},
    "api:units": {"code": "text", "type": "choice", "cursor": "cursor"},
    "api:staff": {"number": "text", "unit": "text", "line": "choice", "cursor": "cursor"},
    "api:tiers": {"q": "unknown"},
}  # fmt: skip

NUL = "a%00b"
HUGE = "9" * 5000
CURSORS = [
    encode_cursor(values)
    for values in (
        [], [1, 2], [1, 2, 3], ["a"], ["a", "b"], ["a", "b", "c"], [None], [None, None], [None, None, None],
        [datetime(2026, 1, 1, tzinfo=UTC), "x", "y"], [date(1, 1, 1), "x"], [2**62, 2**62], [True, False, True],
        [datetime(2026, 1, 1, tzinfo=UTC), None], ["x" * 600],
    )
]  # fmt: skip
# Kind of parameter → values that are wrong for it: the answer is 4xx and says which and why.
WRONG: dict[str, tuple[str, ...]] = {
    "id": (NUL, "abc", "0x1", "1.5", "9" * 30, HUGE, "%ff%fe", "1;DROP", "%F0%9F%98%80"),
    "date": (NUL, "2026-02-30", "x", "0001-01-01", "9999-12-31", "2026-13-01", "20260101T", HUGE, "%ff"),
    "choice": (NUL, "nope", "password", "id__gt", "-1", "%ff", "'--", "__class__"),
    "text": (NUL, "%08", "x" * 300),
    "cursor": (NUL, "abc", "%ff", HUGE, "e30", "-", "=" * 40, *CURSORS),
    "unknown": ("1", NUL),
    "search": (), "ids": (), "word": (),
}  # fmt: skip
# Kind → values that are merely odd: any clear answer, never 5xx.
ODD: dict[str, tuple[str, ...]] = {
    "search": (NUL, "%ff", "x" * 5000, "%F0%9F%98%80", "'", "%25", "_", "\\", "()", "*", "%E2%80%8B", HUGE),
    "ids": (NUL, "abc", "-1", HUGE, "9" * 19, "%ff"),
    "word": (NUL, "nope", HUGE, "%ff", "//evil.example", "9999-12-31", "x" * 5000),
    "text": ("'", "%25", "_", "\\", "()", "%E2%80%8B%E6%B5%B7", "!%26|", ":*", quote("１３８"), quote("🚀" * 20)),
    "id": ("0", "9" * 18, quote("１")),
    "cursor": ("9" * 18,), "date": ("2026-01-01",), "choice": (), "unknown": (),
}  # fmt: skip
