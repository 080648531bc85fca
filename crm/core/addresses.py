"""Filters that stand in the address of a list: read strictly, shown as chips, taken away one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.text import refuse_characters

NOT_KEPT = ("cursor", "part")
"""Where one was in a list: it means nothing any more when the list is another."""
COLUMNS = "cols"
"""Which columns a list shows (crm.core.listed): every list takes it, none filters by it."""


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    label: str
    remove_url: str


def unknown_value(name: str) -> Invalid:
    """400 for a filter with a value that does not exist."""
    return Invalid(_("The filter %(name)s has no such value."), code="unknown_value", field=name, params={"name": name})


def given_of(params: QueryDict, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What the address asks for, without empty values. Raises `Invalid` for a filter nobody knows (bad inputs 1, 7)."""
    for name in params:
        if name == COLUMNS:
            continue
        if name not in known:
            raise Invalid(
                _("There is no filter %(name)s."), code="unknown_parameter", field=name, params={"name": name[:30]}
            )
        raw = params.get(name, "")
        refuse_characters(raw, name)
        if raw:
            yield name, raw


def without(params: QueryDict, *dropped: str) -> str:
    """The address without some parameters, from the first page."""
    rest = params.copy()
    for name in (*dropped, *NOT_KEPT):
        rest.pop(name, None)
    return f"?{rest.urlencode()}" if rest else "?"


def with_values(params: QueryDict, **values: str) -> str:
    """The address with some parameters set, from the first page."""
    rest = params.copy()
    for gone in NOT_KEPT:
        rest.pop(gone, None)
    for name, value in values.items():
        rest[name] = value
    return f"?{rest.urlencode()}"
