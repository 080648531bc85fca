"""The only way to open a transaction that writes: atomic, and named for the change log (SEC-23).

`with write(by=user):` in actions, `with write(label="system:open_duties"):` in sweeps. The names are set for the
transaction only (`set_config(…, true)`), so a pooled connection never carries one person's name to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg2.extensions import UNICODE, new_type, register_type  # type: ignore[import-untyped]

from crm.core.prepared import run

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.backends.utils import CursorWrapper

    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a write comes from: the request and who made it."""

    user_id: int | None = None
    request_id: str = ""
    ip: str | None = None
    label: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("crm_origin", default=NOWHERE)
_named: ContextVar[bool] = ContextVar("crm_named", default=False)

_SET = (
    "SELECT set_config('crm.actor', %s, true), set_config('crm.label', %s, true),"
    " set_config('crm.request', %s, true), set_config('crm.ip', %s, true)"
)


def origin() -> Origin:
    """The request being served, or nothing outside one."""
    return _origin.get()


@contextmanager
def originating(new: Origin) -> Iterator[None]:
    """Everything inside comes from this request or job."""
    token = _origin.set(new)
    try:
        yield
    finally:
        _origin.reset(token)


def first_read(statement: str, params: Sequence[Any], types: Sequence[str]) -> tuple[Any, ...] | None:
    """One row, by the first statement of a request; a connection that died since the last request is replaced, once.

    It stands in for Django's health check, which asks the database one more question at every request. The statement
    is planned once per connection (`crm.core.prepared`); `types` are those of its marks.
    """
    try:
        return _one_row(statement, params, types)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _one_row(statement, params, types)


def _one_row(statement: str, params: Sequence[Any], types: Sequence[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        run(cursor, statement, params, types)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


_AS_WRITTEN = new_type((1082, 1184, 1700), "CRM_AS_WRITTEN", UNICODE)
"""date, timestamptz, numeric"""


def leave_text(cursor: CursorWrapper) -> None:
    """This cursor gives dates, moments and amounts as PostgreSQL writes them: nothing is made that JSON unmakes."""
    register_type(_AS_WRITTEN, cursor.cursor)


def rfc_3339(moment: str | None) -> str | None:
    """A moment as PostgreSQL writes it ("2026-03-31 08:00:00+00"), as machines read it."""
    if moment is None:
        return None
    found = moment.replace(" ", "T", 1)
    return found + ":00" if moment[-3] in "+-" else found


def replace_dead_connection() -> None:
    """For the few doors that open without reading a session first (signing in)."""
    if not connection.in_atomic_block and connection.connection is not None and not connection.is_usable():
        connection.close()


@contextmanager
def write(*, by: User | AnonymousUser | None = None, label: str = "") -> Iterator[None]:
    """Open a transaction whose changes are logged under this person or label; the outermost one names it."""
    with transaction.atomic():
        if _named.get() and connection.in_atomic_block:
            yield
            return
        came_from = origin()
        actor = by.pk if by is not None and by.pk is not None else (None if label else came_from.user_id)
        with connection.cursor() as cursor:
            named = ["" if actor is None else str(actor), label or came_from.label, came_from.request_id]
            run(cursor, _SET, [*named, came_from.ip or ""], ("text", "text", "text", "text"))
        token = _named.set(True)
        try:
            yield
        finally:
            _named.reset(token)
