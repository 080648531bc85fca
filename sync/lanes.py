"""Lanes (sync-api "Lanes"): interactive calls never queue behind bulk.

A web process serves bulk calls with half of its threads at most, and a client makes one at a time, over all processes
together: the second is told to come back (429, Retry-After). Redis knows who is on the way; without it each process
knows its own only.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from django.conf import settings

from sync.rate import PAUSE_SECONDS, store_url

BULK = "bulk"
PREFIX = "crm:api-lane"
KEPT_MILLISECONDS = 60_000
"""Longer than any call: who is killed in the middle of one gives the lane back by then."""
LINE_SECONDS = 0.05
_LEAVE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

log = logging.getLogger(__name__)
Leave = Callable[[], None]


class Lane:
    """The bulk calls of one process, and whether a client has one in another."""

    def __init__(self, url: str, most: int, prefix: str = PREFIX) -> None:
        self._url, self._most, self._prefix = url, most, prefix
        self._lock = threading.Lock()
        self._inside: set[int] = set()
        self._again_at = 0.0

    def enter(self, client_id: int) -> Leave | None:
        """Go in; None when the lane is full or the client is inside already. Call what is given to leave."""
        with self._lock:
            if client_id in self._inside or len(self._inside) >= self._most:
                return None
            self._inside.add(client_id)
        mark = uuid.uuid4().hex
        if not self._claim(client_id, mark):
            self._out(client_id)
            return None

        def leave() -> None:
            self._out(client_id)
            self._ask(lambda store: store.eval(_LEAVE, 1, self._key(client_id), mark))

        return leave

    def _out(self, client_id: int) -> None:
        with self._lock:
            self._inside.discard(client_id)

    def _key(self, client_id: int) -> str:
        return f"{self._prefix}:{client_id}"

    def _claim(self, client_id: int, mark: str) -> bool:
        key = self._key(client_id)
        answer = self._ask(lambda store: (store.set(key, mark, nx=True, px=KEPT_MILLISECONDS), True))
        return answer is None or bool(answer[0])

    def _ask(self, question: Callable[[redis.Redis], Any]) -> Any:
        """What the store says; None without it: open, as before it was there."""
        if not self._url or time.monotonic() < self._again_at:
            return None
        try:
            return question(_store(self._url, os.getpid()))
        except (redis.RedisError, OSError) as fault:
            self._again_at = time.monotonic() + PAUSE_SECONDS
            log.warning("Bulk calls are counted per process: %s", type(fault).__name__)
            return None


@cache
def _store(url: str, process: int) -> redis.Redis:
    """The line of one process: a fork never speaks on its parent's."""
    return redis.Redis.from_url(url, socket_timeout=LINE_SECONDS, socket_connect_timeout=LINE_SECONDS)


bulk = Lane(store_url(settings.CELERY_BROKER_URL) if settings.COUNT_REQUESTS_TOGETHER else "", settings.BULK_LANE)
