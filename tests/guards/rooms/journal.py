"""The journal: line switches, check-in book, day logs, their review, special visits, signatures."""

from __future__ import annotations

from tests.guards.bodies import day
from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("visits:line_switches", "", get(SETTERS), post(SETTERS)),
]

BODIES = {
    "visits:line_switches": lambda w: {"effective_from": day(9), "monthly_report.vip": "on"},
}
PROBES = {"visits:line_switches": ("unit={unit}",)}
