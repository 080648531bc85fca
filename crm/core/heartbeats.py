"""Signs of life of the processes; /readyz looks at their age (decisions 28)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from crm.core.models import Heartbeat


def beat(name: str, *, now: datetime) -> None:
    """This process is alive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_heartbeat (name, at) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET at = greatest(core_heartbeat.at, EXCLUDED.at)",
            [name, now],
        )


def ages(*, now: datetime) -> dict[str, float]:
    """Seconds since each process last said something."""
    return {name: (now - at).total_seconds() for name, at in Heartbeat.objects.values_list("name", "at")}
