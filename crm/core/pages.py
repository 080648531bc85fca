"""What pages share: own paths, rows rendered by Jinja2, keyset pages, capped counts, refusals on forms."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import QuerySet
from django.forms import BaseForm, Form
from django.http import HttpRequest
from django.template import engines
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, FieldProblem, Invalid

View = TypeVar("View", bound=Callable[..., Any])
COUNT_CAP = 10_000
MAX_CURSOR = 1000
Clause = tuple[str, list[Any]]
"""A condition and the values of its marks."""
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


def is_own_path(url: str | None) -> bool:
    """Whether a redirect target is a path of this site: no host, no scheme, no backslash, no control character."""
    if not url or not url.startswith("/") or url.startswith("//") or len(url) > 2000 or _CONTROL.search(url):
        return False
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def own_path(url: str | None, default: str = "/") -> str:
    """The target when it is ours, else the default."""
    return url if url is not None and is_own_path(url) else default


def came_from(request: HttpRequest, default: str = "/") -> str:
    """Where to go back to: the form's `next`, else the page htmx or the browser says it was on, if it is ours.

    A form that was sent from its own page goes to the default: there is nothing left to do on it.
    """
    given = request.POST.get("next") or request.GET.get("next")
    if given:
        return own_path(given, default)
    referrer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    host = request.get_host()
    for scheme in ("http", "https"):
        prefix = f"{scheme}://{host}/"
        if referrer.startswith(prefix):
            path = own_path("/" + referrer[len(prefix) :], default)
            return default if urlsplit(path).path == request.path else path
    return default


def background(view: View) -> View:
    """A view that a script polls: asking it is no sign of life of the person."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


def render_rows(template: str, context: Mapping[str, Any]) -> SafeString:
    """A fragment of a big table, rendered by Jinja2 with autoescape (decisions 35)."""
    return mark_safe(engines["rows"].get_template(template).render(dict(context)))  # noqa: S308 - autoescaped


# --- Refusals on forms


@contextmanager
def domain_errors(form: BaseForm) -> Iterator[None]:
    """Put what an action refuses beside the fields of the form; look at `form.errors` afterwards."""
    try:
        yield
    except DomainError as refusal:
        if refusal.status in (403, 404, 409):
            raise
        for problem in refusal.problems:
            add_problem(form, problem)


def form_problems(form: BaseForm, prefix: str = "") -> list[FieldProblem]:
    """Everything wrong in the shape of a form, as an action would name it."""
    return [
        FieldProblem(prefix + name, error.code or "invalid", message)
        for name, errors in form.errors.as_data().items()
        for error in errors
        for message in error.messages
    ]


def valid(form: Form) -> dict[str, Any]:
    """The cleaned values of a form without a page of its own; raises one `Invalid` with all problems."""
    if not form.is_valid():
        raise Invalid(errors=form_problems(form))
    return form.cleaned_data


def add_problem(form: BaseForm, problem: FieldProblem) -> None:
    """One problem, beside its field when the form has it."""
    name = problem.field.split(".")[0]
    form.add_error(name if name in form.fields else None, str(problem.message))


# --- Keyset pages


def place_of(request: HttpRequest) -> int | None:
    """`?before=`: where a list by id goes on; anything but a number is a damaged address (400)."""
    raw = request.GET.get("before", "")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise BadCursor(_("This page address is damaged. Please start again from the list."))
    return int(raw) if raw else None


class BadCursor(BadRequest):
    """The cursor is not one of ours: 400, never a page of something else."""

    code = "invalid_cursor"


_COMPACT = json.JSONEncoder(separators=(",", ":"))
_READERS: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}


def _encode(item: Any) -> Any:
    if isinstance(item, datetime):
        return {"t": item.isoformat()}
    if isinstance(item, date):
        return {"d": item.isoformat()}
    if isinstance(item, Decimal):
        return {"n": str(item)}
    return item


def _decode(item: Any) -> Any:
    if isinstance(item, dict) and len(item) == 1:
        ((kind, text),) = item.items()
        return _READERS[kind](text)
    if item is None or (isinstance(item, str | int | bool) and not (isinstance(item, str) and "\x00" in item)):
        return item
    raise ValueError(item)


def encode_cursor(values: Sequence[Any]) -> str:
    """The place after a row, as an opaque text for a URL."""
    text = _COMPACT.encode([_encode(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str, length: int, types: tuple[type, ...] = ()) -> tuple[Any, ...]:
    """The values of a cursor, of these types when given; anything odd is a 400."""
    try:
        if len(text) > MAX_CURSOR or not text.isascii():
            raise ValueError(text)
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != length:
            raise ValueError(text)
        decoded = tuple(_decode(value) for value in values)
        if any(isinstance(value, int) and abs(value) > 2**63 - 1 for value in decoded):
            raise ValueError(text)
        if types and tuple(type(value) for value in decoded) != types:
            raise ValueError(text)
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError, binascii.Error) as problem:
        raise BadCursor(_("This page address is damaged. Please start again from the list.")) from problem
    return decoded


@dataclass(frozen=True)
class Keyset:
    """An order whose last column is unique: ("-next_due_on", "id"); a leading minus is descending.

    All columns run in one direction for the row comparison `(a, b) > (%s, %s)`; mixed directions are spelt out.
    The names come from code, never from the request.
    """

    order: tuple[str, ...]
    limit: int = 50
    types: tuple[type, ...] = ()
    """Python types of the columns in a cursor; a value of another type is a damaged cursor."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns without their direction."""
        return tuple(name.lstrip("-") for name in self.order)

    @property
    def order_sql(self) -> str:
        """What follows ORDER BY."""
        return ", ".join(f"{name.lstrip('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in self.order)

    def where(self, cursor: str | None) -> tuple[str, list[Any]]:
        """The condition "after the cursor" and its parameters; TRUE at the beginning."""
        if not cursor:
            return "TRUE", []
        values = self.values(cursor)
        directions = {name.startswith("-") for name in self.order}
        if len(directions) == 1:
            sign = "<" if directions == {True} else ">"
            marks = ", ".join(["%s"] * len(values))
            return f"({', '.join(self.columns)}) {sign} ({marks})", list(values)
        parts: list[str] = []
        params: list[Any] = []
        for position, name in enumerate(self.order):
            equal = [f"{column} = %s" for column in self.columns[:position]]
            sign = "<" if name.startswith("-") else ">"
            parts.append("(" + " AND ".join([*equal, f"{self.columns[position]} {sign} %s"]) + ")")
            params += values[: position + 1]
        return f"({' OR '.join(parts)})", params

    def values(self, cursor: str) -> tuple[Any, ...]:
        """The sort values of a cursor, of the right types."""
        return decode_cursor(cursor, len(self.order), self.types)

    def page(self, rows: Sequence[Any], key: Callable[[Any], Sequence[Any]]) -> tuple[Sequence[Any], str | None]:
        """Of `limit + 1` rows read: those to show, and the cursor of the next page if there is one."""
        if len(rows) <= self.limit:
            return rows, None
        shown = rows[: self.limit]
        return shown, encode_cursor(key(shown[-1]))


def narrowed(clause: tuple[str, Sequence[Any]], known: Mapping[str, str], given: Mapping[str, Any]) -> Clause:
    """A scope's condition and the filters that were given, each with one mark for its value."""
    where, params = clause
    return " AND ".join([where, *(known[name] for name in given)]), [*params, *given.values()]


def rows_by_id(
    sql: str, key: str, clause: tuple[str, Sequence[Any]], *, cursor: str, limit: int, before: Sequence[Any] = ()
) -> tuple[list[tuple[Any, ...]], str | None]:
    """(rows after the cursor by their id, which is the first column; the cursor of the next page).

    `sql` is a SELECT of ours with a place for {where}, without an order; `before`: values of marks ahead of that place.
    """
    keyset = Keyset((key,), limit, (int,))
    where, params = clause
    after, place = keyset.where(cursor)
    with connection.cursor() as db:
        statement = sql.replace("{where}", f"{where} AND {after}")
        db.execute(f"{statement} ORDER BY {key} LIMIT %s", [*before, *params, *place, limit + 1])
        rows, following = keyset.page(db.fetchall(), lambda row: row[:1])
    return list(rows), following


@dataclass(frozen=True)
class Count:
    """A number of rows, or "more than so many"."""

    number: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.is_capped else f"{self.number:,}"


def capped_count(rows: QuerySet[Any] | str, params: Sequence[Any] = (), cap: int = COUNT_CAP) -> Count:
    """Count no further than `cap`: of a queryset, or of a SELECT with its parameters."""
    if isinstance(rows, QuerySet):
        number = rows.order_by()[: cap + 1].count()
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({rows} LIMIT %s) AS capped", [*params, cap + 1])
            number = cursor.fetchone()[0]
    return Count(min(number, cap), number > cap)
