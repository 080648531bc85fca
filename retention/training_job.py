"""Training as long work: a process of its own learns and goes, so that no worker keeps NumPy in memory (T11)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.jobs import JobRefused, Report, job
from crm.core.models import Job

KIND = "train_risk_model"
MOST_SECONDS = 3600
DEEDS = ("train", "backtest")


@job(KIND, label=_("Train the risk model"), ability="manage_model")
def train_risk_model(row: Job, report: Report) -> dict[str, Any]:
    """Learn a challenger, then look back; the answer is what a person needs to read."""
    told: dict[str, Any] = {}
    for deed in DEEDS:
        told[deed] = _run(deed)
    trained = told["train"]
    return {key: trained.get(key) for key in ("rows", "events", "stage", "model")}


def _run(deed: str) -> dict[str, Any]:
    """One word of `manage.py churn` in its own process, with one thread, on the database of this one."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CRM_DATABASE": str(connection.settings_dict["NAME"])}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "churn", deed]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS)
    if done.returncode:
        raise JobRefused((done.stderr.strip().splitlines() or [deed])[-1][:300])
    found: dict[str, Any] = json.loads(done.stdout)
    return found
