"""Where the try-it, development and test machinery keeps its things. Standard library only."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "crm",
    "accounts",
    "visits",
    "complaints",
    "conduct",
    "sales",
    "engagement",
    "retention",
    "kpi",
    "workbench",
    "sync",
)
"""The folders of the product."""


def var_folder() -> Path:
    """The folder of all run-time data: ``var`` in the project, or what ``CRM_VAR`` says."""
    return Path(os.environ.get("CRM_VAR") or ROOT / "var").resolve()


def socket_folder() -> Path:
    """A short folder for sockets (their paths may have 100 characters at most), one per var folder."""
    mark = hashlib.sha256(str(var_folder()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"crm-{mark}"


def valkey_socket() -> Path:
    """The socket of our own Valkey server."""
    return socket_folder() / "valkey.sock"
