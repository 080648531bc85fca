"""Pages by key, never by OFFSET: an opaque cursor holds the sort values of the last row (design §6)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

Parser = Callable[[Any], Any]
CAP = 10_000


def encode(values: Sequence[Any]) -> str:
    """The cursor behind a row with these sort values; JSON in URL-safe base64, readable by nobody but us."""
    text = orjson.dumps([str(value) if isinstance(value, Decimal) else value for value in values])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def decode(cursor: str, parsers: Sequence[Parser], *, field: str = "cursor") -> tuple[Any, ...]:
    """The sort values of a cursor, each through its parser. Raises `Invalid` (`invalid_cursor`) for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != len(parsers):
            raise ValueError(cursor)
        return tuple(parse(value) for parse, value in zip(parsers, values, strict=True))
    except (ValueError, TypeError, binascii.Error, UnicodeError, InvalidOperation) as error:
        raise Invalid(_("This page marker is not valid."), code="invalid_cursor", field=field) from error


def whole(value: Any) -> int:
    """A bigint of a cursor."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError(value)
    return value


def day(value: Any) -> date | None:
    """A date of a cursor; None stays None."""
    return None if value is None else date.fromisoformat(value)


def moment(value: Any) -> datetime:
    """A datetime of a cursor."""
    return datetime.fromisoformat(value)


def amount(value: Any) -> Decimal:
    """A number of a cursor; must be finite."""
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(value)
    return number


def text(value: Any) -> str:
    """A text of a cursor."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return value


def capped_count(sql: str, params: Sequence[Any], *, cap: int = CAP) -> tuple[int, bool]:
    """(rows of the query, whether the count stopped at the cap). `sql` is a whole SELECT written in queries.py."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (" + sql + " LIMIT %s) AS counted",
            [*params, cap + 1],
        )
        found = int(cursor.fetchone()[0])
    return min(found, cap), found > cap
