"""The Chromium of journeys and pictures."""

import os
from pathlib import Path

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HEIGHTS = {1440: 900, 390: 844}
"""The two widths every page is looked at, with their heights."""


def chromium() -> Path | None:
    """The browser: ``CHROMIUM``, or Debian's."""
    path = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
    return path if path.exists() else None
