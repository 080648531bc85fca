"""The board: its routes; its rows are those of the room desk_cases."""

from __future__ import annotations

from tests.guards.rooms.desk_cases import CASE_READERS, SEES_CASES
from tests.guards.route_rows import get, page, post

ROUTES = [
    page("complaints:case_list", "", get(CASE_READERS)),
    page("complaints:case_fresh", "", get(CASE_READERS)),
    page("complaints:case_analysis", "", get(CASE_READERS)),
    page("complaints:case_book", "", get(CASE_READERS)),
    page("complaints:case_print", "case", get(CASE_READERS, SEES_CASES)),
    # What is refused for one row alone is told on the way back; out of sight stops all.
    page("complaints:case_bulk", "", post(CASE_READERS, SEES_CASES)),
]
BODIES = {
    "complaints:case_bulk": lambda w: {"deed": "correct", "category": "billing", "ids": [str(w.rows["a"]["case"].pk)]}
}
PROBES = {
    "complaints:case_list": (
        "customer={customer}", "owner={manager}", "manager={manager}", "view=list", "state=all", "q=TS-2020",
        "late=1", "month=2026-11",
    ),
    "complaints:case_fresh": ("view=list&state=all",),
    "complaints:case_book": ("state=all",),
    "complaints:case_analysis": ("month=2026-11",),
}  # fmt: skip
LISTS = frozenset({"complaints:case_list", "complaints:case_fresh", "complaints:case_book", "complaints:case_analysis"})
MOST = {"complaints:case_list": 12, "complaints:case_analysis": 22}
EMPTY = {"complaints:case_list": ("manager", "")}
NOTHING_FOUND = {"complaints:case_list": ("manager", "?q=zzzz")}
