"""Which files the phone keeps for a place without signal, and their version."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static

STYLES = (
    "packages/@tabler/core/dist/css/tabler.min.css",
    "css/icons.css",
    "css/app.css",
    "css/parts.css",
    "css/phone.css",
    "css/workbench.css",
    "css/offline.css",
)
LATER_SCRIPTS = (
    "js/app.js",
    "js/drafts.js",
    "js/log_sheet.js",
    "js/photos.js",
    "js/offline_queue.js",
    "js/offline_waiting.js",
    "js/offline_sheet.js",
    "js/offline_day.js",
)
"""What the page without signal runs once it knows whose it is, in this order."""
SCRIPTS = ("packages/idb/build/umd.js", "js/offline_store.js", "js/offline_page.js", *LATER_SCRIPTS)
PICTURES = ("img/icon.svg",)
FILES = STYLES + SCRIPTS + PICTURES


def app_files() -> list[str]:
    """The addresses of the files, with the hash of their content where the site has one."""
    return [static(name) for name in FILES]


@lru_cache(maxsize=1)
def _kept_version() -> str:
    return _version()


def app_version() -> str:
    """Changes when a file, the worker or the page without signal does."""
    return _version() if settings.DEBUG else _kept_version()


def _version() -> str:
    digest = hashlib.sha256(render_to_string("workbench/offline.html").encode())
    for name in (*FILES, "js/service_worker.js"):
        address = static(name)
        digest.update(address.encode())
        found = finders.find(name) if address.endswith(name) else None
        if found:  # no hash in the name: the content says it
            digest.update(Path(str(found)).read_bytes())
    return digest.hexdigest()[:16]
