"""Asking as anybody, with every trace undone afterwards, and what a call has written meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from crm.core.models import User
from tests.cast import PASSWORD
from tests.guards.route_table import ANONYMOUS, CAST, Cell, Row
from tests.guards.world import World

HOUSEKEEPING = frozenset({"core_session", "sync_token", "core_heartbeat"})
"""Signs of life, which a refused call may leave too."""

# What pg_stat_xact_user_tables shows, without its joins: it is asked twice with every request.
_WRITTEN = """
SELECT relname, inserted, changed FROM (
  SELECT relname, pg_stat_get_xact_tuples_inserted(oid) AS inserted,
    pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS changed
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace OFFSET 0
) x WHERE inserted + changed > 0
"""


def written() -> dict[str, tuple[int, int]]:
    """Table → rows inserted, rows changed, by this transaction so far; attempts that were rolled back count too."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return {name: (inserted, changed) for name, inserted, changed in cursor.fetchall()}


def difference(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """What was written between two counts."""
    found = {}
    for table, (inserted, changed) in after.items():
        was = before.get(table, (0, 0))
        if (inserted, changed) != was:
            found[table] = (inserted - was[0], changed - was[1])
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Answer:
    """What came back, with the tables it touched."""

    status: int
    text: str
    headers: Mapping[str, str]
    wrote: Mapping[str, tuple[int, int]]
    response: Any

    @property
    def business(self) -> dict[str, tuple[int, int]]:
        """What was written beside signs of life."""
        return {table: rows for table, rows in self.wrote.items() if table not in HOUSEKEEPING}


def sign_in(client: Client, user: User) -> None:
    """Signed in, and the password typed a moment ago, so that nothing asks for it again."""
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


class Callers:
    """A signed-in client for everybody; `ask` sends one request and undoes what it did."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._statements = 0
        self._seen: tuple[int, dict[str, tuple[int, int]]] = (-1, {})
        self.clients: dict[str, Client] = {ANONYMOUS: Client(raise_request_exception=False), **world.machines}
        for name in CAST:
            self.clients[name] = Client(raise_request_exception=False)
            sign_in(self.clients[name], world.cast.users[name])

    def ask(self, who: str, method: str, address: str, data: Any = None, **more: Any) -> Answer:
        """One request of one caller; the answer is read to its end before anything is undone."""
        client = self.clients[who]
        cookies = client.cookies.copy()
        with undone():
            # What the request before left is what this one finds, unless something was asked in between.
            count, before = self._seen
            if count != self._statements:
                before = written()
            response = client.generic(method, address, *_body(address, data), **more)
            text = _text(response)
            # After a fault of the database nothing can be asked before the savepoint is left.
            after = written() if response.status_code < 500 else before
        client.cookies = cookies
        wrote = difference(before, after)
        self._seen = (self._statements, after) if response.status_code < 500 else (-1, {})
        return Answer(response.status_code, text, response.headers, wrote, response)

    def count(self, execute: Any, *args: Any) -> Any:
        """Count the statements of this process, the requests' own among them."""
        self._statements += 1
        return execute(*args)

    def get(self, who: str, address: str, **more: Any) -> Answer:
        """A GET."""
        return self.ask(who, "GET", address, **more)


def _body(address: str, data: Any) -> tuple[Any, str]:
    """JSON for the API, a form for pages and for files."""
    has_file = isinstance(data, dict) and any(isinstance(value, UploadedFile) for value in data.values())
    if address.startswith("/api/") and not has_file:
        return ("" if data is None else json.dumps(data)), "application/json"
    return encode_multipart(BOUNDARY, data or {}), MULTIPART_CONTENT


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def doer(row: Row, cell: Cell) -> str:
    """Somebody who may do it; whoever comes when nobody needs to sign in."""
    if row.kind == "public":
        return ANONYMOUS
    fitting = [who for who in ("manager", "supervisor", "director", "teammate") if row.expected(cell, who) < 400]
    return fitting[0] if fitting else sorted(cell.may & cell.sees)[0]


def address_of(world: World, row: Row, side: str = "a") -> str:
    """The address of a route for one side's rows."""
    return reverse(row.name, args=world.args(row.args, side)) + row.query
