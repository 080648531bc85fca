"""Where a reader stands: a snapshot cursor (decisions 25, mechanisms B).

A round goes from the snapshot before it to the one it began with: every transaction that became visible in between,
in the order (xid, seq), however late it committed and whoever else is writing. The cursor is sealed: its parts are
ours to change.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import zlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.feed.types import Reader
from crm.core.pages import BadCursor

KEPT = timedelta(days=180)
LONGEST = 4000
VERSION = 1
LAST = 2**63 - 1
_SEAL = 12
_SNAPSHOT = re.compile(r"\d{1,20}:\d{1,20}:(\d{1,20}(,\d{1,20})*)?")
_NOW = "SELECT pg_current_snapshot()::text, extract(epoch FROM now())::bigint"
_CLUSTER = "SELECT system_identifier FROM pg_control_system()"
_clusters: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
"""Connection of the driver → the cluster it leads to: that is read from a file, and costs as much as the rest."""


class CursorGone(DomainError):
    """410: what the cursor stands on is no longer there, or no longer what the caller may see."""

    code = "cursor_gone"
    message = _("This cursor can no longer be continued.")
    status = 410

    @classmethod
    def because(cls, reason: Any) -> CursorGone:
        """With the reason and the way on."""
        return cls(f"{reason} {gettext('Read the lists again and go on from their changes_cursor.')}")


@dataclass(frozen=True)
class Moment:
    """The database now: what is visible, the time, and which cluster it is."""

    snapshot: str
    at: int
    epoch: int


@dataclass(frozen=True)
class Cursor:
    """`before` is where the last round ended; inside a round also `until`, and the last (xid, seq) that was handed out.

    While the children of moved customers are told: from which place the page began (`from_xid`, `from_seq`), and the
    type and the last id of the child (`kind`, `child`).
    """

    epoch: int
    sight: str
    before: str
    before_at: int
    until: str = ""
    until_at: int = 0
    xid: int = 0
    seq: int = 0
    from_xid: int = 0
    from_seq: int = 0
    kind: str = ""
    child: int = 0

    def begun(self, now: Moment) -> Cursor:
        """Inside a round: the one that is under way, or a new one up to now."""
        if self.until:
            return self
        return replace(self, until=now.snapshot, until_at=now.at, xid=xmin(self.before) - 1, seq=LAST)

    def ended(self) -> Cursor:
        """The round is over: the next one begins where it ended."""
        return Cursor(self.epoch, self.sight, self.until, self.until_at)

    def passed(self, xid: int, seq: int) -> Cursor:
        """Further in the round."""
        return replace(self, xid=xid, seq=seq, from_xid=0, from_seq=0, kind="", child=0)

    def __str__(self) -> str:
        parts = [self.epoch, self.sight, self.before, self.before_at]
        if self.until:
            parts += [self.until, self.until_at, self.xid, self.seq]
        if self.kind:
            parts += [self.from_xid, self.from_seq, self.kind, self.child]
        packer = zlib.compressobj(6, zlib.DEFLATED, 10, 4)  # a few hundred bytes need no quarter of a megabyte
        packed = packer.compress(json.dumps(parts, separators=(",", ":")).encode()) + packer.flush()
        body = bytes([VERSION]) + packed
        return base64.urlsafe_b64encode(body + _seal(body, settings.SECRET_KEY)).decode().rstrip("=")


def xmin(snapshot: str) -> int:
    """The oldest transaction that was still running."""
    return int(snapshot.partition(":")[0])


def _seal(body: bytes, key: str) -> bytes:
    return hmac.digest(b"crm.feed.cursor" + key.encode(), body, hashlib.sha256)[:_SEAL]


def present() -> Moment:
    """The database now."""
    with connection.cursor() as db:
        epoch = _clusters.get(db.db.connection)
        if epoch is None:
            # Past Django's log: what a page asks does not depend on whether the connection is new.
            db.cursor.execute(_CLUSTER)
            epoch = _clusters[db.db.connection] = int(db.cursor.fetchone()[0])
        db.execute(_NOW)
        snapshot, at = db.fetchone()
        return Moment(snapshot, at, epoch)


def new_cursor(reader: Reader) -> str:
    """A cursor from now on: taken before a list is read, nothing falls between the two."""
    now = present()
    return str(Cursor(now.epoch, reader.fingerprint, now.snapshot, now.at))


def parse(text: str) -> Cursor:
    """The cursor behind its text; anything that is not ours is a 400."""
    try:
        if len(text) > LONGEST or not text.isascii():
            raise ValueError(text)
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        body, seal = raw[:-_SEAL], raw[-_SEAL:]
        keys: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
        if body[:1] != bytes([VERSION]) or not any(hmac.compare_digest(seal, _seal(body, key)) for key in keys):
            raise ValueError(text)
        cursor = Cursor(*json.loads(zlib.decompress(body[1:])))
        if not all(_SNAPSHOT.fullmatch(part) for part in (cursor.before, cursor.until or cursor.before)):
            raise ValueError(text)
    except (ValueError, TypeError, zlib.error, binascii.Error) as fault:
        raise BadCursor(gettext("This cursor is not one of ours.")) from fault
    return cursor


def read_cursor(text: str, reader: Reader, now: Moment) -> Cursor:
    """The cursor, if it can be gone on from: 400 when it is not ours, 410 when it leads nowhere any more."""
    cursor = parse(text)
    if cursor.epoch != now.epoch or xmin(cursor.before) > _xmax(now.snapshot):
        raise CursorGone.because(gettext("The database was set up anew since."))
    if cursor.before_at < now.at - int(KEPT.total_seconds()):
        raise CursorGone.because(gettext("Changes are kept for 180 days."))
    if cursor.sight != reader.fingerprint:
        raise CursorGone.because(gettext("What you may see has changed since."))
    return cursor


def _xmax(snapshot: str) -> int:
    return int(snapshot.split(":")[1])
