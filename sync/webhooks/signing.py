"""Signatures by the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, one per valid secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE = timedelta(minutes=5)


def new_secret() -> str:
    """A secret as the receiver keeps it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """One signature, with its version.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...     b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(raw, f"{key}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(secret_list: Iterable[str], key: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message; while a secret is being changed there are two signatures."""
    timestamp = int(now.timestamp())
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, key, timestamp, body) for secret in secret_list),
    }


def is_genuine(secret: str, sent: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """What a receiver does: whether the message is from us, untouched, and not an old one sent again."""
    try:
        timestamp = int(sent["webhook-timestamp"])
        wanted = signature(secret, sent["webhook-id"], timestamp, body)
    except (KeyError, ValueError, binascii.Error):
        return False
    if abs(now.timestamp() - timestamp) > TOLERANCE.total_seconds():
        return False
    given = sent.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)
