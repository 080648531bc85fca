"""`manage.py dispatcher`: the process that rings the worker; no web request ever waits for the broker."""

from __future__ import annotations

import logging
import select
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from crm.core import heartbeats, jobs

logger = logging.getLogger(__name__)
POLL_SECONDS = 2.0


class Command(BaseCommand):
    """Listen for new jobs, look every two seconds in any case, claim and ring."""

    help = "Claims waiting jobs and rings the worker."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """`--once` for tests and scripts."""
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        """Run until told to stop."""
        self.stopping = False

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopping = True

        if not once:
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
        listening: Any = None
        while not self.stopping:
            try:
                if listening is None and not once:
                    listening = self._listen()
                self._round()
                if once:
                    return
                self._wait(listening)
            except (OperationalError, InterfaceError) as away:
                if once:
                    raise
                logger.warning("database is away", exc_info=away)
                listening = None
                connection.close()
                close_old_connections()
                select.select([], [], [], POLL_SECONDS)

    def _listen(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {jobs.CHANNEL}")
        return connection.connection

    def _round(self) -> None:
        """Claim and ring; when the broker is away the jobs stay ours to claim again."""
        taken = jobs.claim()
        try:
            jobs.kick(taken)
        except (BrokerError, OSError) as away:
            logger.warning("broker is away", exc_info=away)
            jobs.release(taken)
        heartbeats.beat("dispatcher", now=timezone.now())

    def _wait(self, listening: Any) -> None:
        """Until a job is announced, two seconds at most."""
        if not listening.notifies:
            select.select([listening], [], [], POLL_SECONDS)
        with connection.wrap_database_errors:
            listening.poll()
        listening.notifies.clear()
