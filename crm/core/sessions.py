"""Sessions in PostgreSQL, read together with their user in one statement (mechanisms, finding 4; SEC-4).

A session ends 12 hours after sign-in whatever happens, and with the account. Its screen locks after 30 idle minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from crm.core.db import first_read
from crm.core.models import Session, User

SEEN_EVERY = timedelta(seconds=60)


@lru_cache(maxsize=1)
def _read() -> tuple[str, list[str]]:
    """The one statement and the user's field names, in the order of the statement."""
    fields = User._meta.concrete_fields
    columns = ", ".join(f'u."{field.column}"' for field in fields)
    statement = (
        "SELECT s.session_data, s.expire_date, s.started_at, s.seen_at, s.locked_at, "
        f"{columns} FROM core_session s LEFT JOIN core_user u ON u.id = s.user_id"
        " WHERE s.session_key = %s AND s.expire_date > %s"
    )
    return statement, [field.attname for field in fields]


class SessionStore(SessionBase):
    """The session of one browser; `user` is who the row says it belongs to."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.user: User | None = None
        self.expires_at: datetime | None = None
        self.started_at: datetime | None = None
        self.seen_at: datetime | None = None
        self.locked_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table, for `clearsessions` and the like."""
        return Session

    def load(self) -> dict[str, Any]:
        """Read session and user; an unknown or ended session is an empty one with no key."""
        statement, names = _read()
        row = first_read(statement, [self.session_key, timezone.now()], ("text", "timestamptz"))
        if row is None:
            self._session_key = None
            return {}
        data, self.expires_at, self.started_at, self.seen_at, self.locked_at = row[:5]
        if row[5] is not None:
            self.user = User.from_db(connection.alias, names, row[5:])
        return self.decode(data)

    def exists(self, session_key: str | None) -> bool:
        """Whether the key is taken."""
        return Session.objects.filter(session_key=session_key).exists()

    def create(self) -> None:
        """A new row under a new key; its 12 hours start now."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Store what the session holds; times of life and lock are kept by their own statements."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user_id = data.get(SESSION_KEY)
        if not must_create:
            changed = Session.objects.filter(session_key=self.session_key).update(
                session_data=self.encode(data), user_id=user_id
            )
            if not changed:
                raise UpdateError
            return
        now = timezone.now()
        self.started_at, self.seen_at, self.locked_at = now, now, None
        self.expires_at = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        try:
            with transaction.atomic():
                Session.objects.create(
                    session_key=self.session_key,
                    session_data=self.encode(data),
                    expire_date=self.expires_at,
                    user_id=user_id,
                    started_at=now,
                    seen_at=now,
                )
        except IntegrityError as taken:
            raise CreateError from taken

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or the one named."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the rows of ended sessions."""
        Session.objects.filter(expire_date__lt=timezone.now()).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until the fixed end; saving does not move it (safety 12: 12 h total)."""
        if self.expires_at is None:
            return int(settings.SESSION_COOKIE_AGE)
        return max(0, int((self.expires_at - timezone.now()).total_seconds()))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The fixed end."""
        return self.expires_at or timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    # --- idle and locked

    def is_locked(self, now: datetime, idle: timedelta) -> bool:
        """Whether the screen is locked: somebody locked it, or nobody has touched it for too long."""
        return self.locked_at is not None or (self.seen_at is not None and now - self.seen_at > idle)

    def touch(self, now: datetime) -> None:
        """A sign of life; written once a minute at most."""
        if self.seen_at is not None and now - self.seen_at > SEEN_EVERY:
            Session.objects.filter(session_key=self.session_key, locked_at=None).update(seen_at=now)
            self.seen_at = now

    def lock(self, now: datetime) -> None:
        """Cover the screen until the password is given again."""
        if self.locked_at is None:
            Session.objects.filter(session_key=self.session_key).update(locked_at=now)
            self.locked_at = now

    def unlock(self, now: datetime) -> None:
        """The password was right."""
        Session.objects.filter(session_key=self.session_key).update(locked_at=None, seen_at=now)
        self.locked_at, self.seen_at = None, now


def end_sessions(user_ids: Iterable[int], *, except_key: str | None = None) -> int:
    """End every session of these people (disabled, new password); the very next request is signed out."""
    rows = Session.objects.filter(user_id__in=list(user_ids))
    if except_key is not None:
        rows = rows.exclude(session_key=except_key)
    return rows.delete()[0]
