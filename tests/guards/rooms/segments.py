"""Saved segments of the customer list (CUS-15); the side's segment is the manager's, shown to his unit."""

from tests.guards.route_rows import READERS, get, page, post

ROUTES = (
    page("accounts:segment_list", "", get(READERS)),
    page("accounts:segment_new", "", get(READERS), post(READERS)),
    page("accounts:segment_edit", "segment", get(READERS, "manager"), post(READERS, "manager")),
    page("accounts:segment_delete", "segment", post(READERS, "manager")),
)
BODIES = {
    "accounts:segment_new": lambda world: {"name": "新分群", "query": "overdue=1"},
    "accounts:segment_edit": lambda world: {"name": "改名", "query": "overdue=1"},
}
PROBES = {"accounts:segment_new": ("manager={manager}", "unit={unit}", "q={part}")}
LISTS = frozenset({"accounts:segment_list"})
EMPTY = {"accounts:segment_list": ("auditor", ""), "accounts:segment_new": ("manager", "")}
