"""Who may be tried out: shown on the sign-in page in demo mode only (issue 2, section 7)."""

from __future__ import annotations

from django.utils.functional import Promise

from accounts.choices import Role
from crm.demo.organisation import STAFF

DEMO_PASSWORD = "jiangcheng-demo"  # noqa: S105 - the demo operator's own, refused where DATABASE_URL is set

_SHOWN = (
    "M1001",
    "M1002",
    "S1001",
    "H1001",
    "R1001",
    "B1001",
    "G1001",
    "T1001",
    "C1001",
    "K1001",
    "O1001",
    "A1001",
    "D1001",
)
_BY_NUMBER = {row.number: row for row in STAFF}

DEMO_LOGINS: list[tuple[str, str | Promise, str]] = [
    (number, Role(_BY_NUMBER[number].role).label, _BY_NUMBER[number].name) for number in _SHOWN
]
"""(username, role label, name): the first is the manager whose Today is fullest."""
