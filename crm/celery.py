"""The Celery application: a bell that wakes workers up; the work itself is written in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["crm"])


@beat_init.connect
def begin_at_once(**kwargs: Any) -> None:
    """Not in a minute or an hour: a site that has just started is alive, and makes up for nights it slept through."""
    app.send_task("crm.core.tasks.heartbeat", expires=55)
    app.send_task("crm.tasks.nightly")
