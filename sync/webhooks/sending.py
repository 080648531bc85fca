"""One POST to a receiver: to the address that was checked, within ten seconds, without redirects (sync-api).

Python's own HTTP client with its `connect` replaced: the name is resolved once, and the connection goes to that very
address, with the name for TLS and `Host`. Proxies and cookies of the environment play no part.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from sync.webhooks.addresses import Refused, Resolver, Target, addresses_of, target_of

SECONDS = 10.0
CONNECT_SECONDS = 5.0
MOST_BYTES = 64 * 1024
KEPT_CHARACTERS = 200
LONGEST_WAIT = 24 * 3600
_DIGITS = re.compile(r"\d(?:[ -]?\d){6,}")
_SECRETS = re.compile(r"(?:whsec_|crm_)[\w+/=-]{8,}|(?i:bearer)\s+[\w.~+/=-]{8,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or why there is none."""

    status: int | None
    milliseconds: int
    error: str = ""
    text: str = ""
    wait: int = 0
    """Seconds the receiver asked to be left in peace."""

    @property
    def is_taken(self) -> bool:
        """Any 2xx: the message has arrived."""
        return self.status is not None and 200 <= self.status < 300


class _Watch:
    """Ends a connection when its time is over, however slowly its bytes drip."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def over(self, line: socket.socket) -> None:
        """A second handle on the same connection, which TLS does not take away."""
        self._line = line.dup()
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """The call has ended by itself."""
        self._timer.cancel()
        if self._line is not None:
            self._line.close()


def _pinned(target: Target, addresses: list[str], watch: _Watch) -> http.client.HTTPConnection:
    """A connection that goes to the checked addresses, whatever the name says now."""

    def connect() -> socket.socket:
        fault: OSError | None = None
        for address in addresses[:3]:
            if watch.is_over:
                break
            try:
                return socket.create_connection((address, target.port), timeout=CONNECT_SECONDS)
            except OSError as failure:
                fault = failure
        raise fault or TimeoutError

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = connect()
            watch.over(self.sock)
            self.sock.settimeout(SECONDS)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            line = connect()
            watch.over(line)
            line.settimeout(SECONDS)
            self.sock = tls().wrap_socket(line, server_hostname=target.host)

    kind = Secure if target.scheme == "https" else Plain
    return kind(target.host, target.port)


@cache
def tls() -> ssl.SSLContext:
    """Certificates are checked; a file of one's own authority can be named in the settings."""
    context = ssl.create_default_context()
    if settings.WEBHOOK_CA_FILE:
        context.load_verify_locations(settings.WEBHOOK_CA_FILE)
    return context


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolve: Resolver = socket.getaddrinfo,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """Send one message; every way this can go wrong is an answer, none is an exception."""
    began = clock()

    def taking(status: int | None, error: str = "", text: str = "", wait: int = 0) -> Answer:
        return Answer(status, int((clock() - began) * 1000), error, text, wait)

    watch = _Watch(seconds)
    try:
        target = target_of(url)
        connection = _pinned(target, addresses_of(target, resolve), watch)
        try:
            connection.request("POST", target.path, body=body, headers={"User-Agent": "crm-webhooks/1", **headers})
            response = connection.getresponse()
            error = "redirect" if 300 <= response.status < 400 else ""
            wait = _seconds(response.headers.get("Retry-After", ""))
            text = response.read(MOST_BYTES)
        finally:
            connection.close()
    except Refused as fault:
        return taking(None, fault.code)
    except ssl.SSLError:
        return taking(None, "timeout" if watch.is_over else "tls")
    except TimeoutError:
        return taking(None, "timeout")
    except (OSError, http.client.HTTPException, ValueError) as fault:
        is_refused = isinstance(fault, ConnectionRefusedError)
        return taking(None, "timeout" if watch.is_over else "refused" if is_refused else "broken")
    finally:
        watch.close()
    if watch.is_over:
        return taking(None, "timeout")
    return taking(response.status, error, masked(text), wait)


def masked(raw: bytes) -> str:
    """The beginning of an answer, without long numbers and secrets."""
    text = _CONTROL.sub(" ", raw[: 4 * KEPT_CHARACTERS].decode("utf-8", "replace")).strip()
    text = _SECRETS.sub("***", text)
    return _DIGITS.sub(lambda found: found[0][:3] + "****", text)[:KEPT_CHARACTERS]


def _seconds(text: str) -> int:
    return min(int(text), LONGEST_WAIT) if text.isascii() and text.isdigit() and len(text) < 8 else 0
