"""API clients and their tokens: named, scoped to a subtree, shown once, stored as a digest (sync-api, decisions 17)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from crm.core.models import User
from crm.core.text import clean_text
from sync.choices import TokenScope
from sync.models import Client, Token

TOKEN_PREFIX = "crm_"  # noqa: S105 - what tokens begin with
LONGEST_LIFE_DAYS = 730
SLUG = re.compile(r"[a-z][a-z0-9_-]{1,38}\Z")


@dataclass(frozen=True)
class IssuedToken:
    """A new token; `secret` is shown to the person once and never stored."""

    token_id: int
    secret: str


def digest_of(secret: str) -> str:
    """The stored form of a token: SHA-256 (tokens are random, so a slow hash adds nothing)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_client(*, name: str, unit_id: int, source: str = "", by: User, now: datetime) -> Client:
    """Create a client with its service user.

    Raises `Invalid` for a name that is no short word (`billing`), `Conflict` when the name is taken.
    """
    name = clean_text(name, field="name", max_length=39).lower()
    source = clean_text(source or name, field="source", max_length=39).lower()
    for field, value in (("name", name), ("source", source)):
        if not SLUG.match(value):
            raise Invalid(_("Use 2 to 39 small letters, digits, - or _, beginning with a letter."), field=field)
    with write(by=by):
        if Client.unscoped.filter(name=name).exists():
            raise Conflict(_("There is a client of this name already."), field="name", code="taken")
        user = User.objects.create_user(f"api:{name}", name=name, is_service=True)
        return Client.unscoped.create(name=name, user=user, unit_id=unit_id, source=source, owner=by, created_at=now)


def issue_token(*, client: Client, scopes: Iterable[str], days: int, by: User, now: datetime) -> IssuedToken:
    """Issue a token for `days` days (1–730) with these scopes.

    Raises `Invalid` for no scope, an unknown scope, or a life out of bounds, `Conflict` for a closed client.
    A client cannot call this: pages only.
    """
    if not client.is_active:
        raise Conflict(_("This client is closed."), code="closed")
    wanted = list(dict.fromkeys(scopes))
    unknown = [scope for scope in wanted if scope not in TokenScope.values]
    if not wanted or unknown:
        raise Invalid(_("Choose at least one scope."), field="scopes", code="unknown_scope")
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        raise Invalid(_("A token lives between 1 and %(most)d days."), field="days", params={"most": LONGEST_LIFE_DAYS})
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with write(by=by):
        token = Token.unscoped.create(
            client=client, digest=digest_of(secret), prefix=secret[:12], scopes=wanted,
            created_by=by, created_at=now, expires_at=now + timedelta(days=days),
        )  # fmt: skip
    return IssuedToken(token.pk, secret)


def revoke_token(*, token: Token, by: User, now: datetime) -> None:
    """End a token at once; doing it twice changes nothing."""
    with write(by=by):
        Token.unscoped.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def deactivate_client(*, client: Client, by: User, now: datetime) -> None:
    """Close a client: all its tokens end and its service user is disabled."""
    with write(by=by):
        Token.unscoped.filter(client=client, revoked_at=None).update(revoked_at=now)
        User.objects.filter(pk=client.user_id).update(is_active=False)
        Client.unscoped.filter(pk=client.pk).update(is_active=False)


MOST_REQUESTS, MOST_ROWS = 6000, 1000


def set_limits(*, client: Client, requests_per_minute: int, rows_per_call: int, by: User) -> None:
    """How much a client may ask for: requests a minute, rows a call (sync-api "Limits", "Lanes")."""
    for field, value, most in (
        ("requests_per_minute", requests_per_minute, MOST_REQUESTS),
        ("rows_per_call", rows_per_call, MOST_ROWS),
    ):
        if not 1 <= value <= most:
            raise Invalid(_("Between 1 and %(most)d."), field=field, params={"most": most})
    with write(by=by):
        Client.unscoped.filter(pk=client.pk).update(
            requests_per_minute=requests_per_minute, rows_per_call=rows_per_call
        )


OVERLAP = timedelta(days=7)
"""So long the old token stays good after a new one was issued in its place."""


def rotate_token(*, token: Token, by: User, now: datetime) -> IssuedToken:
    """A new token in the place of one: the same scopes, as long a life; the old one ends in a week."""
    if token.revoked_at is not None or token.expires_at <= now:
        raise Conflict(_("This token has ended."), code="ended")
    days = max(1, min((token.expires_at - token.created_at).days, LONGEST_LIFE_DAYS))
    with write(by=by):
        issued = issue_token(client=token.client, scopes=token.scopes, days=days, by=by, now=now)
        Token.unscoped.filter(pk=token.pk).update(expires_at=min(token.expires_at, now + OVERLAP))
    return issued
