"""How many requests a client made this minute, over all web processes together (sync-api, "Limits").

A request is counted in its own process only, which costs nothing; a thread beside the requests tells Redis twice a
second what was counted here and learns what was counted elsewhere. So the limit holds over all processes to within
half a second, no request ever waits for Redis (stack: a bell, never a store), and without Redis each process counts
alone.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from functools import cache

import redis
from django.conf import settings

EXCHANGE_SECONDS = 0.5
PAUSE_SECONDS = 10.0
"""How long a store that did not answer is left in peace."""
KEPT_SECONDS = 150
LINE_SECONDS = 0.5
PREFIX = "crm:api-rate"

log = logging.getLogger(__name__)


class SharedCount:
    """The counts of one process, and of the others as far as it knows."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._url, self._prefix = url, prefix
        self._lock = threading.Lock()
        self._window = 0
        self._own: Counter[int] = Counter()
        self._told: Counter[int] = Counter()
        self._others: dict[int, int] = {}
        self._news = threading.Event()
        self._process = 0

    def count(self, client_id: int, window: int) -> int:
        """One more request of this client in this minute; answers how many there were."""
        with self._lock:
            if window != self._window:
                self._window = window
                self._own, self._told, self._others = Counter(), Counter(), {}
            self._own[client_id] += 1
            total = self._own[client_id] + self._others.get(client_id, 0)
        if self._url:
            self._ring()
        return total

    def exchange(self) -> bool:
        """Tell the store what is new here and learn what is new there; False when it does not answer."""
        with self._lock:
            window, news = self._window, self._own - self._told
        if not news:
            return True
        try:
            with self._store().pipeline(transaction=False) as line:
                for client_id, number in news.items():
                    key = f"{self._prefix}:{client_id}:{window}"
                    line.incrby(key, number)
                    line.expire(key, KEPT_SECONDS)
                answers = line.execute()[::2]
        except (redis.RedisError, OSError) as fault:
            log.warning("The request limits are counted per process: %s", type(fault).__name__)
            return False
        with self._lock:
            if window == self._window:
                self._told += news
                for client_id, total in zip(news, answers, strict=True):
                    self._others[client_id] = total - self._told[client_id]
        return True

    def _ring(self) -> None:
        """Call the thread of this process; its first request makes it, as a server forks after it has loaded us."""
        if not self._news.is_set():
            self._news.set()
        if self._process != os.getpid():
            with self._lock:
                is_first, self._process = self._process != os.getpid(), os.getpid()
            if is_first:
                threading.Thread(target=self._work, name="api-rate", daemon=True).start()

    def _work(self) -> None:
        rest = threading.Event()
        while True:
            self._news.wait()
            self._news.clear()
            rest.wait(EXCHANGE_SECONDS if self.exchange() else PAUSE_SECONDS)

    def _store(self) -> redis.Redis:
        return _store(self._url, os.getpid())


@cache
def _store(url: str, process: int) -> redis.Redis:
    """The line of one process: a fork never speaks on its parent's."""
    return redis.Redis.from_url(url, socket_timeout=LINE_SECONDS, socket_connect_timeout=LINE_SECONDS)


def store_url(broker: str) -> str:
    """The broker's address as the client library writes it; "" for a broker that is no single Redis."""
    if broker.startswith("redis+socket://"):
        return "unix://" + broker.removeprefix("redis+socket://").replace("virtual_host=", "db=")
    return broker if broker.startswith(("redis://", "rediss://", "unix://")) else ""


requests = SharedCount(store_url(settings.CELERY_BROKER_URL) if settings.COUNT_REQUESTS_TOGETHER else "")
