"""Checks what the CRM calls back with (Standard Webhooks)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOLERANCE_SECONDS = 300


class BadSignature(Exception):
    """Not from the CRM, altered on the way, or too old: answer 400 and forget it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One call: `id` is the same when it comes again, so remember it."""

    id: str
    sent_at: int
    body: dict[str, Any]


class WebhookVerifier:
    """Verifies with one secret, or with several while they are being changed.

    >>> WebhookVerifier(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).sign("msg_1", 1614265330, b"{}")[:3]
    'v1,'
    """

    def __init__(self, secrets: Sequence[str], *, clock: Callable[[], float] = time.time) -> None:
        if not secrets:
            raise ValueError("at least one secret is needed")
        self._keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> Event:
        """The event in a call, or `BadSignature`."""
        given = {name.lower(): value for name, value in headers.items()}
        try:
            event_id, stamp, signed = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
            sent_at = int(stamp)
        except (KeyError, ValueError) as fault:
            raise BadSignature("the three headers of the webhook are missing or malformed") from fault
        if abs(self._clock() - sent_at) > TOLERANCE_SECONDS:
            raise BadSignature("the call is older than five minutes")
        if not self._is_signed(event_id, sent_at, body, signed):
            raise BadSignature("the signature does not fit")
        try:
            return Event(event_id, sent_at, json.loads(body))
        except ValueError as fault:
            raise BadSignature("the body is no JSON") from fault

    def sign(self, event_id: str, sent_at: int, body: bytes) -> str:
        """The signature of a call with the first secret; for tests of one's own receiver."""
        return "v1," + base64.b64encode(_digest(self._keys[0], event_id, sent_at, body)).decode()

    def _is_signed(self, event_id: str, sent_at: int, body: bytes, signed: str) -> bool:
        wanted = [_digest(key, event_id, sent_at, body) for key in self._keys]
        for part in signed.split(" "):
            version, _comma, text = part.partition(",")
            if version != "v1":
                continue
            try:
                given = base64.b64decode(text, validate=True)
            except binascii.Error:
                continue
            if any(hmac.compare_digest(given, digest) for digest in wanted):
                return True
        return False


def _digest(key: bytes, event_id: str, sent_at: int, body: bytes) -> bytes:
    return hmac.new(key, f"{event_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
