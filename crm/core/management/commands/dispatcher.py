"""`manage.py dispatcher`: the process that rings the worker; no web request ever waits for the broker."""

from __future__ import annotations

import logging
import select
import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError

from crm.core import heartbeats, jobs

logger = logging.getLogger(__name__)
POLL_SECONDS = 2.0
STOP_SECONDS = 3.0


class Parts:
    """What else this process does (settings.DISPATCHER_PARTS), each in a thread that is begun anew when it died."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def keep_going(self) -> None:
        """Begin what is not running."""
        for name in settings.DISPATCHER_PARTS:
            thread = self._threads.get(name)
            if thread is None or not thread.is_alive():
                run = import_string(name)().run
                self._threads[name] = threading.Thread(target=run, args=(self._stop,), name=name, daemon=True)
                self._threads[name].start()

    def stop(self) -> None:
        """Tell all to end, and wait a little."""
        self._stop.set()
        for thread in self._threads.values():
            thread.join(STOP_SECONDS)


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
        parts = Parts() if not once else None
        while not self.stopping:
            try:
                if listening is None and not once:
                    listening = self._listen()
                self._round()
                if parts is None:
                    return
                parts.keep_going()
                self._wait(listening)
            except (OperationalError, InterfaceError) as away:
                if once:
                    raise
                logger.warning("database is away", exc_info=away)
                listening = None
                connection.close()
                close_old_connections()
                select.select([], [], [], POLL_SECONDS)
        if parts is not None:
            parts.stop()

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
