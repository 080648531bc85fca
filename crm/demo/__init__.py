"""The demo operator (decisions 31) and the proof on a real file: wiring that fills an empty installation."""

from __future__ import annotations

from typing import NamedTuple


class DemoLogin(NamedTuple):
    """One line of the sign-in page's list."""

    username: str
    name: str
    role: str
    password: str


def demo_logins() -> list[DemoLogin]:
    """Who may be tried out, in the language of the moment; the sign-in page asks in demo mode only."""
    from crm.demo.logins import DEMO_LOGINS, DEMO_PASSWORD

    return [DemoLogin(number, name, str(label), DEMO_PASSWORD) for number, label, name in DEMO_LOGINS]
