"""Lists: every list page says once what it is called, which columns it has, and how its rows leave the house.

An app declares its lists in `<app>/lists.py`, which settings.LIST_SOURCES names. From one declaration come the saved
views of the list, the choice of its columns (crm.core.list_views) and its rows in an export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    from crm.core.abilities import Access
    from crm.core.models import User

Text = str | Promise
MAX_ROWS = 100_000
"""No list hands out more than this, whoever asks."""


@dataclass(frozen=True)
class ListColumn:
    """A column of a list, on its page and in its files.

    `personal` is the class of personal data (P2, P3): masked unless a file was approved unmasked. `is_default`: shown
    and written without being asked for. `on_page`: the page's table has it; else it is only in files. `is_fixed`: the
    column that names the record, which nobody can take away. `when`: the name in the page's context without which the
    page does not draw the column at all.
    """

    key: str
    label: Text
    is_default: bool = True
    personal: str = ""
    is_number: bool = False
    on_page: bool = True
    is_fixed: bool = False
    when: str = ""


class Rows(Protocol):
    """The rows of a list for a file: the filters of its address, the columns asked for, in this order."""

    def __call__(
        self, user: User, query: Mapping[str, str], columns: Sequence[str], is_unmasked: bool
    ) -> Iterator[tuple[Any, ...]]:
        """One tuple per row, one value per column: texts, numbers, dates, moments or None; never more than asked."""


@dataclass(frozen=True)
class ListKind:
    """A list: its page, who may open it (one of the abilities is enough; none: whoever is signed in), columns, rows.

    `leads` names a context value with which the page has a column of ticks before all others. `own` are parameters of
    the address that are no filter and are never part of a saved view: the place in the list and the like.
    """

    key: str
    label: Text
    url_name: str
    ability: str | tuple[str, ...]
    columns: tuple[ListColumn, ...]
    rows: Rows | None = None
    leads: str = ""
    own: tuple[str, ...] = ("cursor", "before", "part", "after")

    @property
    def abilities(self) -> tuple[str, ...]:
        """The abilities of which one opens the list."""
        return (self.ability,) if isinstance(self.ability, str) else self.ability

    @property
    def url(self) -> str:
        """The page without any filter."""
        return reverse(self.url_name)

    @property
    def defaults(self) -> tuple[str, ...]:
        """The columns that are shown and written without being asked for."""
        return tuple(column.key for column in self.columns if column.is_default)

    @property
    def by_key(self) -> Mapping[str, ListColumn]:
        """The columns by their key."""
        return {column.key: column for column in self.columns}

    def is_open_to(self, access: Access) -> bool:
        """Whether somebody may see the list at all."""
        return not self.abilities or access.can_any(*self.abilities)

    def unknown(self, keys: Iterable[str]) -> list[str]:
        """What of these is no column of the list."""
        known = self.by_key
        return [key for key in keys if key not in known]

    def in_order(self, keys: Iterable[str]) -> tuple[str, ...]:
        """These columns in the order of the list, with those that nobody can take away."""
        wanted = set(keys)
        return tuple(column.key for column in self.columns if column.is_fixed or column.key in wanted)


_kinds: dict[str, ListKind] = {}


def register(kind: ListKind) -> ListKind:
    """Make a list known; called by an app's `lists.py`."""
    known = _kinds.get(kind.key)
    if known is not None and known.url_name != kind.url_name:
        raise ValueError(f"the list {kind.key} is declared twice")
    _kinds[kind.key] = kind
    return kind


@lru_cache(maxsize=1)
def _loaded() -> dict[str, ListKind]:
    for source in settings.LIST_SOURCES:
        import_module(source)
    return _kinds


def kinds() -> list[ListKind]:
    """Every list, in the order of the apps."""
    return list(_loaded().values())


def kind_of(key: str) -> ListKind | None:
    """The list with this key."""
    return _loaded().get(key)


# --- For those who write `rows`


def params_of(query: Mapping[str, str]) -> QueryDict:
    """A query as the readers of filters take it."""
    params = QueryDict(mutable=True)
    for name, value in query.items():
        params[name] = value
    return params


Page = tuple[Sequence[Any], str | None]


def page_by_page(read: Callable[[str], Page], most: int = MAX_ROWS) -> Iterator[Any]:
    """Rows of a list page after page: `read(cursor)` answers the rows and the next cursor, none at the end."""
    cursor, left = "", most
    while left > 0:
        rows, following = read(cursor)
        yield from rows[:left]
        left -= len(rows)
        if not following:
            return
        cursor = following


def cells(makers: Mapping[str, Callable[[Any], Any]], columns: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What turns a row into the values of these columns."""
    chosen = [makers[column] for column in columns]
    return lambda row: tuple(make(row) for make in chosen)
