"""What axe finds on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
OPTIONS = {"resultTypes": ["violations"]}
"""Every rule is run; only what it lists as a fault is written out node by node, which halves the time."""


def violations(page: Page) -> list[dict[str, Any]]:
    """The rules that are broken, with every node that breaks them."""
    found: list[dict[str, Any]] = AXE.run(page, options=OPTIONS).response["violations"]
    return found
