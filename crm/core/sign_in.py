"""Signing in resists guessing (decisions 18): every attempt queues for its account's and its address's row.

An attempt is counted before it is evaluated, so fifty at once are no more than ten; a right one takes its count back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from crm.core import access_log
from crm.core.db import replace_dead_connection, write
from crm.core.models import SignInLock, User
from crm.core.parameters import value
from crm.core.sessions import end_sessions

CODE_LIFE = timedelta(minutes=5)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class TooManyAttempts(Exception):
    """This account or address is locked for a while."""


def _digest(subject: str) -> str:
    return salted_hmac("crm.sign_in", subject.strip().lower(), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Attempt:
    """One attempt that has been counted and may now be evaluated."""

    subjects: tuple[tuple[str, str], ...]
    is_last: bool

    def succeeded(self) -> None:
        """The account starts anew; the address only gets this one attempt back."""
        with transaction.atomic():
            for row in _lock_rows(self.subjects):
                if row.kind == SignInLock.Kind.ACCOUNT:
                    row.failures = 0
                else:
                    row.failures = max(0, row.failures - 1)
                row.locked_until = None
                row.save(update_fields=["failures", "locked_until"])


def begin(name: str, ip: str | None, *, now: datetime) -> Attempt:
    """Count an attempt for this name and address, or refuse it; unknown names are counted like known ones."""
    subjects = [(SignInLock.Kind.ACCOUNT.value, _digest(name))]
    if ip:
        subjects.append((SignInLock.Kind.ADDRESS.value, _digest(ip)))
    limits = {
        SignInLock.Kind.ACCOUNT.value: int(value("sign_in_tries")),
        SignInLock.Kind.ADDRESS.value: int(value("sign_in_tries_address")),
    }
    pause = timedelta(minutes=value("sign_in_lock_minutes"))
    keys = tuple(sorted(subjects))
    replace_dead_connection()
    _make_rows(keys, now)
    is_last = False
    with transaction.atomic():
        rows = _lock_rows(keys)
        for row in rows:
            if row.locked_until is not None and row.locked_until > now:
                raise TooManyAttempts
            if row.failed_at < now - pause or row.locked_until is not None:
                row.failures, row.locked_until = 0, None
        for row in rows:
            row.failures += 1
            row.failed_at = now
            if row.failures >= limits[row.kind]:
                row.locked_until = now + pause
                is_last = True
            row.save(update_fields=["failures", "failed_at", "locked_until"])
    return Attempt(keys, is_last)


def _make_rows(keys: tuple[tuple[str, str], ...], now: datetime) -> None:
    with connection.cursor() as cursor:
        for kind, subject in keys:
            cursor.execute(
                "INSERT INTO core_signinlock (kind, subject, failures, failed_at) VALUES (%s, %s, 0, %s)"
                " ON CONFLICT DO NOTHING",
                [kind, subject, now],
            )


def _lock_rows(keys: tuple[tuple[str, str], ...]) -> list[SignInLock]:
    """The rows, always locked in the same order, so that two attempts never wait for each other."""
    found: list[SignInLock] = []
    for kind, subject in keys:
        found += SignInLock.objects.select_for_update().filter(kind=kind, subject=subject)
    return found


def log_failure(name: str, attempt: Attempt | None, *, now: datetime) -> None:
    """A wrong or refused sign-in leaves its row; the name only when somebody really has it."""
    user = User.objects.filter(username__iexact=name.strip()).first()
    locked = attempt is None or attempt.is_last
    access_log.record("locked" if locked else "sign_in_failed", user, at=now)


def first_use(user_id: int, code: str, *, now: datetime) -> bool:
    """Whether a one-time code is used for the first time, across all processes (scorecard 11: TOTP once)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_signinlock AS l (kind, subject, failures, failed_at) VALUES ('code', %s, 0, %s)"
            " ON CONFLICT (kind, subject) DO UPDATE SET failed_at = EXCLUDED.failed_at"
            " WHERE l.failed_at < %s RETURNING 1",
            [_digest(f"{user_id} {code}"), now, now - CODE_LIFE],
        )
        return cursor.fetchone() is not None


def unlock_account(username: str) -> None:
    """A director lets somebody try again at once."""
    SignInLock.objects.filter(kind=SignInLock.Kind.ACCOUNT, subject=_digest(username)).delete()


def forget_old_locks(*, now: datetime) -> int:
    """Remove rows nobody has touched for a day (a step of the night)."""
    return SignInLock.objects.filter(failed_at__lt=now - timedelta(days=1)).delete()[0]


def give_temporary_password(user: User, *, by: User | None) -> str:
    """A new password to tell the person once; he must change it at sign-in. Ends his sessions."""
    raw = "-".join("".join(secrets.choice(_LETTERS) for __ in range(4)) for __ in range(3))
    user.set_password(raw)
    user.must_change_password = True
    with write(by=by):
        user.save(update_fields=["password", "must_change_password"])
        end_sessions([user.pk])
    unlock_account(user.username)
    return raw


def set_active(user: User, is_active: bool, *, by: User | None) -> None:
    """Disable or enable an account; disabling ends its sessions, so that the next request is signed out."""
    user.is_active = is_active
    with write(by=by):
        user.save(update_fields=["is_active"])
        if not is_active:
            end_sessions([user.pk])
