"""What the dispatcher does for webhooks: fills their outbox from the change log and sends it.

Sending happens in threads that never touch the database, so a receiver that hangs stops nobody else: it holds one of
sixteen threads for ten seconds at most, and one message at a time while it fails.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from sync.webhooks import outbox, signing
from sync.webhooks.filling import fill
from sync.webhooks.outbox import AT_ONCE, Claimed, Tried
from sync.webhooks.sending import Answer, post

logger = logging.getLogger(__name__)
THREADS = 16
POLL_SECONDS = 1.0
LOST_EVERY = timedelta(seconds=15)
Send = Callable[..., Answer]


class Service:
    """The webhooks of this process."""

    def __init__(self, send: Send = post, threads: int = THREADS) -> None:
        self._send = send
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._going: dict[Future[Tried], int] = {}
        self._looked_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Until told to stop; when the database is away, wait and go on."""
        while not stop.is_set():
            try:
                self.round(timezone.now())
            except (OperationalError, InterfaceError) as away:
                logger.warning("database is away", exc_info=away)
                connection.close()
            if self._going:
                wait(self._going, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            else:
                stop.wait(POLL_SECONDS)
            close_old_connections()
        self.close()

    def round(self, now: datetime) -> int:
        """Settle what has come back, fill the outbox, send what is due; answers how many were taken up."""
        self._settle()
        if self._looked_at is None or now - self._looked_at >= LOST_EVERY:
            self._looked_at = now
            outbox.free_the_lost(now)
        fill(now)
        return self._take_up(now)

    def drain(self, now: datetime) -> int:
        """Send everything that is due at this moment, and wait for it."""
        taken = 0
        while number := self.round(now):
            taken += number
            wait(self._going)
        self._settle()
        return taken

    def close(self) -> None:
        """Let go of the threads; what was on its way is sent again by whoever comes next."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _take_up(self, now: datetime) -> int:
        taken = 0
        busy = Counter(self._going.values())
        for due in outbox.due_webhooks(now):
            room = min(self._threads - len(self._going), (1 if due.failures else AT_ONCE) - busy[due.id])
            if room <= 0:
                continue
            for message in outbox.claim(due, room, now):
                self._going[self._pool.submit(self._try, message, now)] = due.id
                taken += 1
        return taken

    def _try(self, message: Claimed, now: datetime) -> Tried:
        headers = signing.headers(message.secrets, message.key, now, message.body)
        answer = self._send(message.url, message.body, {"Content-Type": "application/json", **headers})
        return Tried(message, answer, now)

    def _settle(self) -> None:
        done = [future for future in self._going if future.done()]
        if not done:
            return
        outbox.settle(future.result() for future in done)
        for future in done:
            del self._going[future]
